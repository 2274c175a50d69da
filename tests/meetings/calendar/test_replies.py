"""Answers that people's calendars send by mail (RFC 5546 over mail): whose they are, and what becomes of them."""

from base64 import b64encode
from datetime import timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar.ics_import import read_events
from meetings.calendar.ics_parser import Unreadable
from meetings.calendar.reply_parser import read_replies
from meetings.models import CalendarAnswer
from meetings.tasks import process_calendar_answers
from tests.meetings.calendar.conftest import HOUSE

PROVEN = f"{HOUSE}; spf=pass smtp.mailfrom=aino@example.org; dkim=pass header.d=example.org; " + (
    "dmarc=pass header.from=example.org"
)


def moment(at):
    return f"{at:%Y%m%dT%H%M%SZ}"


def calendar(meeting, status="ACCEPTED", who="aino@example.org", stamp=None, **more):
    """An answer as calendars write it: `organizer`, `method`, `extra` lines, `end` of each line."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Somebody//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{more.get('method', 'REPLY')}",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"SEQUENCE:{more.get('sequence', meeting.sequence)}",
        f"DTSTAMP:{moment(stamp or timezone.now())}",
        *(["ORGANIZER:mailto:verkosto@example.org"] if more.get("organizer", True) else []),
        f"ATTENDEE;PARTSTAT={status};CN=Aino:{more.get('scheme', 'mailto:')}{who}",
        *more.get("extra", []),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return more.get("end", "\r\n").join(lines)


def letter(text, sender="Aino Jäsen <aino@example.org>", results=PROVEN, encoded=False, number=1):
    body = b64encode(text.encode()).decode() if encoded else text
    return (
        (f"Authentication-Results: {results}\r\n" if results else "")
        + f"From: {sender}\r\nTo: verkosto@example.org\r\nSubject: Accepted\r\nMessage-ID: <{number}@example.org>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="a"\r\n\r\n'
        "--a\r\nContent-Type: text/plain\r\n\r\nAino on hyväksynyt.\r\n--a\r\n"
        "Content-Type: text/calendar; charset=UTF-8; method=REPLY\r\n"
        f"Content-Transfer-Encoding: {'base64' if encoded else '8bit'}\r\n\r\n{body}\r\n--a--\r\n"
    ).encode()


def aino(meeting, world):
    return meeting.participations.get(user=world.aino)


@pytest.mark.parametrize(
    ("status", "how", "answer"),
    [
        ("ACCEPTED", {"encoded": True}, "yes"),
        ("DECLINED", {"organizer": False, "end": "\n"}, "no"),
        ("TENTATIVE", {"extra": ["DTSTART;TZID=FLE Standard Time:20270120T130000"]}, "maybe"),
        ("ACCEPTED", {"who": "AINO@Example.org", "scheme": "MAILTO:"}, "yes"),
    ],
    ids=["base64", "without organiser and with bare line ends", "with a zone of another house", "in capitals"],
)  # fmt: skip
def test_calendars_of_all_sorts_are_understood(meeting, world, post, status, how, answer):
    how = dict(how)
    encoded = how.pop("encoded", False)
    kept = post(letter(calendar(meeting, status, **how), encoded=encoded))
    assert (kept.fate, kept.is_surely_theirs) == (CalendarAnswer.TAKEN, True)
    own = aino(meeting, world)
    assert (own.answer, own.answered_via, own.answered_sequence) == (answer, "calendar", 0)


def test_the_same_answer_twice_is_one_and_an_older_one_changes_nothing(meeting, world, post):
    """Check 12."""
    now = timezone.now()
    raw = letter(calendar(meeting, "ACCEPTED", stamp=now))
    post(raw)
    post(raw)
    assert CalendarAnswer.objects.count() == 1
    old = post(letter(calendar(meeting, "DECLINED", stamp=now - timedelta(hours=1)), number=2))
    assert old.fate == CalendarAnswer.OLD
    assert aino(meeting, world).answer == "yes"


def test_an_answer_to_an_earlier_time_is_kept_and_known_as_such(meeting, world, post):
    meeting.move(meeting.starts_at + timedelta(days=1), meeting.ends_at + timedelta(days=1), timezone.now())
    post(letter(calendar(meeting, sequence=0)))
    own = aino(meeting, world)
    assert (own.answer, own.is_answer_current) == ("yes", False)


def test_a_stamp_from_the_future_does_not_silence_later_answers(meeting, world, post):
    post(letter(calendar(meeting, stamp=timezone.now() + timedelta(days=300))))
    assert aino(meeting, world).answered_at <= timezone.now()


def test_another_time_proposed_is_a_note_and_no_answer(meeting, world, post):
    """Check 12."""
    text = calendar(meeting, method="COUNTER", extra=["DTSTART:20270121T110000Z", "COMMENT:Torstai olisi parempi"])
    kept = post(letter(text))
    assert (kept.fate, kept.comment, kept.settled_at) == (CalendarAnswer.NOTE, "Torstai olisi parempi", None)
    assert f"{kept.starts_at:%d.%m. %H}" == "21.01. 11"
    assert aino(meeting, world).answer == ""


@pytest.mark.parametrize(
    "forged",
    [
        {"sender": "paha@example.com"},
        {"results": ""},
        {"results": f"{HOUSE}; dkim=fail header.d=example.org; dmarc=fail header.from=example.org"},
        {"results": "mx.paha.example; dmarc=pass header.from=example.org"},
        {"results": f"{HOUSE}; dkim=pass header.d=paha.example; dmarc=pass header.from=paha.example"},
        {"results": f"paha.example; dmarc=none\r\nAuthentication-Results: {PROVEN}"},
        {"results": f"{HOUSE}; dmarc=fail (header.from=example.org dmarc=pass header.from=example.org)"},
    ],
    ids=["another sender", "nothing proven", "failed", "another house", "another domain", "a header below", "comment"],
)
def test_what_may_come_from_somebody_else_changes_nothing_until_accepted(meeting, world, post, client, forged):
    """Check 13."""
    kept = post(letter(calendar(meeting), **forged))
    assert (kept.fate, aino(meeting, world).answer) == (CalendarAnswer.WAITS, "")
    client.force_login(world.kaisa)
    page = reverse("admin:meetings_calendaranswer_changelist")
    assert client.get(page).context["cl"].result_count == 1
    client.post(page, {"action": "accept", "_selected_action": [kept.pk]})
    assert aino(meeting, world).answer == "yes"
    assert client.get(page).context["cl"].result_count == 0


def test_without_the_name_of_the_own_house_nothing_is_believed(meeting, world, post, settings):
    settings.AUTHSERV_ID = ""
    assert post(letter(calendar(meeting), results="; dmarc=pass header.from=example.org")).fate == CalendarAnswer.WAITS


def test_a_forwarded_invitation_answered_by_a_stranger_waits_and_adds_nobody(meeting, world, post, client):
    before = meeting.participations.count()
    kept = post(letter(calendar(meeting, who="vieras@example.org"), sender="vieras@example.org"))
    assert (kept.fate, kept.participation) == (CalendarAnswer.WAITS, None)
    client.force_login(world.kaisa)
    page = reverse("admin:meetings_calendaranswer_changelist")
    client.post(page, {"action": "accept", "_selected_action": [kept.pk]})
    assert meeting.participations.count() == before
    client.post(page, {"action": "dismiss", "_selected_action": [kept.pk]})
    assert CalendarAnswer.objects.get().fate == CalendarAnswer.DISMISSED


def test_the_answers_of_another_area_are_not_shown(meeting, world, post, client):
    post(letter(calendar(meeting), results=""))
    client.force_login(world.kerttu)
    page = reverse("admin:meetings_calendaranswer_changelist")
    assert client.get(page).context["cl"].result_count == 0


def test_an_answer_after_the_meeting_or_to_a_cancelled_one_is_kept_but_not_counted(meeting, world, post):
    meeting.cancel(timezone.now(), notify=False)
    assert post(letter(calendar(meeting))).fate == CalendarAnswer.CLOSED
    assert aino(meeting, world).answer == ""


@pytest.mark.parametrize("status", ["DELEGATED", "NEEDS-ACTION", "", "ACCEPTED;X"])
def test_a_status_that_is_no_answer_waits(meeting, world, post, status):
    assert post(letter(calendar(meeting, status))).answer in ("", "yes")
    assert aino(meeting, world).answer in ("", "yes")


def test_an_answer_to_a_meeting_of_another_house_is_read_once_and_left(meeting, post):
    foreign = calendar(meeting).replace(meeting.uid, "muu@example.net")
    assert post(letter(foreign)).fate == CalendarAnswer.FOREIGN
    process_calendar_answers()
    assert CalendarAnswer.objects.count() == 1


# files from strangers


def crowd(number):
    people = "".join(f"ATTENDEE:mailto:n{n}@example.org\r\n" for n in range(number))
    return (
        f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\n{people}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )


@pytest.mark.parametrize(
    "data",
    [crowd(100_000), b"x" * 5_000_000, b"", b"\0" * 100, b"BEGIN:VCALENDAR",
     "BEGIN:VCALENDAR\r\nEND:VEVENT".encode("utf-16"),
     b"BEGIN:VCALENDAR\r\n" * 5_000, b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe\xfd", crowd(0), crowd(2)],
    ids=["crowd", "big", "empty", "nul", "cut", "utf-16", "nested", "no calendar", "no text", "nobody", "two"],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_words_and_at_once(data):
    begun = process_time()
    with pytest.raises(Unreadable) as refused:
        read_replies(data, ZoneInfo("Europe/Helsinki"))
    assert str(refused.value)
    assert process_time() - begun < 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_file_whatever_makes_more_trouble_than_words(junk, words):
    event = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{words}\r\nDTSTART:{words}\r\n".encode()
    for data in (junk, event + junk, event + b"END:VEVENT\r\nEND:VCALENDAR\r\n"):
        for read in (
            lambda each: read_replies(each, ZoneInfo("Europe/Helsinki")),
            lambda each: read_events(each, ZoneInfo("Europe/Helsinki"), timezone.now()),
        ):
            try:
                read(data)
            except Unreadable as refused:
                assert str(refused)
