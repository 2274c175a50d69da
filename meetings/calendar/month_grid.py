"""A month as weeks of days with their meetings, and a year as months, for the public calendar and the desk's."""

from calendar import Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.text import dates
from meetings.models import Meeting
from meetings.series.recurrence import holiday

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 42  # of one meeting


class Entry(NamedTuple):
    """A meeting on one of its days."""

    meeting: Meeting
    on: date

    @property
    def hours(self) -> str:
        """The hours of this day: when it begins, or of a meeting of several days what of it falls on this one."""
        begins, ends = timezone.localtime(self.meeting.starts_at), timezone.localtime(self.meeting.ends_at)
        days, tongue = _days_of(self.meeting), get_language() or settings.LANGUAGE_CODE
        if len(days) == 1:
            return dates.time_of_day(begins, tongue)
        if self.on == days[0]:
            return _("from %(time)s") % {"time": dates.time_of_day(begins, tongue)}
        if self.on < days[-1] or ends.date() > self.on:
            return _("all day")
        return _("until %(time)s") % {"time": dates.time_of_day(ends, tongue)}


@dataclass
class Day:
    """One square of the table."""

    on: date
    is_outside: bool
    is_today: bool
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        return [Entry(meeting, self.on) for meeting in self.meetings]

    @property
    def holiday(self) -> str:
        return holiday_on(self.on)

    @property
    def is_empty(self) -> bool:
        return not self.meetings and not self.holiday


class Week(list[Day]):
    """Seven days from Monday on."""

    @property
    def number(self) -> int:
        """By ISO 8601, as calendars in Finland count."""
        return self[0].on.isocalendar().week

    @property
    def is_empty(self) -> bool:
        """Whether no day of the month itself has anything to show."""
        return all(day.is_outside or day.is_empty for day in self)


@dataclass
class Month:
    """One page of the calendar. `weeks` begin on Monday."""

    first: date
    weeks: list[Week]

    @property
    def previous(self) -> date | None:
        return _if_shown((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> date | None:
        return _if_shown((self.first + timedelta(days=32)).replace(day=1))

    @property
    def weekdays(self) -> list[date]:
        """The days of the first row: their names head the columns."""
        return [day.on for day in self.weeks[0]]

    @property
    def busy_days(self) -> list[Day]:
        """The days of this month that have meetings."""
        return [day for week in self.weeks for day in week if day.meetings and not day.is_outside]


class YearRow(NamedTuple):
    """One line of a month of the year: a meeting, or a public holiday. `week` stands on the first line of each week."""

    on: date
    last: date
    week: int | None
    meeting: Meeting | None = None
    holiday: str = ""


class YearMonth(NamedTuple):
    """One month of a year; a meeting of several days stands in each month that it touches."""

    first: date
    meetings: list[Meeting]

    @property
    def rows(self) -> list[YearRow]:
        """Meetings and public holidays in order of time."""
        rows: list[YearRow] = []
        week = None
        for on, last, meeting, name in sorted([*self._holidays(), *self._meetings()], key=lambda row: row[0]):
            number = on.isocalendar().week
            rows.append(YearRow(on, last, number if number != week else None, meeting, name))
            week = number
        return rows

    def _meetings(self) -> Iterator[tuple[date, date, Meeting | None, str]]:
        for meeting in self.meetings:
            days = _days_of(meeting)
            yield days[0], days[-1], meeting, ""

    def _holidays(self) -> Iterator[tuple[date, date, Meeting | None, str]]:
        for on in Calendar().itermonthdates(self.first.year, self.first.month):
            if on.month == self.first.month and (name := holiday_on(on)):
                yield on, on, None, name


def month_of(meetings: Iterable[Meeting], year: int, month: int, today: date) -> Month | None:
    """The page of one month, or None beyond the calendar's years. A meeting stands on each of its days."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    by_day: dict[date, list[Meeting]] = {}
    for meeting in meetings:
        for on in _days_of(meeting):
            by_day.setdefault(on, []).append(meeting)
    weeks = Calendar().monthdatescalendar(year, month)
    squares = [Week(Day(on, on.month != month, on == today, by_day.get(on, [])) for on in week) for week in weeks]
    return Month(date(year, month, 1), squares)


def year_of(meetings: Iterable[Meeting], year: int) -> list[YearMonth]:
    """The months of a year with their meetings."""
    months = [YearMonth(date(year, month, 1), []) for month in range(1, 13)]
    for meeting in meetings:
        for month in sorted({on.month for on in _days_of(meeting) if on.year == year}):
            months[month - 1].meetings.append(meeting)
    return months


def holiday_on(day: date) -> str:
    """The name of a public holiday of the installation's country in the reader's language, or nothing."""
    return holiday(day, settings.HOLIDAYS_OF, get_language() or settings.LANGUAGE_CODE)


def _days_of(meeting: Meeting) -> list[date]:
    first = timezone.localdate(meeting.starts_at)
    last = timezone.localdate(meeting.ends_at - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range(min((last - first).days, MOST_DAYS - 1) + 1)]


def _if_shown(first: date) -> date | None:
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else None
