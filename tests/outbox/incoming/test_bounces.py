"""Reading what comes back: which address, what code; and that no bytes whatever make the reader stumble."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.incoming import bounce_parser
from outbox.incoming.bounce_parser import Kind, Report
from outbox.models import MailEvent
from outbox.models.event import MILDEST_FIRST
from tests.outbox.samples import FOLDER, sample

Type = MailEvent.Type
type_of = MailEvent.Type.of_report


@pytest.mark.parametrize("name", ["postfix", "exchange", "qmail", "exim"])
def test_each_kind_of_server_says_whom_it_could_not_reach(name):
    reading = bounce_parser.read(sample(name, MESSAGE_ID="<one@example.org>"))
    assert reading.kind == Kind.BOUNCE
    assert [(report.recipient, report.action, report.status) for report in reading.reports] == [
        ("aino@example.org", "failed", "5.1.1")
    ]
    assert "<one@example.org>" in reading.returned_ids
    assert [type_of(report) for report in reading.reports] == [Type.HARD]


@pytest.mark.parametrize("name", ["postfix", "qmail", "exim"])
def test_the_address_of_the_envelope_is_found_in_the_letter_that_is_given_back(name):
    assert bounce_parser.read(sample(name)).returned_to == ("bounces@portal.example.org",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("complaint", Kind.COMPLAINT),
        ("away", Kind.AUTO_REPLY),
        ("person", Kind.PERSON),
        ("calendar", Kind.CALENDAR),
        ("leaving", Kind.PERSON),
    ],
)
def test_other_mail_is_told_apart(name, kind):
    assert bounce_parser.read(sample(name)).kind == kind


def test_one_report_speaks_of_each_recipient_by_itself():
    group = b"Final-Recipient: rfc822; eetu@example.org\nAction: delayed\nStatus: 4.4.1\n\n"
    raw = sample("postfix").replace(b"Final-Recipient: rfc822; aino", group + b"Final-Recipient: rfc822; aino")
    reports = bounce_parser.read(raw).reports
    assert [(report.recipient, report.action, report.status) for report in reports] == [
        ("eetu@example.org", "delayed", "4.4.1"),
        ("aino@example.org", "failed", "5.1.1"),
    ]


def test_the_servers_own_answer_is_more_exact_than_a_code_that_says_only_no():
    [report] = bounce_parser.read(sample("exchange", STATUS="5.0.0", DIAGNOSTIC="550 5.7.1 refused by policy")).reports
    assert (report.status, type_of(report)) == ("5.7.1", Type.POLICY)


@pytest.mark.parametrize(
    ("status", "words", "news"),
    [
        ("5.1.1", "", Type.HARD),
        ("5.1.10", "550 5.1.10 null MX", Type.HARD),
        ("5.4.4", "", Type.HARD),
        ("5.5.0", "550 5.5.0 Requested action not taken: user unknown", Type.HARD),
        ("", "550 No such user here", Type.HARD),
        ("5.2.2", "552 5.2.2 mailbox full", Type.SOFT),
        ("4.2.2", "", Type.SOFT),
        ("", "552 disk full", Type.SOFT),
        ("", "450 user unknown for now", Type.SOFT),
        ("5.7.1", "550 5.7.1 rejected, unknown user", Type.POLICY),
        ("5.7.515", "", Type.POLICY),
        ("5.1.8", "sender's domain does not resolve", Type.POLICY),
        ("5.3.4", "too big", Type.POLICY),
        ("", "554 message blocked as spam", Type.POLICY),
    ],
)
def test_a_code_tells_whether_the_address_or_the_letter_was_refused(status, words, news):
    assert type_of(Report("aino@example.org", "failed", status, words)) == news


def test_a_report_of_delay_or_arrival_counts_against_nobody():
    assert type_of(Report("aino@example.org", "delayed", "5.1.1")) == Type.DELAYED
    assert type_of(Report("aino@example.org", "relayed", "2.0.0")) == Type.DELIVERED


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_header_with_bytes_that_were_not_encoded_is_read(charset):
    raw = sample("exchange", DIAGNOSTIC="550 5.1.1 Tuntematon käyttäjä").decode().encode(charset)
    assert [report.diagnostic for report in bounce_parser.read(raw).reports] == ["550 5.1.1 Tuntematon käyttäjä"]


@pytest.mark.parametrize("kind", ["smtp; ", "smtp;", "X-Postfix; ", ""])
def test_the_type_of_a_diagnostic_may_be_missing(kind):
    said = "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"
    raw = sample("postfix").replace(b"Diagnostic-Code: smtp; 550", b"Diagnostic-Code: KIND 550")
    raw = re.sub(rb"KIND [^\n]*", f"{kind}{said}".encode(), raw)
    assert [report.diagnostic for report in bounce_parser.read(raw).reports] == [said]


def test_a_bounce_in_words_tells_the_reason_to_its_last_line():
    raw = sample("exim", DIAGNOSTIC="550-Verification failed\n    550-No Such User Here\n    550 Sender verify failed")
    [report] = bounce_parser.read(raw).reports
    assert report.diagnostic == "550-Verification failed 550-No Such User Here 550 Sender verify failed"


def test_a_bounce_without_any_code_tells_what_stands_after_the_address():
    raw = sample("qmail").split(b"192.0.2.7 does not")[0] + b"User aino not listed in Domino Directory\n\n"
    [report] = bounce_parser.read(raw).reports
    assert (report.recipient, report.status) == ("aino@example.org", "")
    assert report.diagnostic == "User aino not listed in Domino Directory"


def test_not_spam_is_no_complaint():
    assert bounce_parser.read(sample("complaint").replace(b": abuse", b": not-spam")).kind == Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "line", ["Auto-Submitted: auto-generated", "Precedence: auto_reply", "X-Autoreply: yes", "Precedence: bulk"]
)
def test_machines_are_known_by_what_they_say_of_themselves(line):
    assert bounce_parser.read(line.encode() + b"\n" + sample("person")).kind == Kind.AUTO_REPLY


def test_auto_submitted_no_is_a_person():
    assert bounce_parser.read(b"Auto-Submitted: no\n" + sample("person")).kind == Kind.PERSON


def test_a_person_who_quotes_a_bounce_is_a_person():
    raw = sample("person").replace(b"Re: Kutsu", b"Re: Undelivered Mail Returned to Sender")
    assert bounce_parser.read(raw).kind == Kind.PERSON


# --- nothing raises ---


def nested(depth):
    """Multiparts within multiparts."""
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return b"From: aino@example.org\n" + head.encode() + b"Content-Type: text/plain\n\nhei\n"


CORNERS = {
    "nothing": b"",
    "only NUL": b"\0" * 1000,
    "NUL in every header": sample("postfix").replace(b": ", b": \0"),
    "nested 1000 deep": nested(1000),
    "nested 20000 deep": nested(20_000),
    "a huge header": b"Subject: " + b"x" * 900_000 + b"\n\nhei",
    "many headers": b"Received: x\n" * 60_000 + b"\nhei",
    "many addresses": b"To: " + b", ".join(b"a%d@example.org" % n for n in range(20_000)) + b"\n\nhei",
    "dashes": b"From: mailer-daemon@example.org\n\n" + b"-" * 900_000,
    "stars": b"From: mailer-daemon@example.org\n\n" + b"*" * 900_000,
    "spaces": b"From: mailer-daemon@example.org\n\n" + b" " * 900_000 + b"x",
    "at signs": b"From: mailer-daemon@example.org\nSubject: " + b"a@" * 1000 + b"\n\n" + b"a@" * 400_000,
    "references": b"References: " + b"<" * 500_000 + b"\n\n" + b"Message-ID: <" * 50_000,
    "a thousand recipients": sample("postfix").replace(
        b"Final-Recipient", b"Final-Recipient: rfc822; a@example.org\nAction: failed\n\n" * 1000 + b"Final-Recipient"
    ),
    "unknown charsets": b"Subject: =?no-such?Q?hei?=\nContent-Type: text/plain; charset=no-such\n\nhei",
    "broken base64": b"Subject: =?utf-8?B?a?=\nContent-Transfer-Encoding: base64\n\n\xff\xfe=a",
    "a report without groups": b"Content-Type: message/delivery-status\n\n\n\n",
    "a complaint without fields": b"Content-Type: message/feedback-report\n\n",
    "two at signs": b"Message-ID: <@@x@@>\nFrom: <\nTo: a@b@c@\n\nhei",
}


@pytest.mark.parametrize("raw", CORNERS.values(), ids=CORNERS.keys())
def test_no_corner_stops_the_reader(raw):
    began = time.monotonic()
    reading = bounce_parser.read(raw)
    assert time.monotonic() - began < 5
    assert len(reading.reports) <= bounce_parser.MOST_REPORTS
    assert "\0" not in repr(reading)


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_arbitrary_bytes_never_raise(raw):
    assert bounce_parser.read(raw).kind in Kind


SAMPLES = [sample(path.stem) for path in sorted(FOLDER.glob("*.eml"))]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_mutated_messages_never_raise(data):
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _each in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(0, 40)))
        raw[start:end] = data.draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"\0", b"\n\n", b"--", b"=?", b";"]))
        )
    reading = bounce_parser.read(bytes(raw))
    assert all(type_of(report) in MILDEST_FIRST for report in reading.reports)


# --- a corpus of real bounces ---

CORPUS = os.environ.get("BOUNCE_CORPUS")


@pytest.mark.skipif(not CORPUS, reason="BOUNCE_CORPUS names no folder with the samples of flufl.bounce")
def test_real_bounces_are_understood():
    """Its samples name real people, so they are not kept here: unpack the source of flufl.bounce (tests/data)."""
    known = (Path(CORPUS).parent / "test_detectors.py").read_text()
    wanted = {
        file: set(re.findall(r"b'([^']+)'", addresses.lower()))
        for file, addresses in re.findall(r"\('\w+', '([\w.]+)',\s*\[(b'[^\]]+)\]", known)
    }
    found = {file: bounce_parser.read((Path(CORPUS) / file).read_bytes()) for file in wanted}
    right = [file for file in wanted if wanted[file] <= {report.recipient.lower() for report in found[file].reports}]
    assert len(wanted) >= 100
    assert len(right) / len(wanted) >= 0.95
