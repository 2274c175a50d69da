"""Moments and durations as Teams writes them in its reports, in the ways of English, Finnish and Swedish."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

Interval = tuple[datetime, datetime]

PART = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(tuntia|tunti|timmar|timme|tim|hours?|t|h|minuuttia|minuter|minutes?|min|m"
    r"|sekuntia|sekunder|seconds?|sek|sec|s)(?![^\W\d_])",
    re.IGNORECASE,
)
SECONDS = {"t": 3600, "h": 3600, "m": 60, "s": 1}
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?!\d)\s*([ap])?", re.IGNORECASE)
# What stands for the day of a moment that was written without one.
NO_DAY = date(1900, 1, 1)


def seconds_in(duration: str) -> int:
    """ "2h 3m 59s", "1 t 5 min", "01:02:03"; 0 when there is no telling."""
    clock = re.fullmatch(r"(\d{1,3}):(\d\d)(?::(\d\d))?", duration.strip())
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts = [(number, unit) for number, unit in PART.findall(duration) if len(number) < 7]
    return round(sum(float(number.replace(",", ".")) * SECONDS[unit[0].lower()] for number, unit in parts))


def is_day_first(written: Iterable[str], on: date | None = None) -> bool:
    """Whether days stand before months in these moments; `on` is the day they should be of, when both could be.

    A report is written in one way throughout: "1/20/27, 9:00 AM" in the United States, "20/01/2027, 9:00" elsewhere.
    """
    written = list(written)
    pairs = [
        (int(found[1]), int(found[3])) for each in written if (found := _YEAR_LAST.search(each)) and found[2] == "/"
    ]
    if not pairs or any(first > 12 for first, _second in pairs):
        return True
    if any(second > 12 for _first, second in pairs):
        return False
    if on and any((second, first) == (on.day, on.month) for first, second in pairs):
        return False
    if on and any((first, second) == (on.day, on.month) for first, second in pairs):
        return True
    return not any(re.search(r"\d\s*[AP]M", each) for each in written)


def moment(written: str, day_first: bool = True) -> datetime | None:
    """ "20.1.2027 klo 12.58.11", "1/20/27, 12:58:11 PM", "2027-01-20 12:58"; a clock alone is of `NO_DAY`."""
    on, rest = _day(written, day_first)
    clock = _CLOCK.search(rest)
    if clock is None:
        return None
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime(on.year, on.month, on.day, hour, int(clock[2]), int(clock[3] or 0))
    except ValueError:
        return None


def _day(written: str, day_first: bool) -> tuple[date, str]:
    """The day of a moment, and what is written besides it."""
    if found := _YEAR_FIRST.search(written):
        year, month, day = (int(part) for part in found.groups())
    elif found := _YEAR_LAST.search(written):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "/" and not day_first:
            day, month = month, day
        year += 2000 if year < 100 else 0
    else:
        return NO_DAY, written
    try:
        return date(year, month, day), f"{written[: found.start()]} {written[found.end() :].lstrip('T')}"
    except ValueError:
        return NO_DAY, ""


def interval(joined: datetime | None, left: datetime | None) -> Interval | None:
    """From coming to leaving; over midnight when the days were not written."""
    if joined is None or left is None:
        return None
    if left < joined and joined.date() == NO_DAY:
        left += timedelta(days=1)
    return (joined, left) if left >= joined else None


def seconds_of_union(intervals: Iterable[Interval], within: Interval | None = None) -> int:
    """How long at least one of them lasts, in all; of it only what lies `within`."""
    total, until = timedelta(0), datetime.min
    for begin, end in sorted(intervals):
        if within:
            begin, end = max(begin, within[0]), min(end, within[1])
        begin = max(begin, until)
        if end > begin:
            total += end - begin
            until = end
    return round(total.total_seconds())
