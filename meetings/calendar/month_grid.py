"""A month as weeks of days with their meetings, for the public calendar and the desk's."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from meetings.models import Meeting

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass
class Day:
    """One square of the table."""

    on: date
    is_outside: bool
    is_today: bool
    meetings: list[Meeting] = field(default_factory=list)


@dataclass
class Month:
    """One page of the calendar. `weeks` begin on Monday."""

    first: date
    weeks: list[list[Day]]

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


def month_of(meetings: Iterable[Meeting], year: int, month: int, today: date) -> Month | None:
    """The page of one month, or None beyond the calendar's years. A meeting stands on each of its days."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    by_day: dict[date, list[Meeting]] = {}
    for meeting in meetings:
        for on in _days_of(meeting):
            by_day.setdefault(on, []).append(meeting)
    weeks = Calendar().monthdatescalendar(year, month)
    squares = [[Day(on, on.month != month, on == today, by_day.get(on, [])) for on in week] for week in weeks]
    return Month(date(year, month, 1), squares)


def year_of(meetings: Iterable[Meeting], year: int) -> list[tuple[date, list[Meeting]]]:
    """(first day, meetings) of each month of a year; a meeting stands in the month in which it begins."""
    months: list[tuple[date, list[Meeting]]] = [(date(year, month, 1), []) for month in range(1, 13)]
    for meeting in meetings:
        begins = timezone.localdate(meeting.starts_at)
        if begins.year == year:
            months[begins.month - 1][1].append(meeting)
    return months


def _days_of(meeting: Meeting) -> list[date]:
    first = timezone.localdate(meeting.starts_at)
    last = timezone.localdate(meeting.ends_at - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range(min((last - first).days, 41) + 1)]


def _if_shown(first: date) -> date | None:
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else None
