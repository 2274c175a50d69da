"""The fifteen checks of calendar mail, and what other programs say of ours; each is named by its number.

Where another module proves a check, its test carries the number: the last test here looks that none is missing.
"""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from lib.tokens import sign
from meetings.calendar.ical import line, time_zone
from meetings.models import Meeting, Participation
from tests.leaks import assert_not_leaked
from tests.meetings.calendar.judges import ical_js, libical_says
from tests.meetings.calendar.test_ical import event as event_in
from tests.meetings.calendar.test_ical import request as a_request
from tests.meetings.conftest import calendar_of, hand_over

HELSINKI = ZoneInfo("Europe/Helsinki")
OWN_PROPERTIES = {
    "UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP",
    "LOCATION", "DESCRIPTION", "URL", "ORGANIZER", "ATTENDEE",
}  # fmt: skip


def now():
    return timezone.now()


def tell_of(meeting, send):
    """The letters about a change, as they leave."""
    meeting.notify(now())
    return send()


def invite(meeting, send):
    """The letters of invitation, as they leave."""
    meeting.invite(now())
    return send()


def to(letters, name="aino"):
    return next(letter for letter in letters if f"{name}@" in letter["To"])


def entry_in(letter):
    """The calendar part as text."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return part.get_payload(decode=True).decode()


def event_of(letter):
    return calendar_of(letter).walk("VEVENT")[0]


def test_a_meeting_moved_twice_is_understood_by_every_judge(meeting, send, tmp_path):
    """Check 1."""
    texts = [entry_in(to(invite(meeting, send)))]
    for hours in (1, 2):
        later = timedelta(hours=hours)
        meeting.move(meeting.starts_at + later, meeting.ends_at + later, now() + timedelta(minutes=hours))
        texts.append(entry_in(to(tell_of(meeting, send))))
    heard = [answer["events"][0] for answer in ical_js([("file", text) for text in texts], tmp_path)]
    assert [event["sequence"] for event in heard] == [0, 1, 2]
    assert {event["uid"] for event in heard} == {meeting.uid}
    stamps = [event["stamp"] for event in heard]
    assert stamps == sorted(set(stamps))
    assert heard[2]["starts"] == f"{meeting.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    assert [libical_says(text) for text in texts] == [(True, 0)] * 3


def test_the_judges_would_have_noticed_a_fault(tmp_path):
    """A judge that praises everything proves nothing."""
    good = a_request()
    assert libical_says(good.replace("ATTENDEE;", "X-NOBODY;"))[0] is False
    assert libical_says(good.replace("STATUS:CONFIRMED", "STATUS:PERHAPS"))[1] > 0
    (answer,) = ical_js([("file", good.replace("END:VEVENT", ""))], tmp_path)
    assert "wrong" in answer


def test_asking_again_makes_the_answers_old_and_a_change_of_words_does_not(client, world, meeting, send):
    """Check 2."""
    invite(meeting, send)
    meeting.take_answer(world.aino, "yes", now())
    meeting.change(now(), title="Uusi nimi", place_name="Kirjasto", join_url="https://kokous.example.org/2")
    kept = event_of(to(tell_of(meeting, send)))
    assert (int(kept["SEQUENCE"]), kept["ATTENDEE"].params["PARTSTAT"]) == (0, "ACCEPTED")
    client.force_login(world.kaisa)
    client.post(reverse("admin:meetings_meeting_tell", args=[meeting.pk]), {"_again": "1"})
    asked = event_of(to(send()))
    assert (int(asked["SEQUENCE"]), asked["ATTENDEE"].params["PARTSTAT"]) == (1, "NEEDS-ACTION")
    assert asked.decoded("DTSTAMP") >= kept.decoded("DTSTAMP")


def test_a_cancellation_goes_only_to_those_whose_invitation_left(meeting, send):
    """Check 3."""
    first = event_of(to(invite(meeting, send)))
    Participation(meeting=meeting, email="vieras@example.org").list_as_guest(now())
    meeting.invite(now())
    hand_over()  # the guest's letter is written and waits
    meeting.cancel(now())
    letters = send()
    assert sorted(letter["To"].split("<")[-1].rstrip(">") for letter in letters) == [
        "aino@example.org",
        "matti@example.org",
    ]
    text = entry_in(to(letters))
    last = event_in(text)
    assert (str(Calendar.from_ical(text)["METHOD"]), str(last["STATUS"])) == ("CANCEL", "CANCELLED")
    assert int(last["SEQUENCE"]) == int(first["SEQUENCE"]) + 1
    assert [str(last[name]) for name in ("UID", "ORGANIZER", "ATTENDEE")] == [
        str(first[name]) for name in ("UID", "ORGANIZER", "ATTENDEE")
    ]
    assert libical_says(text) == (True, 0)


def test_the_letter_has_the_shape_in_which_every_program_finds_the_buttons(meeting, send):
    """Check 4."""
    letter = to(invite(meeting, send))
    alternative, attached = letter.get_payload()
    assert (letter.get_content_type(), alternative.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert [part.get_content_type() for part in alternative.get_payload()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = alternative.get_payload()[-1]
    assert calendar["Content-Type"].lower().count("charset") == 1
    assert calendar.get_param("method") == str(calendar_of(letter)["METHOD"]) == "REQUEST"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert attached.get_filename().endswith(".ics")
    assert attached.get_content_type() in ("application/ics", "text/calendar")
    assert attached.get_payload(decode=True) == calendar.get_payload(decode=True)


def test_the_zone_agrees_with_the_tz_database_every_five_hours_for_forty_years():
    """Check 5."""
    text = time_zone("Europe/Helsinki").to_ical().decode()
    assert (text.count("BEGIN:STANDARD"), text.count("BEGIN:DAYLIGHT"), text.count("RDATE")) == (1, 1, 0)
    assert len(re.findall(r"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=\d+", text)) == 2
    ours = time_zone("Europe/Helsinki").to_tz(lookup_tzid=False)
    begin, end, step = datetime(1997, 1, 1), datetime(2038, 1, 1), timedelta(hours=5)
    moments = [begin + n * step for n in range((end - begin) // step)]
    assert len(moments) == 71_880
    assert [each for each in moments if clock(each, ours) != clock(each, HELSINKI)] == []


def clock(utc, zone):
    """What a clock in a zone shows at a moment of UTC."""
    return zone.fromutc(utc.replace(tzinfo=zone)).replace(tzinfo=None)


def test_moving_one_of_a_series_leaves_the_entries_of_the_others_as_they_are_to_the_byte(make_meeting, send):
    """Check 7."""
    meetings = [make_meeting(days=days, title=f"Tapaaminen {days}") for days in (7, 14, 21)]
    for meeting in meetings:
        meeting.publish(now())
    before = {
        entry_in(to([letter])) for meeting in meetings for letter in invite(meeting, send) if "aino" in letter["To"]
    }
    moved = meetings[1]
    moved.move(moved.starts_at + timedelta(days=1), moved.ends_at + timedelta(days=1), now())
    for meeting in Meeting.objects.exclude(pk=moved.pk):
        assert entry_in(to(tell_of(meeting, send))) in before
    assert entry_in(to(tell_of(moved, send))) not in before


@settings(max_examples=1000, deadline=None)
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('\r\n\\;,":😀äÄ\u2028\x85\x00')), max_size=160))
def test_whatever_the_title_lines_are_short_and_no_property_is_added(title):
    """Check 8."""
    text = a_request(title=title)
    raw = text.encode()
    rows = raw.split(b"\r\n")
    assert b"\r" not in b"".join(rows) and b"\n" not in b"".join(rows)
    assert max(map(len, rows)) <= 75
    for row in rows:
        row.decode()  # no letter is cut in two
    parsed = event_in(text)
    assert str(parsed["SUMMARY"]) == line(title)
    assert set(parsed) == OWN_PROPERTIES


def test_a_letter_names_its_one_reader_and_nobody_else(meeting, world, send):
    """Check 9."""
    addresses = {world.aino.email, world.matti.email}
    for letter in invite(meeting, send):
        (own,) = [address for address in addresses if address in letter["To"]]
        assert str(event_of(letter)["ATTENDEE"]) == f"mailto:{own}"
        (other,) = addresses - {own}
        assert_not_leaked(other, letter)


def test_the_link_for_one_meeting_says_nothing_about_another(client, meeting, make_meeting, world):
    """Check 14."""
    other = make_meeting(days=9)
    other.publish(now())
    own = meeting.participations.get(user=world.aino)
    link = reverse("meetings:answer", args=[sign("answer", own.pk)])
    for _scanner in range(3):
        client.get(link, {"answer": "yes"})
        client.head(link, {"answer": "yes"})
    assert not Participation.objects.exclude(answer="").exists()
    client.post(link, {"answer": "yes"})
    assert [each.meeting for each in Participation.objects.exclude(answer="")] == [meeting]
    forged = reverse("meetings:answer", args=[sign("meetings.signup", other.participations.get(user=world.aino).pk)])
    assert client.post(forged, {"answer": "yes"}).status_code == 404
    assert not other.participations.exclude(answer="").exists()


def test_a_letter_left_is_the_letter_written(meeting, send):
    """What the judges saw is what the relay was given: nothing is added on the way."""
    letters = invite(meeting, send)
    given = message_from_bytes(mail.outbox[-1].message().as_bytes())
    assert entry_in(given) in {entry_in(letter) for letter in letters}


def test_each_of_the_fifteen_checks_has_a_test():
    found = set()
    for module in Path(__file__).parent.glob("test_*.py"):
        found |= {int(number) for number in re.findall(r'"""Check (\d+)\.', module.read_text(encoding="utf-8"))}
    assert sorted(found) == list(range(1, 16))
