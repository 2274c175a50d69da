"""Answers as five calendar programs write them: shape, order and oddities of each, with names of nobody."""

from base64 import b64encode
from quopri import encodestring

import pytest

from meetings.models import CalendarAnswer
from tests.meetings.calendar.test_replies import PROVEN, aino

GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:{start}
DTEND:{end}
DTSTAMP:{stamp}
ORGANIZER;CN=ISO-verkosto:mailto:verkosto@example.org
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Aino J
 \u00e4sen;X-NUM-GUESTS=0:mailto:aino@example.org
CREATED:20261127T080000Z
DESCRIPTION:Tavataan.
LAST-MODIFIED:{stamp}
LOCATION:Nuorisotila
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Verkoston tapaaminen
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
# No ORGANIZER, bare line ends, and the zone is not in the file.
OUTLOOK_COM = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=DECLINED;CN=Aino:mailto:aino@example.org
COMMENT;LANGUAGE=fi-FI:En pääse\\, olen lomalla.\\n
UID:{uid}
SUMMARY;LANGUAGE=fi-FI:Hylätty: Verkoston tapaaminen
DTSTART;TZID=FLE Standard Time:20270120T130000
DTEND;TZID=FLE Standard Time:20270120T160000
CLASS:PUBLIC
DTSTAMP:{stamp}
SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""
EXCHANGE = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:FLE Standard Time
BEGIN:STANDARD
DTSTART:16010101T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN=ISO-verkosto:mailto:verkosto@example.org
ATTENDEE;PARTSTAT=TENTATIVE;CN="Jäsen, Aino":mailto:Aino@Example.org
COMMENT;LANGUAGE=fi-FI:
UID:{uid}
SUMMARY;LANGUAGE=fi-FI:Alustava: Verkoston tapaaminen
DTSTART;TZID=FLE Standard Time:20270120T130000
DTEND;TZID=FLE Standard Time:20270120T160000
DTSTAMP:{stamp}
SEQUENCE:{sequence}
X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 14.5//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN="aino@example.org";CUTYPE=INDIVIDUAL;EMAIL="aino@example.org";P
 ARTSTAT=ACCEPTED:mailto:aino@example.org
DTEND;TZID=Europe/Helsinki:20270120T160000
DTSTAMP:{stamp}
DTSTART;TZID=Europe/Helsinki:20270120T130000
LAST-MODIFIED:{stamp}
ORGANIZER;CN="ISO-verkosto":mailto:verkosto@example.org
SEQUENCE:{sequence}
SUMMARY:Verkoston tapaaminen
TRANSP:OPAQUE
UID:{uid}
END:VEVENT
END:VCALENDAR
"""
THUNDERBIRD = """BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
CREATED:20261127T080000Z
LAST-MODIFIED:{stamp}
DTSTAMP:{stamp}
UID:{uid}
SUMMARY:Verkoston tapaaminen
STATUS:CONFIRMED
ORGANIZER;CN=ISO-verkosto:mailto:verkosto@example.org
ATTENDEE;CN=Aino;PARTSTAT=DECLINED;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;
 RSVP=TRUE:mailto:aino@example.org
X-MOZ-RECEIVED-SEQUENCE:{sequence}
DTSTART;TZID=Europe/Helsinki:20270120T130000
SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""


def mixed(calendar, how, kind="alternative", sender="aino@example.org"):
    """A letter around a calendar part that is encoded as base64, quoted-printable or not at all."""
    data = calendar.encode()
    encoded = {"base64": b64encode, "quoted-printable": encodestring, "8bit": bytes}[how](data)
    head = (
        f"Authentication-Results: {PROVEN}\r\nFrom: Aino <{sender}>\r\nTo: verkosto@example.org\r\nSubject: Vastaus\r\n"
        f"Message-ID: <{hash(calendar)}@example.org>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/{kind}; boundary="b"\r\n'
        "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVastaus kutsuun.\r\n--b\r\n"
        f'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\nContent-Transfer-Encoding: {how}\r\n\r\n'
    )
    return head.encode() + encoded + b"\r\n--b--\r\n"


def attached(calendar, _how):
    """As Apple's Mail and webmails send it: the calendar is a file."""
    inline = b'text/calendar; charset="utf-8"; method=REPLY'
    return mixed(calendar, "base64", "mixed").replace(inline, b"application/ics")


@pytest.mark.parametrize(
    ("sample", "wrapped", "how", "line_end", "answer"),
    [
        (GOOGLE, mixed, "base64", "\r\n", "yes"),
        (OUTLOOK_COM, mixed, "base64", "\n", "no"),
        (EXCHANGE, mixed, "quoted-printable", "\r\n", "maybe"),
        (APPLE, attached, "base64", "\r\n", "yes"),
        (THUNDERBIRD, mixed, "8bit", "\r\n", "no"),
    ],
    ids=["Google", "Outlook.com", "Exchange", "Apple", "Thunderbird"],
)
def test_the_answer_of_every_program_is_taken(meeting, world, post, sample, wrapped, how, line_end, answer):
    """Check 12."""
    moments = {"start": meeting.starts_at, "end": meeting.ends_at, "stamp": meeting.changed_at}
    facts = {name: f"{moment:%Y%m%dT%H%M%SZ}" for name, moment in moments.items()}
    text = sample.format(uid=meeting.uid, sequence=meeting.sequence, **facts).replace("\n", line_end)
    for _time in range(2):  # the same letter again is one change
        kept = post(wrapped(text, how))
    assert (kept.fate, kept.is_surely_theirs) == (CalendarAnswer.TAKEN, True)
    assert CalendarAnswer.objects.count() == 1
    own = aino(meeting, world)
    assert (own.answer, own.answered_via, own.answered_sequence) == (answer, "calendar", 0)
    assert not meeting.participations.exclude(pk=own.pk).exclude(answer="").exists()
