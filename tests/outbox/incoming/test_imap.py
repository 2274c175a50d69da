"""Fetching mail from a box by IMAP: over a real connection to a small server."""

import subprocess

import pytest
from django.utils import timezone

from outbox.health import inbox as standing
from outbox.incoming import imap
from outbox.models import InboundMessage
from outbox.models.inbound import KEPT
from outbox.tasks import poll_inbox
from tests.outbox.incoming.imap import Box
from tests.outbox.samples import sample


@pytest.fixture
def box(settings, db):
    server = Box()
    settings.INBOX_URL = f"imap://portal:s%25crt%20word@127.0.0.1:{server.port}/INBOX"
    yield server
    server.close()


def kinds():
    return list(InboundMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_unread_mail_is_kept_understood_and_then_marked(box):
    box.messages = {5: sample("person"), 7: sample("away")}
    assert poll_inbox() == 2
    assert kinds() == ["person", "auto_reply"]
    assert box.seen == {5, 7}
    assert poll_inbox() == 0


def test_a_message_that_was_kept_but_not_marked_is_kept_once(box):
    box.messages = {5: sample("person")}
    poll_inbox()
    box.seen.clear()
    assert poll_inbox() == 0
    assert (kinds(), box.seen) == (["person"], {5})


def test_a_message_that_cannot_be_fetched_holds_up_no_other(box):
    box.messages, box.broken = {1: sample("away"), 2: sample("person")}, {1}
    assert poll_inbox() == 1
    assert (kinds(), box.seen) == (["person"], {2})


def test_of_a_big_message_only_the_beginning_travels(box):
    box.messages = {1: sample("person") + b"x" * 10_000_000}
    poll_inbox()
    message = InboundMessage.objects.get()
    assert len(message.raw) == KEPT
    assert message.size == len(box.messages[1])
    assert (message.kind, message.subject) == ("person", "Re: Kutsu")
    assert "9,5" in message.error


def test_nothing_happens_without_a_box(settings, db):
    settings.INBOX_URL = ""
    assert poll_inbox() == 0
    assert standing(timezone.now())["read_at"] is None


def test_a_refused_password_is_told_and_forgotten_when_it_works_again(box):
    box.refuse_login = True
    assert poll_inbox() == 0
    stands = standing(timezone.now())
    assert stands["lost_at"] is not None
    assert "wrong password" in stands["error"]
    box.refuse_login = False
    poll_inbox()
    stands = standing(timezone.now())
    assert (stands["lost_at"], stands["error"]) == (None, "")
    assert stands["read_at"] is not None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://portal:word@mail.example.org/INBOX", "imap+tls://"),
        ("nonsense", "imap+tls://"),
        ("imap+tls://portal:word@127.0.0.1:1/INBOX", "refused"),
    ],
)
def test_a_box_that_cannot_be_read_is_said_in_words(settings, db, url, words):
    settings.INBOX_URL = url
    assert imap.fetch_all() == 0
    assert words in standing(timezone.now())["error"]


def test_an_unknown_folder_is_said_in_words(box, settings):
    settings.INBOX_URL = settings.INBOX_URL.replace("INBOX", "Muu")
    poll_inbox()
    assert "Muu" in standing(timezone.now())["error"]


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(settings, db, tmp_path):
    certificate = tmp_path / "server.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*made, "-keyout", certificate, "-out", tmp_path / "c.pem"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    certificate.write_bytes(certificate.read_bytes() + (tmp_path / "c.pem").read_bytes())
    server = Box(certificate)
    server.messages = {1: sample("person")}
    settings.INBOX_URL = f"imap+tls://portal:word@127.0.0.1:{server.port}/INBOX"
    assert imap.fetch_all() == 0
    assert "certificate verify failed" in standing(timezone.now())["error"].lower()
    assert server.fetched == []
    server.close()
