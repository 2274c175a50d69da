"""Calendar files other than icalendar's own are read with the same hours as a second library reads them.

The library is recurring-ical-events, whose package brings along the files that its users sent in; to these come files
of every kind made here. Where the two differ, DIFFERENT says why.
"""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from icalendar import Calendar
from icalendar.timezone import tzp

from meetings.calendar.ics_import import Window, read_file
from meetings.calendar.ics_parser import Unreadable
from tests.meetings.calendar.made_files import made_files
from tests.meetings.calendar.test_calendar_file import HELSINKI, NOW

judge = pytest.importorskip("recurring_ical_events", reason="recurring-ical-events is not installed")

PUBLIC = sorted(Path(str(files("recurring_ical_events"))).joinpath("test", "calendars").rglob("*.ics"))
STRETCH = timedelta(days=55)  # a daily event is shown at most sixty times
NO_EVENTS = {"issue_97_simple_journal", "issue_97_simple_todo", "issue_97_todo_nodtstart", "no_events"}
DIFFERENT = {
    "bad_rrule_missing_until_event": "a rule that cannot be read: its first time and a warning, there nothing",
    "end_before_start_event": "ends before it begins: begin and one hour with a warning, there the two are swapped",
    "issue_132_swapped_start_and_end": "as above",
    "issue_201_test_matrix": "begins with a day and ends at an hour: whole days here, there the hour",
    "issue_253_additional_recurrence_id": "a newer version lost a changed time: shown with a warning, there nothing",
    "issue_28_rrule_with_UTC_endinginZ": "UNTIL is a midnight of London in UTC: that day counts here, as in Exchange",
}


def span(begin, end):
    """The moments of an event of the other library; days, and midnight to midnight, from midnight to midnight here."""
    if is_midnight(begin) and is_midnight(end):
        first, last = (each.date() if isinstance(each, datetime) else each for each in (begin, end))
        last = max(last, first + timedelta(days=1))
        return tuple(datetime.combine(each, time(), tzinfo=HELSINKI).astimezone(UTC) for each in (first, last))
    first, last = ((at if at.tzinfo else at.replace(tzinfo=HELSINKI)).astimezone(UTC) for at in (begin, end))
    return first, last if last > first else first + timedelta(hours=1)


def is_midnight(value):
    return not isinstance(value, datetime) or value.time() == time()


def by_judge(data, since, until):
    found = set()
    for text in data.decode().split("BEGIN:VCALENDAR")[1:]:
        tzp.use_default()  # it keeps zones by name for the whole process
        for calendar in Calendar.from_ical("BEGIN:VCALENDAR" + text, multiple=True):
            events = judge.of(calendar, skip_bad_series=True).between(since, until)
            found |= {span(event.start, event.end) for event in events}
    tzp.use_default()
    return found


def by_us(data, since, until):
    return {(each.starts_at, each.ends_at) for each in read_file(data, HELSINKI, Window(since, since, until)).events}


def stretches(data):
    """Some weeks around the first event, around the last, and a year later: over both changes of the clocks."""
    found = read_file(data, HELSINKI, Window(NOW))
    begins = {found.first, found.last, found.first + timedelta(days=400), found.first + timedelta(days=140)}
    days = {date.fromordinal(at.astimezone(HELSINKI).toordinal() - 1) for at in begins}
    return [datetime.combine(day, time(), tzinfo=HELSINKI) for day in sorted(days)]


def differ(data):
    return [
        since
        for since in stretches(data)
        if by_us(data, since, since + STRETCH) != by_judge(data, since, since + STRETCH)
    ]


def test_more_than_a_hundred_files_are_compared():
    """Real use 23."""
    assert len(PUBLIC) > 90
    assert len(PUBLIC) - len(NO_EVENTS) + len(list(made_files())) > 200


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", PUBLIC, ids=lambda file: file.name.removesuffix(".ics"))
def test_public_files_are_read_with_the_same_hours(file):
    """Real use 23: each file that others sent in."""
    name, data = file.name.removesuffix(".ics"), file.read_bytes()
    if name in NO_EVENTS:
        with pytest.raises(Unreadable):
            read_file(data, HELSINKI, Window(NOW))
    else:
        assert bool(differ(data)) == (name in DIFFERENT), DIFFERENT.get(name)


@pytest.mark.filterwarnings("ignore")
def test_made_files_are_read_with_the_same_hours():
    """Real use 10, 23: in one process, one after the other."""
    assert {name: differ(data) for name, data in made_files() if differ(data)} == {}
