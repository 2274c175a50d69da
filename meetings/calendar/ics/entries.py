"""The events of a calendar file, each with its first time: by hours on its own clock, or by whole days.

Pure. Whole days come in many spellings, and each of them gives days here, from midnight to midnight of our clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Component, vDDDLists

from meetings.calendar.ics_parser import SENSIBLE_YEARS, CalendarOfFile, moment, whole_number

USUAL_LENGTH = timedelta(hours=1)
FLAGS_OF_DAYS = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY", "X-ALLDAY")


@dataclass(frozen=True)
class Entry:
    """One event on its own clock. `begins` is a day when it lasts whole days, else a moment with its zone."""

    event: Component
    begins: date
    starts_at: datetime
    length: timedelta
    clock: tzinfo
    site: tzinfo
    warnings: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, datetime, datetime]:
        """Which version is newer: the higher SEQUENCE, then the later stamp (RFC 5546, 2.1.5)."""
        never = datetime.min.replace(tzinfo=UTC)
        stamped, changed = (moment(value_of(self.event, name), UTC) or never for name in ("DTSTAMP", "LAST-MODIFIED"))
        return whole_number(self.event.get("SEQUENCE")), stamped, changed

    @property
    def is_change(self) -> bool:
        """Whether it stands for one time of a series."""
        return isinstance(value_of(self.event, "RECURRENCE-ID"), date)

    @property
    def is_whole_days(self) -> bool:
        return not isinstance(self.begins, datetime)

    @property
    def repeats(self) -> bool:
        return any(name in self.event for name in ("RRULE", "RDATE"))

    def moment(self, value: Any) -> datetime | None:
        """A day on our clock, or a time that stands on the event's clock unless it has a zone of its own."""
        return moment(value, self.clock if isinstance(value, datetime) else self.site)

    def day(self, value: Any) -> date:
        """The day of a moment on the event's clock; for whole days the day whose midnight it is."""
        if not isinstance(value, datetime):
            return value
        if value.tzinfo is None:
            return value.date()
        if not self.is_whole_days:
            return value.astimezone(self.clock).date()
        is_ours = value.utcoffset() == timedelta() and not _is_midnight(value)
        return value.astimezone(self.site).date() if is_ours else value.date()

    def end(self, wall: date, starts_at: datetime) -> datetime:
        """The end of the time that begins at `wall`: whole days end at a midnight, also when the clocks change."""
        if isinstance(wall, datetime):
            return starts_at + self.length
        return self.moment(wall + self.length) or starts_at + self.length


def entry_of(event: Component, calendar: CalendarOfFile, site: tzinfo) -> Entry | None:
    """The event with its first time, or None when it has none."""
    first = value_of(event, "DTSTART")
    if not isinstance(first, date) or first.year not in SENSIBLE_YEARS:
        return None
    clock = getattr(first, "tzinfo", None) or calendar.floating(site)
    first, warnings = on_clock(first, clock), tuple(_oddities(event, first, calendar))
    last = _end(event, first)
    if whole := _whole_days(event, first, on_clock(last, clock), site):
        day, number = whole
        starts_at, begins, length = moment(day, site), day, timedelta(days=number)
        warnings = (_("A whole day: set the hours in the draft"), *warnings)
    else:
        starts_at, begins = moment(first, clock), first
        length, oddly = _length(first, on_clock(last, clock))
        warnings += oddly
    return Entry(event, begins, starts_at, length, clock, site, warnings) if starts_at else None


def value_of(event: Component, name: str) -> Any:
    """The value of a property, or None when it is missing or broken."""
    try:
        return event.decoded(name)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None


def values_of(event: Component, name: str) -> Iterator[Any]:
    """All values of a property that lists some; a stretch of time as (begin, end or length)."""
    given = event.get(name, [])
    for each in given if isinstance(given, list) else [given]:
        for value in each.dts if isinstance(each, vDDDLists) else []:
            yield value.dt


def _whole_days(event: Component, first: date, last: date | None, site: tzinfo) -> tuple[date, int] | None:
    """(first day, number of days) when an event lasts whole days, in whatever way the file says so.

    Ways: dates; midnight to midnight of its own clock, of UTC or of ours; to one minute before midnight; the flags
    with which Outlook, Windows and Funambol mark it.
    """
    if not isinstance(first, datetime):
        end = last.date() if isinstance(last, datetime) else last
        return first, max(1, (end - first).days) if end else 1
    end = last if isinstance(last, datetime) else None
    for clock in dict.fromkeys((first.tzinfo, site)) if first.utcoffset() == timedelta() else (first.tzinfo,):
        begins, ends = first.astimezone(clock), (end or first).astimezone(clock)
        if begins.time() == time() and ends >= begins and (_is_midnight(ends) or ends.time() >= time(23, 59)):
            days = (ends.date() - begins.date()).days + (0 if _is_midnight(ends) else 1)
            return begins.date(), max(1, days)
    if any(str(event.get(flag, "")).strip().upper() in ("TRUE", "1") for flag in FLAGS_OF_DAYS):
        begins = first.astimezone(site if first.utcoffset() == timedelta() else first.tzinfo)
        day = begins.date() + timedelta(days=begins.hour >= 18)
        return day, max(1, round((end - first) / timedelta(days=1))) if end else 1
    return None


def _is_midnight(at: datetime) -> bool:
    return at.time() == time()


def _end(event: Component, first: date) -> date | None:
    """DTEND, or what DURATION gives: its days by the calendar, its hours by the stopwatch (RFC 5545, 3.3.6)."""
    last, duration = value_of(event, "DTEND"), value_of(event, "DURATION")
    if isinstance(last, date):
        return last
    if not isinstance(duration, timedelta):
        return None
    days = timedelta(days=duration.days)
    try:
        end = first + days
        return end.astimezone(UTC) + (duration - days) if isinstance(end, datetime) else end
    except OverflowError:
        return None


def _length(begins: Any, last: Any) -> tuple[timedelta, tuple[str, ...]]:
    if last is not None and not isinstance(last, datetime):
        last = datetime.combine(last, time(), tzinfo=begins.tzinfo)
    starts_at, ends_at = moment(begins, begins.tzinfo), moment(last, begins.tzinfo)
    if starts_at is None or ends_at is None or ends_at == starts_at:
        return USUAL_LENGTH, (_("The file does not say when it ends: one hour was taken"),)
    if ends_at < starts_at:
        return USUAL_LENGTH, (_("The file says that it ends before it begins: one hour was taken"),)
    return ends_at - starts_at, ()


def on_clock(value: Any, clock: tzinfo) -> Any:
    return value.replace(tzinfo=clock) if isinstance(value, datetime) and value.tzinfo is None else value


def _oddities(event: Component, first: Any, calendar: CalendarOfFile) -> Iterator[str]:
    if not isinstance(first, datetime):
        return
    name = event["DTSTART"].params.get("TZID")
    if first.tzinfo is None and name is not None:
        yield _("The time zone of the file is not known: the time was read as local time")
    elif name and calendar.zones.is_told_otherwise(name, first):
        yield _("The file describes its time zone otherwise than it is in truth: check the hours")


def gap_of(wall: Any) -> tuple[str, ...]:
    """A warning when the clocks skip that hour."""
    if not isinstance(wall, datetime) or wall.tzinfo is None:
        return ()
    again = wall.astimezone(UTC).astimezone(wall.tzinfo)
    if again.replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None, fold=0):
        return ()
    return (_("This hour does not exist: the clocks go forward"),)
