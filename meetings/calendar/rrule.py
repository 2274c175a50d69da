"""On which days an event of somebody else's calendar repeats (RFC 5545, 3.3.10).

Pure. dateutil looks for a rule that never fits until the year 9999, so that a stranger's file could hold a page up for
minutes; here only the days up to a horizon are looked at. Rules about hours, minutes and seconds are refused.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LONGEST = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}  # days of the period that each frequency repeats
KNOWN_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}


class UnknownRule(Exception):
    """The rule says something that is not read here."""


@dataclass(frozen=True)
class Repeat:
    """A rule as numbers. `weekdays` are pairs of a number within the month or year (0: each) and a weekday (0: Monday).

    UNTIL is left to the caller, who knows the hours.
    """

    frequency: str
    every: int = 1
    count: int | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: frozenset[int] = frozenset()
    week_starts: int = 0


def repeat_of(rule: Mapping[str, Any]) -> Repeat:
    """The rule as `icalendar` reads it. Raises UnknownRule."""
    try:
        if set(rule) - KNOWN_PARTS:
            raise UnknownRule
        found = Repeat(
            frequency=str(rule["FREQ"][0]).upper(),
            every=int(rule.get("INTERVAL", [1])[0]),
            count=int(rule["COUNT"][0]) if "COUNT" in rule else None,
            months=_numbers(rule, "BYMONTH"),
            month_days=_numbers(rule, "BYMONTHDAY"),
            weekdays=frozenset(_weekday(str(each)) for each in rule.get("BYDAY", [])),
            positions=_numbers(rule, "BYSETPOS"),
            week_starts=_weekday(str(rule.get("WKST", ["MO"])[0]))[1],
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as wrong:
        raise UnknownRule from wrong
    numbered = any(number for number, _day in found.weekdays)
    if found.frequency not in LONGEST or found.every < 1 or (numbered and LONGEST[found.frequency] < 31):
        raise UnknownRule
    return found


def days_of(repeat: Repeat, first: date, since: date, last: date) -> Iterator[date]:
    """The days from `first` that fit, in order; only those from `since` to `last` are given, though all are counted."""
    start = 0
    if repeat.count is None:
        start = max(0, (since - first).days // (repeat.every * LONGEST[repeat.frequency]) - 1)
    left = repeat.count
    for number in range(start, start + (last - first).days + 2):
        days = _period(repeat, first, number)
        if days is None or days[0] > last:
            return
        for day in _chosen(repeat, first, days):
            if left == 0 or day > last:
                return
            if day < first:
                continue
            left = left - 1 if left is not None else None
            if day >= since:
                yield day


def _numbers(rule: Mapping[str, Any], part: str) -> frozenset[int]:
    return frozenset(int(str(each)) for each in rule.get(part, []))


def _weekday(text: str) -> tuple[int, int]:
    return int(text[:-2] or 0), WEEKDAYS.index(text[-2:].upper())


def _period(repeat: Repeat, first: date, number: int) -> list[date] | None:
    """All days of the day, week, month or year that the rule comes to at its turn; None after the end of time.

    Of a year only the months that the rule names.
    """
    step = number * repeat.every
    try:
        if repeat.frequency == "DAILY":
            return [first + timedelta(days=step)]
        if repeat.frequency == "WEEKLY":
            back = (first.weekday() - repeat.week_starts) % 7
            return _stretch(first + timedelta(days=7 * step - back), 7)
        if repeat.frequency == "MONTHLY":
            years, month = divmod(first.month - 1 + step, 12)
            return _month(first.year + years, month + 1)
        year = first.year + step
        return [day for month in sorted(repeat.months) or range(1, 13) for day in _month(year, month)]
    except (OverflowError, ValueError):
        return None


def _month(year: int, month: int) -> list[date]:
    return _stretch(date(year, month, 1), monthrange(year, month)[1])


def _stretch(begin: date, length: int) -> list[date]:
    return [begin + timedelta(days=n) for n in range(length)]


def _chosen(repeat: Repeat, first: date, days: list[date]) -> Iterable[date]:
    found = [day for day in days if _fits(repeat, first, day)]
    if not repeat.positions:
        return found
    size = len(found)
    return [day for n, day in enumerate(found) if n + 1 in repeat.positions or n - size in repeat.positions]


def _fits(repeat: Repeat, first: date, day: date) -> bool:
    """Whether a day is one of the rule's; what the rule does not say is taken from the first day."""
    is_bare = not (repeat.month_days or repeat.weekdays)
    yearly = repeat.frequency == "YEARLY"
    months = repeat.months or ({first.month} if yearly and is_bare else set())
    if months and day.month not in months:
        return False
    if is_bare:
        same_weekday = repeat.frequency == "WEEKLY" and day.weekday() == first.weekday()
        return repeat.frequency == "DAILY" or same_weekday or (LONGEST[repeat.frequency] > 7 and day.day == first.day)
    length = monthrange(day.year, day.month)[1]
    if repeat.month_days and not {day.day, day.day - length - 1} & repeat.month_days:
        return False
    if not repeat.weekdays:
        return True
    if yearly and not repeat.months:
        return _is_among(repeat, day.weekday(), day.timetuple().tm_yday, (date(day.year, 12, 31)).timetuple().tm_yday)
    return _is_among(repeat, day.weekday(), day.day, length)


def _is_among(repeat: Repeat, weekday: int, nth_day: int, length: int) -> bool:
    """Whether it is each such weekday that is meant, or the one with this number from the beginning or the end."""
    forward, backward = (nth_day - 1) // 7 + 1, -((length - nth_day) // 7 + 1)
    return bool({(0, weekday), (forward, weekday), (backward, weekday)} & repeat.weekdays)
