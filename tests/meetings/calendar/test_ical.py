"""Calendar entries: what every calendar program can read, whatever stands in the title."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from meetings.calendar.add_links import google_link, outlook_link
from meetings.calendar.ical import (
    EUROPEAN_ZONES,
    CalendarEvent,
    Person,
    calendar_text,
    line,
    paragraphs,
    time_zone,
)
from tests.leaks import assert_not_leaked

HELSINKI = ZoneInfo("Europe/Helsinki")
ENTRY = CalendarEvent(
    uid="0b5f7c1e@portaali.example.org",
    sequence=2,
    title="ISO-nuorisotyöverkosto",
    starts_at=datetime(2027, 1, 20, 13, tzinfo=HELSINKI),
    ends_at=datetime(2027, 1, 20, 16, tzinfo=HELSINKI),
    zone="Europe/Helsinki",
    created_at=datetime(2026, 12, 1, 7, tzinfo=UTC),
    stamped_at=datetime(2026, 12, 2, 8, tzinfo=UTC),
    location="Nuorisotila, Jyväskylä",
    description="Tavataan.",
    page="https://portaali.example.org/tapaamiset/iso/",
)
ORGANISER = Person("verkosto@example.org", "ISO-verkosto")
AINO = Person("aino@example.org", 'Aino "A" Jäsen')


def event(text):
    return Calendar.from_ical(text).walk("VEVENT")[0]


def request(**changes):
    return calendar_text(replace(ENTRY, **changes), "REQUEST", ORGANISER, AINO)


def test_a_request_names_one_recipient_who_is_asked_to_answer():
    parsed = event(request())
    attendee = parsed["ATTENDEE"]
    assert str(attendee) == "mailto:aino@example.org"
    assert dict(attendee.params) == {
        "CN": "Aino A Jäsen",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert str(parsed["ORGANIZER"]) == "mailto:verkosto@example.org"


@pytest.mark.parametrize(
    ("answer", "status"), [("yes", "ACCEPTED"), ("no", "DECLINED"), ("maybe", "TENTATIVE"), ("", "NEEDS-ACTION")]
)
def test_a_later_request_keeps_the_answer_already_given(answer, status):
    parsed = event(calendar_text(ENTRY, "REQUEST", ORGANISER, replace(AINO, answer=answer)))
    assert parsed["ATTENDEE"].params["PARTSTAT"] == status


def test_the_times_are_local_wall_time_with_the_zone():
    parsed = event(request())
    assert "DTSTART;TZID=Europe/Helsinki:20270120T130000" in request().split("\r\n")
    assert parsed.decoded("DTEND") == ENTRY.ends_at


def test_the_stamp_is_the_moment_of_the_change_and_not_of_the_letter():
    assert event(request()).decoded("DTSTAMP") == ENTRY.stamped_at
    assert request() == request()


def test_a_cancellation_says_so_in_the_method_and_in_the_status():
    text = calendar_text(replace(ENTRY, is_cancelled=True), "CANCEL", ORGANISER, AINO)
    assert str(Calendar.from_ical(text)["METHOD"]) == "CANCEL"
    assert str(event(text)["STATUS"]) == "CANCELLED"


def test_a_published_entry_has_no_recipient():
    assert "ATTENDEE" not in event(calendar_text(ENTRY, "PUBLISH", ORGANISER))


def test_the_link_for_joining_stands_only_where_it_is_given():
    link = "https://teams.microsoft.com/l/meetup-join/1"
    assert "CONFERENCE" not in event(request())
    parsed = event(request(join_url=link))
    assert str(parsed["CONFERENCE"]) == link
    assert str(parsed["X-MICROSOFT-SKYPETEAMSMEETINGURL"]) == link


def test_another_providers_link_is_not_called_a_teams_link():
    assert "X-MICROSOFT-SKYPETEAMSMEETINGURL" not in event(request(join_url="https://kokous.example.org/1"))


def test_the_zone_has_two_yearly_rules_and_no_lists_of_dates():
    text = time_zone("Europe/Helsinki").to_ical().decode()
    assert text.count("BEGIN:STANDARD") == text.count("BEGIN:DAYLIGHT") == 1
    assert text.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=") == 2
    assert "RDATE" not in text


def moments_to_compare(first_year):
    """Every hour of the days on which European clocks may change, and one moment of each month."""
    for year in range(first_year, 2038):
        yield from (datetime(year, month, 10, 12, tzinfo=UTC) for month in range(1, 13))
        for month in (3, 10):
            yield from (datetime(year, month, 24, tzinfo=UTC) + timedelta(hours=hour) for hour in range(8 * 24))


@pytest.mark.parametrize(
    ("zone", "first_year"), [("Europe/Helsinki", 1997), ("Europe/Stockholm", 1997), ("Europe/Tallinn", 2005)]
)
def test_the_handwritten_zone_agrees_with_the_tz_database(zone, first_year):
    ours, theirs = time_zone(zone).to_tz(lookup_tzid=False), ZoneInfo(zone)
    differing = (
        m for m in moments_to_compare(first_year) if m.astimezone(ours) != m.astimezone(theirs).replace(tzinfo=ours)
    )
    assert list(differing) == []


def test_every_offered_zone_follows_the_common_european_rule():
    days = [datetime(2027, month, 10, 12, tzinfo=UTC) for month in range(1, 13)]
    for zone, (winter, *_names) in EUROPEAN_ZONES.items():
        hours = [m.astimezone(ZoneInfo(zone)).utcoffset() / timedelta(hours=1) for m in days]
        assert hours == [winter] * 3 + [winter + 1] * 7 + [winter] * 2


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x85", "\u2028"])
def test_a_line_break_in_a_title_cannot_add_a_property(break_):
    parsed = event(request(title=f"Tapaaminen{break_}ATTENDEE:mailto:vieras@example.org"))
    assert str(parsed["SUMMARY"]) == "Tapaaminen ATTENDEE:mailto:vieras@example.org"
    assert str(parsed["ATTENDEE"]) == "mailto:aino@example.org"


def test_a_line_break_in_an_address_or_a_link_cannot_add_a_property():
    evil = Person("aino@example.org\r\nX-EVIL:1", "Aino\r\nX-EVIL:1")
    text = calendar_text(
        replace(ENTRY, join_url="https://kokous.example.org/\r\nX-EVIL:1", page="https://p.example.org/\nX-EVIL:1"),
        "REQUEST",
        ORGANISER,
        evil,
    )
    assert [name for name in event(text) if name.startswith("X-")] == []


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=160), description=st.text(max_size=600), name=st.text(max_size=80))
def test_whatever_is_written_every_line_is_short_and_the_words_come_back(title, description, name):
    text = calendar_text(
        replace(ENTRY, title=title, description=description), "REQUEST", ORGANISER, Person("a@example.org", name)
    )
    raw = text.encode()
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(len(row) for row in raw.split(b"\r\n")) <= 75
    for row in raw.split(b"\r\n"):
        row.decode()
    parsed = event(text)
    assert str(parsed["SUMMARY"]) == line(title)
    assert str(parsed.get("DESCRIPTION", "")) == paragraphs(description)


def test_links_to_web_calendars_carry_the_time_and_never_the_link_for_joining():
    entry = replace(ENTRY, join_url="https://kokous.example.org/salainen")
    assert "dates=20270120T110000Z%2F20270120T140000Z" in google_link(entry)
    assert "startdt=2027-01-20T11%3A00%3A00Z" in outlook_link(entry)
    assert_not_leaked("salainen", google_link(entry), outlook_link(entry))
