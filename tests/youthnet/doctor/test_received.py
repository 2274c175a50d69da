"""Copies that arrived: really signed by dkimpy, then left alone, altered, signed by others or not at all."""

import dkim
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.youthnet.doctor.conftest import DOMAIN, Key
from youthnet.doctor import probe, received
from youthnet.doctor.dns import from_mapping

ALL = [b"From", b"To", b"Subject", b"Date", b"Message-ID"]
LISTS = [b"List-Unsubscribe", b"List-Unsubscribe-Post"]
RESULTS = (
    b"Authentication-Results: mx.example.org (a note); spf=pass smtp.mailfrom=x;\r\n dkim=pass (good) header.d=x; "
)


@pytest.fixture
def single(db, settings):
    settings.DEFAULT_FROM_EMAIL = f"verkosto@{DOMAIN}"
    return probe.probe("aino@example.org", timezone.now())


@pytest.fixture
def arrive(key):
    """arrive(raw, h=…, d=…) signs a letter as a relay does and puts on top what a receiver puts there."""

    def on(raw, h=ALL, d=DOMAIN, results=b"dmarc=pass", bounces=DOMAIN, pair=key):
        signature = dkim.sign(raw, b"s1", d.encode(), pair.pem, include_headers=h)
        stamp = RESULTS + results + b"\r\n" if results else b""
        return b"Return-Path: <bounces@" + bounces.encode() + b">\r\n" + stamp + signature + raw

    return on


def judged(raw, ask):
    return [(finding.verdict, finding.found) for finding in received.judge(raw, ask)]


def verdicts(raw, ask):
    return [verdict for verdict, _found in judged(raw, ask)]


def test_a_signed_copy_in_order(arrive, single, ask):
    assert judged(arrive(single), ask) == [
        ("OK", f"The DKIM signature of {DOMAIN} (s1) is valid."),
        ("OK", f"The signature of {DOMAIN} counts for {DOMAIN}."),
        ("OK", "The signature covers all that it must."),
        ("OK", f"Bounces go to {DOMAIN}, so SPF counts for {DOMAIN}."),
        ("OK", "mx.example.org says: spf pass, dkim pass, dmarc pass."),
    ]


def test_a_copy_saved_with_other_line_ends_is_the_same_letter(arrive, single, ask):
    assert verdicts(arrive(single).replace(b"\r\n", b"\n"), ask) == ["OK"] * 5


def test_a_copy_altered_on_the_way_is_noticed(arrive, single, ask):
    found = judged(arrive(single).replace(b"<h1>", b"<h1>Click! "), ask)
    assert found[0][0] == "WRONG" and "body hash mismatch" in found[0][1]
    assert judged(arrive(single).replace(b"Subject: ", b"Subject: x"), ask)[0][0] == "WRONG"


def test_a_signature_by_another_key_is_not_valid(arrive, single, ask):
    assert judged(arrive(single, pair=Key()), ask)[:2] == [
        ("WRONG", f"The DKIM signature of {DOMAIN} (s1) is not valid."),
        ("WRONG", f"No valid signature counts for {DOMAIN}."),
    ]


def test_a_signature_whose_key_nobody_knows_is_left_open(arrive, single):
    assert judged(arrive(single), from_mapping({}))[0] == (
        "LOOK",
        f"The DKIM signature of {DOMAIN} (s1) cannot be verified: its key is not known.",
    )


def test_a_signature_of_somebody_else_does_not_count(arrive, single, dns, key):
    ask = from_mapping(dns | {"s1._domainkey.relay.example.net": {"TXT": [key.record]}})
    assert verdicts(arrive(single, d="relay.example.net"), ask) == ["OK", "WRONG", "OK", "OK"]


def test_a_signature_of_the_domain_above_counts_unless_the_policy_is_strict(arrive, single, dns, key):
    known = dns | {"s1._domainkey.example.org": {"TXT": [key.record]}}
    assert verdicts(arrive(single, d="example.org"), from_mapping(known)) == ["OK"] * 5
    known[f"_dmarc.{DOMAIN}"] = {"TXT": ["v=DMARC1; p=reject; adkim=s; aspf=s"]}
    assert verdicts(arrive(single, d="example.org"), from_mapping(known))[1] == "WRONG"
    assert judged(arrive(single, bounces="b.portal.example.org"), from_mapping(known))[3][0] == "LOOK"


def test_an_unsigned_copy_is_wrong(single, ask):
    assert [found for _verdict, found in judged(single, ask)] == [
        "The letter carries no DKIM signature.",
        "The copy does not tell where bounces go (Return-Path).",
        "The receiver noted nothing about the letter.",
    ]


@pytest.mark.parametrize("left_out", ALL[2:])
def test_a_header_that_is_not_signed_is_named(arrive, single, ask, left_out):
    found = judged(arrive(single, h=[name for name in ALL if name != left_out]), ask)
    assert found[2] == ("WRONG", f"The signature leaves out {left_out.decode()}.")


def test_a_newsletter_needs_its_two_headers_signed(arrive, single, ask):
    both = b"List-Unsubscribe: <https://portal.example.org/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    issue = both + single
    assert judged(arrive(issue), ask)[2][1] == "The signature leaves out List-Unsubscribe, List-Unsubscribe-Post."
    assert judged(arrive(issue, h=ALL + LISTS[:1]), ask)[2][1] == "The signature leaves out List-Unsubscribe-Post."
    assert judged(arrive(issue, h=ALL + LISTS), ask)[2][0] == "OK"


def test_what_the_receiver_thought_is_read_from_the_topmost_note(arrive, single, ask):
    forged = b"Authentication-Results: mx.example.org; dmarc=pass\r\n"
    failed = arrive(forged + single, results=b"dmarc=fail")
    assert judged(failed, ask)[-1] == ("WRONG", "mx.example.org says: spf pass, dkim pass, dmarc fail.")
    assert judged(arrive(single, results=b"x-dmarc=pass"), ask)[-1][0] == "LOOK"


def test_a_file_that_is_no_letter_is_told_apart(ask):
    assert verdicts(b"%PDF-1.7 \x00\xff", ask) == ["WRONG"]


odd = st.binary(max_size=200) | st.text("abdhcsv=;:rsa-256 ", max_size=80).map(str.encode)


@effort(deadline=None)
@given(signature=odd, results=odd, path=odd)
def test_no_copy_is_so_odd_that_the_doctor_stumbles(key, signature, results, path):
    raw = b"Return-Path: %s\r\nAuthentication-Results: %s\r\nDKIM-Signature: v=1; a=rsa-sha256; %s\r\n" % (
        path.replace(b"\n", b""), results.replace(b"\n", b""), signature.replace(b"\n", b""),
    )  # fmt: skip
    ask = from_mapping({f"s1._domainkey.{DOMAIN}": {"TXT": [key.record]}})
    assert list(received.judge(raw + b"From: a@portal.example.org\r\n\r\nx\r\n", ask))
