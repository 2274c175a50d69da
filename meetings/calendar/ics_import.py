"""The events of a calendar file that somebody exported from Outlook, Google or Teams, one for each time it meets.

Pure. People in the file are dropped before anything is parsed: nobody's address gets any further.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Component, vDDDLists, vRecur

from meetings.calendar.ical import line
from meetings.calendar.ics_parser import Unreadable, bearable, moment, moment_of, parsed
from meetings.calendar.ics_text import is_about_video, is_usable, link_in, place_in, title_in, words_in
from meetings.calendar.rrule import UnknownRule, days_of, repeat_of
from meetings.series.recurrence import MOST as MOST_OF_ONE
from meetings.series.recurrence import exists

MOST_EVENTS, MOST_REPEATING, MOST_PEOPLE, MOST_TIMES = 500, 100, 5000, 200
AHEAD = timedelta(days=730)  # how far a repeating event is followed
OLDEST = timedelta(days=365 * 30)
USUAL_LENGTH = timedelta(hours=1)
_EVENT = re.compile(rb"^BEGIN:VEVENT", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(rb"^RRULE", re.IGNORECASE | re.MULTILINE)
_PERSON = re.compile(rb"^(?:ATTENDEE|ORGANIZER)[;:][^\n]*\n?(?:[ \t][^\n]*\n?)*", re.IGNORECASE | re.MULTILINE)
_JOIN_PROPERTIES = ("X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-GOOGLE-CONFERENCE")


@dataclass(frozen=True)
class FileEvent:
    """One time of one event. `identity` knows it again in a later file, `version` tells whether it says the same."""

    identity: str
    version: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    join_url: str
    is_online: bool
    words: str
    warnings: tuple[str, ...] = ()
    uid: str = ""  # as the file says it, to find a meeting of ours that came back; never stored


class _Time(NamedTuple):
    """When an event is, and what is odd about it. `occurrence` is empty for an event that does not repeat."""

    occurrence: str
    starts_at: datetime
    ends_at: datetime
    warnings: tuple[str, ...]


def read_events(data: bytes, zone: ZoneInfo, now: datetime) -> list[FileEvent]:
    """What is coming first, in order of time, then the past. Raises Unreadable when there is nothing to use."""
    data = bearable(data)
    if len(_EVENT.findall(data)) > MOST_EVENTS or len(_RULE.findall(data)) > MOST_REPEATING:
        raise Unreadable(_("The file holds too many events. Export a shorter time from your calendar."))
    without_people, people = _PERSON.subn(b"", data)
    if people > MOST_PEOPLE:
        raise Unreadable(_("The file names too many people."))
    found: dict[str, FileEvent] = {}
    events = [event for calendar in parsed(without_people) for event in calendar.walk("VEVENT")]
    if not events:
        raise Unreadable(_("There is no event in the file."))
    moved = {key for event in events if (key := _moved_from(event, zone))}
    for event in events:
        for each in _read(event, zone, now, moved):
            found[each.identity] = each
    if not found:
        raise Unreadable(_("There is no event with a time in the file."))
    coming = sorted((e for e in found.values() if e.ends_at > now), key=lambda each: (each.starts_at, each.title))
    past = sorted((e for e in found.values() if e.ends_at <= now), key=lambda each: each.starts_at, reverse=True)
    return coming + past


def _read(event: Component, zone: ZoneInfo, now: datetime, moved: set[tuple[str, datetime]]) -> Iterator[FileEvent]:
    uid, title = line(_text(event, "UID")), title_in(_text(event, "SUMMARY"))
    facts = _facts(event)
    for each in _times(event, zone, now):
        if each.occurrence and (uid, each.starts_at) in moved and not _moved_from(event, zone):
            continue
        named = uid or f"{title}\n{each.starts_at.isoformat()}"
        said = (title, each.starts_at.isoformat(), each.ends_at.isoformat(), *map(str, facts.values()))
        yield FileEvent(
            identity=_digest(named, each.occurrence),
            version=_digest(*said),
            title=title or _("Event without a title"),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            warnings=_warnings(event, each, now),
            uid=uid[:255],
            **facts,
        )


def _facts(event: Component) -> dict[str, Any]:
    location, description = _text(event, "LOCATION"), _text(event, "DESCRIPTION")
    given = [_text(event, name) for name in (*_JOIN_PROPERTIES, "CONFERENCE")]
    link = next((each for each in map(line, given) if is_usable(each)), "")
    link = link or link_in([location, description, _text(event, "URL")])
    return {
        "place": place_in(location),
        "join_url": link,
        "is_online": bool(link) or is_about_video(location),
        "words": words_in(description),
    }


def _warnings(event: Component, when: _Time, now: datetime) -> tuple[str, ...]:
    own = []
    if _text(event, "STATUS").upper() == "CANCELLED":
        own.append(_("Cancelled in the file"))
    if when.ends_at <= now:
        own.append(_("Over already"))
    return (*own, *when.warnings)


def _times(event: Component, zone: ZoneInfo, now: datetime) -> Iterator[_Time]:
    """The one time of an event, or the coming ones of an event that repeats, at most MOST_OF_ONE."""
    first, starts_at = _value(event, "DTSTART"), moment_of(event, "DTSTART", zone)
    if starts_at is None:
        return
    length, warnings = _length(event, starts_at, zone)
    warnings = (*_oddities(event, first, zone), *warnings)
    origin = moment_of(event, "RECURRENCE-ID", zone)
    if origin is not None:
        yield _Time(origin.isoformat(), starts_at, starts_at + length, (*warnings, *_gap(first, zone)))
    elif "RRULE" not in event and "RDATE" not in event:
        yield _Time("", starts_at, starts_at + length, (*warnings, *_gap(first, zone)))
    else:
        yield from _repeated(event, first, length, zone, now, warnings)


def _repeated(
    event: Component, first: Any, length: timedelta, zone: ZoneInfo, now: datetime, warnings: tuple[str, ...]
) -> Iterator[_Time]:
    try:
        by_rule = {start: _gap(wall, zone) for start, wall in _by_rule(event, first, zone, now)}
    except UnknownRule:
        by_rule = {start: () for start in (moment(first, zone),) if start}
        warnings = (*warnings, _("It repeats in a way that could not be read: only its first time is shown"))
    starts = {*by_rule, *_moments(event, "RDATE", zone)} - set(_moments(event, "EXDATE", zone))
    coming = sorted(each for each in starts if each + length > now)[:MOST_OF_ONE]
    over = [each for each in (moment(first, zone),) if each and each + length <= now]
    for start in coming or over:
        yield _Time(start.isoformat(), start, start + length, (*warnings, *by_rule.get(start, ())))


def _by_rule(event: Component, first: Any, zone: ZoneInfo, now: datetime) -> Iterator[tuple[datetime, Any]]:
    """The moments of RRULE, the first one among them, each with its day and hour on the event's own clock."""
    rule = event.get("RRULE")
    begins = moment(first, zone)
    if rule is None or begins is None:
        yield from [(begins, first)] if begins else []
        return
    if not isinstance(rule, vRecur) or now - begins > OLDEST:
        raise UnknownRule
    repeat, until = repeat_of(rule), _until(rule, first, zone)
    day = first.date() if isinstance(first, datetime) else first
    last = (max(now, begins) + AHEAD).date()
    left_out = len(list(_moments(event, "EXDATE", zone)))
    coming = days_of(repeat, day, now.date() - timedelta(days=2), last)
    for on in islice(coming, MOST_OF_ONE + left_out + 3):
        wall = datetime.combine(on, first.timetz()) if isinstance(first, datetime) else on
        found = moment(wall, zone)
        if found is None or (until and found > until):
            return
        yield found, wall


def _until(rule: Any, first: Any, zone: ZoneInfo) -> datetime | None:
    """The last moment that counts; a bare day counts to its end."""
    value = next(iter(rule.get("UNTIL", [])), None)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59), tzinfo=_zone_of(first, zone))
    return moment(value, _zone_of(first, zone)) if value is not None else None


def _length(event: Component, starts_at: datetime, zone: ZoneInfo) -> tuple[timedelta, tuple[str, ...]]:
    ends_at, duration = moment_of(event, "DTEND", zone), _value(event, "DURATION")
    if ends_at is None and isinstance(duration, timedelta):
        try:
            ends_at = starts_at + duration
        except OverflowError:
            ends_at = None
    if ends_at is None and not isinstance(_value(event, "DTSTART"), datetime):
        ends_at = starts_at + timedelta(days=1)
    if ends_at is None or ends_at == starts_at:
        return USUAL_LENGTH, (_("The file does not say when it ends: one hour was taken"),)
    if ends_at < starts_at:
        return USUAL_LENGTH, (_("The file says that it ends before it begins: one hour was taken"),)
    return ends_at - starts_at, ()


def _oddities(event: Component, first: Any, zone: ZoneInfo) -> Iterator[str]:
    if not isinstance(first, datetime):
        yield _("A whole day: set the hours in the draft")
        return
    if first.tzinfo is None and "TZID" in event["DTSTART"].params:
        yield _("The time zone of the file is not known: the time was read as local time")


def _gap(wall: Any, zone: ZoneInfo) -> tuple[str, ...]:
    """A warning when the clocks skip that hour."""
    key = getattr(_zone_of(wall, zone), "key", "")
    if not isinstance(wall, datetime) or not key or exists(wall.date(), wall.time(), key):
        return ()
    return (_("This hour does not exist: the clocks go forward"),)


def _moved_from(event: Component, zone: ZoneInfo) -> tuple[str, datetime] | None:
    """Which occurrence of a repeating event this one stands for."""
    origin = moment_of(event, "RECURRENCE-ID", zone)
    return (line(_text(event, "UID")), origin) if origin else None


def _moments(event: Component, name: str, zone: ZoneInfo) -> Iterator[datetime]:
    """All moments of a property that lists some; of a stretch of time its beginning."""
    given = event.get(name, [])
    for each in given if isinstance(given, list) else [given]:
        for value in each.dts if isinstance(each, vDDDLists) else []:
            dt = getattr(value, "dt", None)
            found = moment(dt[0] if isinstance(dt, tuple) else dt, zone)
            if found:
                yield found


def _zone_of(first: Any, zone: ZoneInfo) -> Any:
    return getattr(first, "tzinfo", None) or zone


def _value(event: Component, name: str) -> Any:
    try:
        return event.decoded(name)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None


def _text(event: Component, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
