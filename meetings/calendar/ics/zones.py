"""The time zones of one calendar file (RFC 5545, 3.6.5): a world of its own that no other file touches.

Pure. The icalendar package keeps each VTIMEZONE by its TZID for the whole process, and many programs call theirs
“Customized Time Zone”; so the package never sees a stranger's VTIMEZONE or TZID. A zone of the tz database is taken
from there, because old devices describe it by rules that have changed since. Rules are followed only around the year
that is asked for, so that a rule that never comes true holds nobody up.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from meetings.calendar.ics.content_lines import Block, name_of, value_of
from meetings.calendar.rrule import Repeat, UnknownRule, days_of, repeat_of

MOST_ZONES, MOST_ONSETS, MOST_COUNTED, LONGEST_NAME = 200, 500, 200, 255
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?")
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT)?([+-]\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_LOCATION = "X-LIC-LOCATION"


class BadZone(Exception):
    """A VTIMEZONE cannot be read; the text is the name of the property at fault."""


@dataclass(frozen=True)
class Observance:
    """STANDARD or DAYLIGHT: the moments at which it begins, on the clock before, and the two offsets from UTC."""

    before: timedelta
    after: timedelta
    onsets: tuple[datetime, ...]
    repeat: Repeat | None
    until: datetime | None  # in UTC
    is_standard: bool

    def around(self, year: int) -> set[datetime]:
        """Its beginnings in a year and those beside it, and the last ones before when it has ended."""
        first = self.onsets[0]
        if self.repeat is None:
            return set(self.onsets)
        if first.year > year + 1:
            return set()
        last = date(min(year + 1, 9998), 12, 31)
        if self.until:
            last = min(last, (self.until + timedelta(days=1)).date())
        back = timedelta(days=366 * min(self.repeat.every + 2, 100))
        since = max(first.date(), last - min(back, last - date.min))
        days = days_of(self.repeat, first.date(), since, last)
        found = {datetime.combine(day, first.time()) for day in days}
        return {*self.onsets[1:], *(each for each in found if not self.until or each - self.before <= self.until)}


class FileZone(tzinfo):
    """A zone as a file describes it; of an hour that comes twice the first is meant, as in RFC 5545, 3.3.5."""

    def __init__(self, observances: list[Observance]) -> None:
        self._observances = observances
        self._by_year: dict[int, list[tuple[datetime, timedelta, timedelta]]] = {}
        standard = [each for each in observances if each.is_standard] or observances
        self._at_first = min(standard, key=lambda each: each.onsets[0]).after

    def utcoffset(self, dt: datetime | None) -> timedelta:
        if dt is None:
            return self._at_first
        wall, later = dt.replace(tzinfo=None, fold=0), bool(dt.fold)
        offset = self._at_first
        for onset, before, after in self._changes(wall.year):
            jump = after - before
            if onset + (min if later else max)(jump, timedelta()) > wall:
                break
            offset = after
        return offset

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return None

    def fromutc(self, dt: datetime) -> datetime:
        moment = dt.replace(tzinfo=None)
        changes = self._changes(moment.year)
        number = bisect_right([onset - before for onset, before, _after in changes], moment) - 1
        if number < 0:
            return (moment + self._at_first).replace(tzinfo=self)
        onset, _before, after = changes[number]
        local = moment + after
        return local.replace(tzinfo=self, fold=int(local < onset))

    def _changes(self, year: int) -> list[tuple[datetime, timedelta, timedelta]]:
        if year not in self._by_year:
            found = [(on, each.before, each.after) for each in self._observances for on in each.around(year)]
            self._by_year[year] = sorted(found)
        return self._by_year[year]


class Zones:
    """What the TZIDs of one calendar mean. `bad` are (name, property at fault) of descriptions that were left out."""

    def __init__(self, described: list[Block]) -> None:
        self.bad: list[tuple[str, str]] = []
        self._described: dict[str, tzinfo] = {}
        self._places: dict[str, str] = {}
        for block in described[:MOST_ZONES]:
            self._add(block)

    def find(self, name: str) -> tzinfo | None:
        """The zone of a TZID, or None when nobody knows it."""
        name = clean(name)
        known = _known(name)
        return known or self._described.get(name) or _windows(name) or self._by_place(name) or _guessed(name)

    def is_told_otherwise(self, name: str, at: datetime) -> bool:
        """Whether the file's own description of a well-known zone gives another hour."""
        known, described = _known(clean(name)), self._described.get(clean(name))
        return bool(known and described) and known.utcoffset(at) != described.utcoffset(at)  # type: ignore[union-attr]

    def _add(self, block: Block) -> None:
        name = clean(block.text("TZID"))
        try:
            if not name:
                raise BadZone("TZID")
            zone = _zone_of(block)
        except BadZone as wrong:
            self.bad.append((name, str(wrong)))
            self._places.setdefault(name, clean(block.text(_LOCATION)))
        else:
            self._described.setdefault(name, zone)

    def _by_place(self, name: str) -> tzinfo | None:
        return _known(self._places.get(name, ""))


def clean(name: str) -> str:
    """A TZID as it is compared: without quotes, and short."""
    return " ".join(name.replace('"', " ").split())[:LONGEST_NAME]


def _known(name: str) -> tzinfo | None:
    """A zone of the tz database, in capitals or not."""
    found = _names().get(name.lower())
    return ZoneInfo(found) if found else None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = {name.lower(): name for name in available_timezones()}
    return names | {"utc": "UTC", "z": "UTC", "coordinated universal time": "UTC"}


def _windows(name: str) -> tzinfo | None:
    return _known(WINDOWS_TO_OLSON.get(name, ""))


def _guessed(name: str) -> tzinfo | None:
    """The zone at the end of a longer name (`/example.org/Olson/Europe/Helsinki`), or an offset (`UTC+02:00`)."""
    parts = name.split("/")
    for start in range(1, len(parts)):
        if found := _known("/".join(parts[start:])):
            return found
    offset = _NAMED_OFFSET.fullmatch(name)
    if not offset or abs(int(offset[1])) > 14 or int(offset[2] or 0) > 59:
        return None
    minutes = int(offset[2] or 0) * (-1 if offset[1].startswith("-") else 1)
    return timezone(timedelta(hours=int(offset[1]), minutes=minutes))


def _zone_of(block: Block) -> FileZone:
    observances = [_observance(each) for each in block.inner if each.name in ("STANDARD", "DAYLIGHT")]
    if not observances:
        raise BadZone("STANDARD")
    return FileZone(observances)


def _observance(block: Block) -> Observance:
    before, after = _offset(block, "TZOFFSETFROM"), _offset(block, "TZOFFSETTO")
    first = _wall(block.text("DTSTART"), before, "DTSTART")
    dates = [value for line in block.lines if name_of(line) == "RDATE" for value in value_of(line).split(",")]
    onsets = (first, *sorted(_wall(each.partition("/")[0], before, "RDATE") for each in dates[:MOST_ONSETS]))
    repeat, until = _rule(block.text("RRULE"), before)
    if repeat and not (repeat.months or repeat.month_days or repeat.weekdays):
        repeat = replace(repeat, months=frozenset({first.month}))
    if repeat and repeat.count:
        days = days_of(repeat, first.date(), first.date(), date(MAXYEAR, 1, 1))
        onsets, repeat = (*onsets, *(datetime.combine(day, first.time()) for day in days)), None
    return Observance(before, after, onsets, repeat, until, block.name == "STANDARD")


def _offset(block: Block, name: str) -> timedelta:
    """UTC-OFFSET (RFC 5545, 3.3.14), also with colons."""
    found = _OFFSET.fullmatch(block.text(name))
    if not found or int(found[2]) > 23 or int(found[3]) > 59 or int(found[4] or 0) > 59:
        raise BadZone(name)
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -size if found[1] == "-" else size


def _wall(text: str, before: timedelta, name: str) -> datetime:
    """A moment on the clock before the change; with a Z it stands in UTC."""
    try:
        if len(text) == 8:
            return datetime.combine(datetime.strptime(text, "%Y%m%d"), time())
        found = datetime.strptime(text[:15], "%Y%m%dT%H%M%S")
        return found + before if text[15:].upper() == "Z" else found
    except (ValueError, OverflowError) as wrong:
        raise BadZone(name) from wrong


def _rule(text: str, before: timedelta) -> tuple[Repeat | None, datetime | None]:
    if not text:
        return None, None
    try:
        rule = vRecur.from_ical(text)
        repeat, until = repeat_of(rule), next(iter(rule.get("UNTIL", [])), None)
    except (ValueError, UnknownRule, TypeError, AttributeError) as wrong:
        raise BadZone("RRULE") from wrong
    if repeat.frequency != "YEARLY" or (repeat.count or 0) > MOST_COUNTED:
        raise BadZone("RRULE")
    if until is None:
        return repeat, None
    if not isinstance(until, datetime):
        return repeat, datetime.combine(until, time(23, 59, 59)) - before
    return repeat, until.astimezone(UTC).replace(tzinfo=None) if until.tzinfo else until - before
