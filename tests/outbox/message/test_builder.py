"""The bytes that travel: what a reader gets is what was written, and nothing can be smuggled into a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import strategies as st

from outbox.message.body import CalendarFile
from outbox.message.builder import Letter, build, build_template, merge_field

DATED = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Työpaja äöå\r\nEND:VCALENDAR\r\n"

readable = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
lines = st.text(readable, max_size=300).map(lambda words: " ".join(words.split()))
texts = st.lists(lines, max_size=8).map("\n".join)


def letter(**more):
    fields = {
        "sender": '"ISO-verkosto" <iso@example.org>',
        "recipient": "aino@example.org",
        "subject": "Tervetuloa",
        "text": "Hei\n",
        "message_id": "<abc@example.org>",
        "dated_at": DATED,
    }
    return Letter(**{**fields, **more})


def sent(written):
    return message_from_bytes(build(written).as_bytes(linesep="\r\n"))


def words(value):
    return str(make_header(decode_header(value)))


def body(part):
    return part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")


def shape(part):
    """The types of a message as nested lists."""
    if part.is_multipart():
        return [part.get_content_subtype(), *[shape(each) for each in part.get_payload()]]
    return part.get_content_type()


def test_a_letter_of_text_alone_is_one_part():
    assert shape(sent(letter())) == "text/plain"


def test_a_letter_with_layout_offers_both_readings():
    assert shape(sent(letter(html="<p>Hei</p>"))) == ["alternative", "text/plain", "text/html"]


def test_a_calendar_part_stands_inside_the_first_child_and_again_as_a_file():
    message = sent(letter(html="<p>Hei</p>", calendar=CALENDAR))
    assert shape(message) == [
        "mixed",
        ["alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]
    calendar, file = message.get_payload()[0].get_payload()[2], message.get_payload()[1]
    assert calendar["Content-Type"] == "text/calendar; charset=UTF-8; method=REQUEST"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert file.get_filename() == "kutsu.ics"
    assert file["Content-Disposition"] == 'attachment; filename="kutsu.ics"'
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == CALENDAR.encode()


def test_a_cancellation_says_so_in_its_calendar_part():
    message = sent(letter(calendar=CALENDAR, calendar_method="CANCEL"))
    assert shape(message) == ["mixed", ["alternative", "text/plain", "text/calendar"], "application/ics"]
    assert message.get_payload()[0].get_payload()[1].get_param("method") == "CANCEL"


def test_several_calendar_entries_are_files_of_their_own_beside_the_words():
    files = (CalendarFile("2027-01-13-01.ics", "REQUEST", CALENDAR), CalendarFile("2027-02-10-02.ics", "CANCEL", "x"))
    message = sent(letter(html="<p>Hei</p>", calendar_files=files))
    assert shape(message) == ["mixed", ["alternative", "text/plain", "text/html"], "text/calendar", "text/calendar"]
    first, second = message.get_payload()[1:]
    assert first["Content-Type"] == 'text/calendar; charset=UTF-8; method=REQUEST; name="2027-01-13-01.ics"'
    assert first["Content-Disposition"] == 'attachment; filename="2027-01-13-01.ics"'
    assert first.get_payload(decode=True) == CALENDAR.encode()
    assert (second.get_filename(), second.get_param("method")) == ("2027-02-10-02.ics", "CANCEL")


@pytest.mark.parametrize(
    "file",
    [
        CalendarFile('x".ics', "REQUEST", ""),
        CalendarFile("x.exe", "REQUEST", ""),
        CalendarFile("a.ics\r\nBcc: x", "REQUEST", ""),
        CalendarFile("a.ics", "re quest", ""),
    ],
)
def test_no_name_or_method_of_a_file_forges_a_header(file):
    with pytest.raises(ValueError, match="not a"):
        sent(letter(calendar_files=(file,)))


def test_identity_and_people_stand_in_the_headers():
    message = sent(
        letter(
            recipient_name="Aino Åström",
            reply_to=('"Kaisa, K" <kaisa@example.org>', "toinen@example.org"),
            language="sv",
        )
    )
    assert message["Message-ID"] == "<abc@example.org>"
    assert parsedate_to_datetime(message["Date"]) == DATED
    assert words(message["To"]) == "Aino Åström <aino@example.org>"
    assert getaddresses([message["Reply-To"]]) == [("Kaisa, K", "kaisa@example.org"), ("", "toinen@example.org")]
    assert message["From"] == "ISO-verkosto <iso@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "sv"
    assert [message.get_all(name) for name in ("Cc", "Bcc")] == [None, None]


def test_list_headers_pass_through_and_long_addresses_are_not_broken():
    page = f"<https://portal.example.org/uutiskirje/lopeta/{'t' * 150}/>"
    message = sent(letter(headers={"List-Unsubscribe": page, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}))
    assert message["List-Unsubscribe"] == page
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_domain_with_other_letters_travels_in_its_ascii_form():
    assert sent(letter(recipient="aino@äänekoski.example"))["To"] == "aino@xn--nekoski-4waa.example"


@pytest.mark.parametrize("field", ["subject", "message_id", "sender", "recipient", "recipient_name"])
def test_a_line_break_never_becomes_a_header(field):
    forged = letter(**{field: "a@example.org\r\nBcc: kaikki@example.org"})
    try:
        message = sent(forged)
    except ValueError:
        return
    assert message["Bcc"] is None


def test_a_forged_calendar_method_is_refused():
    with pytest.raises(ValueError):
        build(letter(calendar=CALENDAR, calendar_method="REQUEST\r\nX: y"))


@given(subject=lines, name=lines, text=texts.filter(bool), html=texts.filter(bool))
def test_it_reads_the_same_as_the_message_that_django_builds(subject, name, text, html):
    ours = sent(letter(subject=subject, text=text, html=html, recipient_name=name))
    django = EmailMultiAlternatives(subject, text, "iso@example.org", ["aino@example.org"])
    django.attach_alternative(html, "text/html")
    theirs = message_from_bytes(django.message().as_bytes(linesep="\r\n"))
    assert words(ours["Subject"]).strip() == words(theirs["Subject"]).strip()
    assert [body(part) for part in ours.get_payload()] == [body(part) for part in theirs.get_payload()]


@given(subject=lines, name=lines, text=texts)
def test_no_line_is_longer_than_the_wire_allows(subject, name, text):
    raw = build(letter(subject=subject, recipient_name=name, text=text, html=text or "-")).as_bytes(linesep="\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert all(byte < 128 for byte in raw)
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_header_with_merge_fields_folds_after_its_commas():
    """Real use 22: two ways to leave are two lines; an address is never broken."""
    ways = f"<mailto:poistu+{merge_field('key')}@example.org>, <https://portaali.example.org/{merge_field('key')}/>"
    template = build_template(letter(headers={"List-Unsubscribe": ways}), "x")
    message = template.fill({"key": "k" * 60})
    lines = message.split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b"List-Unsubscribe:"))
    assert lines[at].endswith(b"@example.org>,") and lines[at + 1].startswith(b" <https://")
