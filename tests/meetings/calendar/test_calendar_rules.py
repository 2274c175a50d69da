"""Repeating meetings: our days, those of ical.js and those of recurring-ical-events are the same ones."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings.calendar.ical import time_zone
from meetings.calendar.ics_import import AHEAD, read_events
from meetings.calendar.rrule import Repeat
from meetings.calendar.rrule import days_of as days_of_repeat
from meetings.models import MeetingSeries
from meetings.series import recurrence
from meetings.series.recurrence import LAST, MOST, Rule, days_of, nth_of
from tests.meetings.calendar.judges import ical_js

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
AT = time(13)
RULES = 300


def calendar(starts_on, rule):
    """A calendar with one event at one o'clock in Helsinki that repeats by a rule."""
    zone = time_zone("Europe/Helsinki").to_ical().decode()
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{zone}BEGIN:VEVENT\r\nUID:1@example.org\r\n"
        f"DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Helsinki:{starts_on:%Y%m%d}T130000\r\nDURATION:PT3H\r\n"
        f"SUMMARY:x\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def by_ical_js(texts, folder):
    answers = ical_js([("repeats", text, MOST) for text in texts], folder)
    return [[datetime.fromisoformat(each.replace("Z", "+00:00")) for each in answer] for answer in answers]


def by_recurring_ical_events(text):
    package = pytest.importorskip("recurring_ical_events", reason="recurring-ical-events is not installed")
    found = []
    for event in package.of(Calendar.from_ical(text)).after(datetime(1990, 1, 1, tzinfo=UTC)):
        found.append(event["DTSTART"].dt.astimezone(UTC))
        if len(found) == MOST:
            break
    return found


def moments(days):
    return [datetime.combine(day, AT, tzinfo=HELSINKI).astimezone(UTC) for day in days]


def text_of(rule):
    """One of our rules as RFC 5545 writes it."""
    weekday = WEEKDAYS[rule.starts_on.weekday()]
    words = {
        recurrence.WEEKS: "FREQ=WEEKLY",
        recurrence.MONTH_BY_WEEKDAY: f"FREQ=MONTHLY;BYDAY={rule.nth}{weekday}",
        recurrence.MONTH_BY_DATE: f"FREQ=MONTHLY;BYMONTHDAY={rule.starts_on.day}",
    }[rule.frequency]
    return f"{words};INTERVAL={rule.every};COUNT={rule.count}"


def rule_of_ours(dice):
    starts_on = date(2024, 1, 1) + timedelta(days=dice.randrange(2500))
    frequency = dice.choice([recurrence.WEEKS, recurrence.MONTH_BY_WEEKDAY, recurrence.MONTH_BY_DATE])
    every, count = dice.randint(1, 6), dice.randint(1, 30)
    return Rule(frequency, starts_on, AT, "Europe/Helsinki", every=every, nth=nth_of(starts_on), count=count)


def test_the_first_wednesday_is_at_one_all_spring_here_and_in_other_calendars(make_meeting, world, tmp_path):
    """Check 6."""
    starts_on = date(2027, 1, 6)
    first = make_meeting(starts_at=datetime.combine(starts_on, AT, tzinfo=HELSINKI))
    rule = Rule(recurrence.MONTH_BY_WEEKDAY, starts_on, AT, "Europe/Helsinki", nth=1, count=6)
    series = MeetingSeries(
        area=world.area, frequency=rule.frequency, nth=1, starts_on=starts_on, at=AT, minutes=180,
        time_zone="Europe/Helsinki", count=6,
    )  # fmt: skip
    series.start(first, days_of(rule), timezone.now())
    ours = [meeting.starts_at for meeting in series.meetings.next_first()]
    assert {f"{each.astimezone(HELSINKI):%a %H:%M}" for each in ours} == {"Wed 13:00"}
    assert len(ours) == 6
    text = calendar(starts_on, text_of(rule))
    assert by_ical_js([text], tmp_path) == [ours]
    assert by_recurring_ical_events(text) == ours


@pytest.fixture(scope="module")
def ours():
    """Three hundred rules as a coordinator could choose them."""
    dice = Random(5545)
    return [rule_of_ours(dice) for _n in range(RULES)]


def test_three_hundred_rules_give_the_days_that_ical_js_gives(ours, tmp_path):
    """Check 6."""
    theirs = by_ical_js([calendar(rule.starts_on, text_of(rule)) for rule in ours], tmp_path)
    wrong = [rule for rule, found in zip(ours, theirs, strict=True) if moments(days_of(rule)) != found]
    assert wrong == []


def test_three_hundred_rules_give_the_days_that_recurring_ical_events_gives(ours):
    """Check 6."""
    wrong = [
        rule
        for rule in ours
        if moments(days_of(rule)) != by_recurring_ical_events(calendar(rule.starts_on, text_of(rule)))
    ]
    assert wrong == []


# rules of other people's calendars


def rule_of_others(dice):
    """A first day and a rule as Outlook, Google and Apple let people choose it; the first day fits the rule."""
    day = date(2024, 1, 1) + timedelta(days=dice.randrange(900))
    weekday, number = WEEKDAYS[day.weekday()], nth_of(day)
    some = sorted({weekday, *dice.sample(WEEKDAYS, 2)})
    words = dice.choice(
        [
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            f"FREQ=WEEKLY;BYDAY={','.join(some)}",
            f"FREQ=WEEKLY;WKST=SU;BYDAY={','.join(some)}",
            f"FREQ=MONTHLY;BYDAY={number}{weekday}",
            f"FREQ=MONTHLY;BYDAY={number}{weekday},{LAST}{weekday}",
            f"FREQ=MONTHLY;BYMONTHDAY={day.day}",
            "FREQ=MONTHLY",
            f"FREQ=MONTHLY;BYDAY={weekday};BYSETPOS={number}",
            "FREQ=YEARLY",
            f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}",
            f"FREQ=YEARLY;BYMONTH={day.month};BYDAY={number}{weekday}",
        ]
    )
    ends = dice.choice([f";COUNT={dice.randint(1, 40)}", f";UNTIL={day + timedelta(days=400):%Y%m%d}T220000Z", ""])
    return day, f"{words};INTERVAL={dice.randint(1, 3)}{ends}"


def test_three_hundred_rules_of_other_calendars_are_taken_in_as_both_judges_read_them(tmp_path):
    """Check 6."""
    dice = Random(2445)
    asked = [rule_of_others(dice) for _n in range(RULES)]
    texts = [calendar(day, words) for day, words in asked]
    by_js = by_ical_js(texts, tmp_path)
    wrong = []
    for (day, words), text, theirs in zip(asked, texts, by_js, strict=True):
        begins = datetime.combine(day, AT, tzinfo=HELSINKI)
        last = begins + AHEAD
        own = [each.starts_at for each in read_events(text.encode(), HELSINKI, begins)]
        for judge in (theirs, by_recurring_ical_events(text)):
            if own != [each for each in judge if each.date() <= last.date()]:
                wrong.append((day, words, own[:4], judge[:4]))
    assert wrong == []


@pytest.mark.parametrize(
    ("repeat", "since"),
    [(Repeat("DAILY", 3), date(2026, 5, 5)), (Repeat("WEEKLY", 2), date(2027, 1, 1)),
     (Repeat("MONTHLY", 5), date(2040, 1, 1)), (Repeat("YEARLY", 2), date(2050, 1, 1))],
)  # fmt: skip
def test_days_long_past_are_skipped_without_losing_the_turn(repeat, since):
    first, last = date(2020, 2, 3), date(2060, 1, 1)
    every = list(days_of_repeat(repeat, first, first, last))
    assert list(days_of_repeat(repeat, first, since, last)) == [day for day in every if day >= since]
