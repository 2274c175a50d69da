"""The relay as it really answers: with and without encryption, sign-in, and a certificate that fits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.youthnet.doctor.conftest import free_port
from youthnet.doctor.smtp_relay import Relay, capabilities, examine


def examined(**more):
    return [(finding.verdict, finding.found) for finding in examine(Relay(**more), timezone.now())]


def wrong(**more):
    """The one thing that is wrong."""
    [found] = [found for verdict, found in examined(**more) if verdict == "WRONG"]
    return found


@pytest.fixture
def trusted(certificate, monkeypatch):
    """A certificate that this machine believes, as it believes those of well-known authorities."""

    def make(*args, **more):
        path = certificate(*args, **more)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        return path

    return make


def test_a_relay_in_order_has_nothing_to_mend_and_gets_no_letter(start, trusted):
    relay = start(certificate=trusted(), password=True, data_size_limit=20_000_000)
    found = examined(host="127.0.0.1", port=relay.port, user="portal", password="secret", starttls=True)
    assert [verdict for verdict, _found in found] == ["OK"] * 4
    assert "TLSv1" in found[1][1] and "PIPELINING" in found[2][1] and "SIZE" in found[2][1]
    assert relay.handler.letters == []


def test_a_certificate_nobody_vouches_for_ends_the_talk(start, certificate):
    relay = start(certificate=certificate(), password=True)
    said = examined(host="127.0.0.1", port=relay.port, user="portal", password="secret", starttls=True)
    assert [verdict for verdict, _found in said] == ["OK", "WRONG"]
    assert said[1][1] == "The certificate of 127.0.0.1 is not valid for it: self-signed certificate."


def test_a_certificate_of_another_name_is_wrong(start, trusted):
    relay = start(certificate=trusted("relay.example.org"))
    assert "certificate is not valid for '127.0.0.1'" in wrong(host="127.0.0.1", port=relay.port, starttls=True)


def test_a_certificate_that_ends_soon_is_told_of_and_one_that_has_ended_is_wrong(start, trusted):
    path = trusted(days=90)
    relay = start(certificate=path)
    there = Relay(host="127.0.0.1", port=relay.port, starttls=True)
    told = list(examine(there, timezone.now() + timedelta(days=80)))[1]
    assert (told.verdict, told.found) == ("LOOK", "The certificate of 127.0.0.1 ends in 9 days.")
    old = start(certificate=trusted(days=-0.5))
    assert "has expired" in wrong(host="127.0.0.1", port=old.port, starttls=True)


def test_a_wrong_password_is_wrong_with_the_relays_own_words(start, trusted):
    relay = start(certificate=trusted(), password=True)
    said = wrong(host="127.0.0.1", port=relay.port, user="portal", password="guess", starttls=True)
    assert said.startswith("The relay does not accept user and password (535 ")
    assert "guess" not in said


def test_sign_in_that_is_not_offered_is_wrong(start):
    relay = start()
    assert wrong(host="127.0.0.1", port=relay.port, user="portal", password="secret") == (
        "The relay does not let anybody sign in here."
    )


def test_encryption_that_is_asked_for_must_be_offered(start):
    relay = start()
    assert wrong(host="127.0.0.1", port=relay.port, starttls=True) == (
        f"The relay 127.0.0.1:{relay.port} does not offer STARTTLS."
    )


def test_encryption_that_is_offered_should_be_used(start, certificate):
    relay = start(certificate=certificate())
    found = examined(host="127.0.0.1", port=relay.port)
    assert ("LOOK", "The relay offers encryption and the portal does not use it.") in found
    assert [verdict for verdict, _found in found].count("WRONG") == 0


def test_tls_from_the_start_where_there_is_none_is_told_apart(start):
    relay = start()
    assert "does not speak TLS from the start" in wrong(host="127.0.0.1", port=relay.port, tls=True)


def test_a_relay_out_of_reach_is_told_in_words():
    port = free_port()
    assert examined(host="127.0.0.1", port=port) == [("WRONG", f"Nobody answers at 127.0.0.1:{port}.")]
    assert examined(host="relay.invalid", port=25) == [("WRONG", "The name relay.invalid is not known to the DNS.")]


def test_what_it_cannot_do_is_told_without_alarm():
    told = [(finding.verdict, finding.found) for finding in capabilities({"size": "50000", "8bitmime": ""})]
    assert [verdict for verdict, _found in told] == ["OK", "LOOK", "LOOK", "LOOK"]
    assert told[-1][1] == "It takes no letter over 50,000 bytes."
