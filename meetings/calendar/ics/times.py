"""When the events of a calendar file are: newest versions, repeating, left-out and moved times (RFC 5545, 3.8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from icalendar import Component, vRecur

from meetings.calendar.ical import line
from meetings.calendar.ics.entries import Entry, gap_of, on_clock, value_of, values_of
from meetings.calendar.rrule import LONGEST, UnknownRule, days_of, repeat_of
from meetings.series.recurrence import MOST as MOST_OF_ONE

AHEAD = timedelta(days=730)  # how far a repeating event is followed
OLDEST = timedelta(days=365 * 30)
FARTHEST_MOVE = timedelta(days=60)  # of a time by one that was moved for all that follow
MOST_DAYS_LOOKED_AT = 500_000  # by all rules of one file together


class Time(NamedTuple):
    """One time of an event. `occurrence` names it within its series; `event` is the component whose words it has."""

    occurrence: str
    starts_at: datetime
    ends_at: datetime
    warnings: tuple[str, ...]
    event: Component


@dataclass
class Window:
    """From when to when times are wanted; without bounds repeating events are followed from now for two years."""

    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    days_left: int = MOST_DAYS_LOOKED_AT

    @property
    def start(self) -> datetime:
        return self.since or self.now

    def wider(self, by: timedelta) -> "Window":
        """With so much more on both sides, for times that are moved into it."""
        until = self.until + by if self.until else None
        return Window(self.now, self.start - by, until, self.days_left)

    def holds(self, starts_at: datetime, ends_at: datetime) -> bool:
        return (self.since is None or ends_at > self.since) and (self.until is None or starts_at < self.until)

    def last_day(self, begins: datetime) -> date:
        return (self.until or max(self.start, begins) + AHEAD).date()

    def spend(self, days: int) -> None:
        """Looking at so many days is paid for. Raises UnknownRule when the file has used up its share."""
        self.days_left -= days
        if self.days_left < 0:
            raise UnknownRule


@dataclass
class Series:
    """The versions of one UID that count: the event itself and its changed times.

    `is_twin`: the file has several events of this UID and does not tell which is newer.
    """

    entry: Entry | None = None
    changed: list[Entry] = field(default_factory=list)
    is_twin: bool = False

    def times(self, window: Window) -> Iterator[Time]:
        """All times in the window, moved ones at their new time."""
        single: dict[datetime, Entry] = {}
        for entry in sorted(self.changed, key=lambda each: each.rank):
            if origin := self._origin(entry):
                single[origin] = entry
        following = sorted((origin for origin, entry in single.items() if _is_range(entry)), reverse=True)
        left_out = _LeftOut.of(self.entry) if self.entry else _LeftOut()
        reach = max((abs(single[origin].starts_at - origin) for origin in following), default=timedelta())
        wide = window.wider(min(reach, FARTHEST_MOVE)) if reach else window
        for each in self._own_times(wide, left_out):
            if each.origin in single:
                continue
            governing = next((single[origin] for origin in following if origin < each.origin), None)
            yield from self._shown(each, governing, replace(window, since=window.start) if reach else window)
        for origin, entry in single.items():
            end = entry.end(entry.begins, entry.starts_at)
            if not left_out.takes(self.entry or entry, origin, origin) and window.holds(entry.starts_at, end):
                warnings = (*entry.warnings, *gap_of(entry.begins), *self._is_stale(entry, origin, window, left_out))
                yield Time(origin.isoformat(), entry.starts_at, end, warnings, entry.event)

    def _shown(self, each: "_Occurrence", governing: Entry | None, window: Window) -> Iterator[Time]:
        entry = self.entry
        if entry is None:
            return
        starts_at, ends_at, wall = each.origin, each.ends_at, each.wall
        if governing:
            entry, wall = governing, _moved(each, governing, self._origin(governing))
            starts_at = entry.moment(wall) or each.origin
            ends_at = entry.end(wall, starts_at)
        if window.holds(starts_at, ends_at):
            occurrence = each.origin.isoformat() if self.entry and self.entry.repeats else ""
            warnings = (*entry.warnings, *each.warnings, *gap_of(wall))
            yield Time(occurrence, starts_at, ends_at, tuple(dict.fromkeys(warnings)), entry.event)

    def _is_stale(self, changed: Entry, origin: datetime, window: Window, left_out: "_LeftOut") -> tuple[str, ...]:
        """A warning when a newer version of the series does not have the time that was changed."""
        if self.entry is None or changed.rank >= self.entry.rank:
            return ()
        day = timedelta(days=1)
        there = Window(window.now, origin - day, origin + day, window.days_left)
        if origin in {each.origin for each in self._own_times(there, left_out)}:
            return ()
        return (_("A newer version of the event does not have this time any more"),)

    def _own_times(self, window: Window, left_out: "_LeftOut") -> list["_Occurrence"]:
        """The times of the event itself, before any of them was changed."""
        if self.entry is None:
            return []
        entry = self.entry
        if not entry.repeats:
            starts_at = entry.starts_at
            return [_Occurrence(entry.begins, starts_at, entry.end(entry.begins, starts_at))]
        return _repeated(entry, window, left_out)

    def _origin(self, changed: Entry) -> datetime | None:
        """Which moment of the series a changed time stands for; a bare day means its time on that day."""
        value = value_of(changed.event, "RECURRENCE-ID")
        entry = self.entry
        if entry is None:
            return changed.moment(value)
        if entry.is_whole_days:
            return entry.moment(entry.day(value))
        if isinstance(value, date) and not isinstance(value, datetime) and isinstance(entry.begins, datetime):
            value = datetime.combine(value, entry.begins.timetz())
        return entry.moment(value)


class _Occurrence(NamedTuple):
    wall: date
    origin: datetime
    ends_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass
class _LeftOut:
    """What EXDATE takes away: moments, and days when no hour is given or the series has none."""

    moments: set[datetime] = field(default_factory=set)
    days: set[date] = field(default_factory=set)

    @classmethod
    def of(cls, entry: Entry) -> "_LeftOut":
        found = cls()
        for value in values_of(entry.event, "EXDATE"):
            if entry.is_whole_days or not isinstance(value, datetime):
                found.days.add(entry.day(value))
            elif at := entry.moment(value):
                found.moments.add(at)
        return found

    def takes(self, entry: Entry, at: datetime, wall: date) -> bool:
        return at in self.moments or entry.day(wall) in self.days

    def misses(self, entry: Entry, wall: date) -> tuple[str, ...]:
        """A warning when a time of that day is left out, but at another hour than there is one."""
        if entry.is_whole_days or entry.day(wall) not in {entry.day(at) for at in self.moments}:
            return ()
        return (_("The file leaves out a time of this day, but at another hour"),)


def series_of(entries: Iterable[Entry]) -> Iterator[Series]:
    """What belongs together by UID: of several versions the newest counts, wherever it stands in the file."""
    by_uid: dict[str, list[Entry]] = {}
    for number, entry in enumerate(entries):
        by_uid.setdefault(line(str(entry.event.get("UID", ""))) or f"\n{number}", []).append(entry)
    for group in by_uid.values():
        own = [entry for entry in group if not entry.is_change]
        newest = max((entry.rank for entry in own), default=None)
        by_start = {entry.starts_at: entry for entry in own if entry.rank == newest}
        changed = [entry for entry in group if entry.is_change]
        if len(by_start) < 2:
            yield Series(next(iter(by_start.values()), None), changed)
            continue
        words = _("Several events of the file have the same identifier: check which of them is right")
        for entry in by_start.values():
            yield Series(replace(entry, warnings=(*entry.warnings, words)), [], is_twin=True)
        if changed:
            yield Series(None, changed)


def _repeated(entry: Entry, window: Window, left_out: _LeftOut) -> list[_Occurrence]:
    """The coming times of an event that repeats, at most MOST_OF_ONE; one that is over gives its first."""
    starts, warnings = _starts(entry, window, left_out)
    for value in values_of(entry.event, "RDATE"):
        begin, end = value if isinstance(value, tuple) else (value, None)
        wall = entry.day(begin) if entry.is_whole_days else on_clock(_timed(begin, entry), entry.clock)
        if at := entry.moment(wall):
            starts.setdefault(at, _Occurrence(wall, at, _period_end(entry, wall, at, end), warnings))
    kept = [each for at, each in sorted(starts.items()) if not left_out.takes(entry, at, each.wall)]
    coming = [each for each in kept if each.ends_at > window.start][:MOST_OF_ONE]
    first = _Occurrence(entry.begins, entry.starts_at, entry.end(entry.begins, entry.starts_at), warnings)
    if not coming and window.since is None and first.ends_at <= window.now:
        coming = [] if left_out.takes(entry, first.origin, first.wall) else [first]
    return [each._replace(warnings=(*each.warnings, *left_out.misses(entry, each.wall))) for each in coming]


def _starts(entry: Entry, window: Window, left_out: _LeftOut) -> tuple[dict[datetime, _Occurrence], tuple[str, ...]]:
    """The times by RRULE without those by EXRULE; without any rule the first time."""
    first = entry.starts_at
    warnings: tuple[str, ...] = ()
    try:
        extra = len(left_out.moments) + len(left_out.days)
        found = dict(_by_rules(entry, "RRULE", window, extra))
        for at in dict(_by_rules(entry, "EXRULE", window, extra)):
            found.pop(at, None)
    except UnknownRule:
        found = {first: entry.begins}
        warnings = (_("It repeats in a way that could not be read: only its first time is shown"),)
    if any(name in ("EXDATE", "RDATE") for name, _words in entry.event.errors):
        warnings += (_("Some dates of the series could not be read"),)
    if "RRULE" not in entry.event:
        found.setdefault(first, entry.begins)
    return {at: _Occurrence(wall, at, entry.end(wall, at), warnings) for at, wall in found.items()}, warnings


def _by_rules(entry: Entry, name: str, window: Window, extra: int) -> Iterator[tuple[datetime, date]]:
    """The moments by the rules of a name, each with its day and hour on the event's own clock."""
    given = entry.event.get(name, [])
    for rule in given if isinstance(given, list) else [given]:
        if not isinstance(rule, vRecur):
            raise UnknownRule
        yield from _by_rule(entry, rule, window, extra)


def _by_rule(entry: Entry, rule: vRecur, window: Window, extra: int) -> Iterator[tuple[datetime, date]]:
    first = entry.starts_at
    if window.start - first > OLDEST:
        raise UnknownRule
    repeat, until = repeat_of(rule), _until(rule, entry)
    day, last = entry.day(entry.begins), window.last_day(first)
    since = window.start.date() - timedelta(days=2) - timedelta(days=entry.length.days)
    if until:
        last = min(last, until.date() + timedelta(days=1))
    if repeat.count:
        reach = repeat.count * repeat.every * LONGEST[repeat.frequency]
        window.spend(min(reach, max(0, (last - day).days)))
    else:
        window.spend(max(0, (last - max(since, day)).days))
    for on in islice(days_of(repeat, day, since, last), MOST_OF_ONE + extra + 3 + entry.length.days):
        wall = datetime.combine(on, entry.begins.timetz()) if isinstance(entry.begins, datetime) else on
        found = entry.moment(wall)
        if found is None or (until and found > until):
            return
        yield found, wall


def _until(rule: vRecur, entry: Entry) -> datetime | None:
    """The last moment that counts; a bare day counts to its end."""
    value = next(iter(rule.get("UNTIL", [])), None)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59), tzinfo=entry.site if entry.is_whole_days else entry.clock)
    return entry.moment(value) if value is not None else None


def _timed(value: Any, entry: Entry) -> Any:
    """A bare day of a series with hours means its hours on that day."""
    if isinstance(value, date) and not isinstance(value, datetime) and isinstance(entry.begins, datetime):
        return datetime.combine(value, entry.begins.timetz())
    return value


def _period_end(entry: Entry, wall: date, starts_at: datetime, end: Any) -> datetime:
    if isinstance(end, timedelta) and end > timedelta():
        return starts_at + end
    at = entry.moment(end) if isinstance(end, datetime) else None
    return at if at and at > starts_at else entry.end(wall, starts_at)


def _is_range(entry: Entry) -> bool:
    return entry.event["RECURRENCE-ID"].params.get("RANGE") == "THISANDFUTURE"


def _moved(each: _Occurrence, governing: Entry, origin: datetime | None) -> date:
    """Where a later time goes when an earlier one was moved for all that follow: by as much, on the new one's clock."""
    begins = governing.begins
    if origin is None:
        return each.wall
    if not isinstance(begins, datetime):
        days = each.origin.astimezone(governing.site).date() - origin.astimezone(governing.site).date()
        return begins + days
    then, now = origin.astimezone(begins.tzinfo), each.origin.astimezone(begins.tzinfo)
    return begins + (now.replace(tzinfo=None) - then.replace(tzinfo=None))
