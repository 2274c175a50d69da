"""Reads calendar files from strangers: what answers to invitations and imports have in common.

Pure, and bounded before anything is parsed: a file that is too large is refused at a glance. Each
calendar of a file has time zones of its own, and what one component does wrong costs that component only.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Component, Event, vDDDLists, vDDDTypes, vText
from icalendar.parser import Contentline

from lib.exceptions import Refused
from meetings.calendar.ics import content_lines
from meetings.calendar.ics.content_lines import Block, name_of, value_of
from meetings.calendar.ics.zones import Zones, clean

MOST_BYTES = 1_000_000
MOST_LINES = 30_000
LONGEST_LINE, LONGEST_HEAD = 50_000, 1000
SENSIBLE_YEARS = range(1970, 2101)
TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
LISTS = ("RDATE", "EXDATE")
ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS")
RULES = ("RRULE", "EXRULE")
_OF_ALARMS = ("ACTION", "TRIGGER", "DURATION", "REPEAT")
_TZID = re.compile(r";TZID=(\"[^\"]*\"|[^;]*)", re.IGNORECASE)
_LOOSE_TIME = re.compile(r"(\d{8})T(\d{4})(\d{2})?(Z?)")


class Unreadable(Refused):
    """The file cannot be used; the text says why, for a person."""


@dataclass
class CalendarOfFile:
    """One VCALENDAR: its own lines, its time zones, its events, and what in it could not be read."""

    block: Block
    zones: Zones
    events: list[Component] = field(default_factory=list)
    cut: list[Component] = field(default_factory=list)  # events that the file breaks off in
    bad_parts: list[tuple[Component, str]] = field(default_factory=list)  # (event, name of the component in it)

    @property
    def method(self) -> str:
        return self.block.text("METHOD").upper()

    def floating(self, zone: tzinfo) -> tzinfo:
        """The clock of times that name no zone: the calendar's own when it is known, else `zone`."""
        return self.zones.find(self.block.text("X-WR-TIMEZONE")) or zone


def bearable(data: bytes, most_bytes: int = MOST_BYTES, most_lines: int = MOST_LINES) -> bytes:
    """The file unfolded, without null bytes and not in UTF-16. Raises Unreadable at once when its size cannot be borne.

    The standard says UTF-8 (RFC 5545, 3.1.4); old programs of Windows write their own code page or UTF-16.
    """
    if len(data) > most_bytes:
        raise Unreadable(_("The file is too large to be a calendar file."))
    data = content_lines.utf_8(data)
    if max(data.count(b"\n"), data.count(b"\r")) > most_lines:
        raise Unreadable(_("The file is too long to be a calendar file."))
    return content_lines.unfolded(data)


def parsed(data: bytes) -> list[Calendar]:
    """The calendars in a bearable file, each with its METHOD and its events. Raises Unreadable."""
    found = []
    for each in calendars_of(data):
        calendar = Calendar()
        calendar["METHOD"] = vText(each.method)
        calendar.subcomponents += each.events
        found.append(calendar)
    return found


def calendars_of(data: bytes, kept: Collection[str] = ()) -> list[CalendarOfFile]:
    """The calendars in a bearable file; of their events only the properties `kept`, or all. Raises Unreadable."""
    try:
        blocks = content_lines.calendars_in(content_lines.lines_of(data))
    except content_lines.Broken as wrong:
        raise Unreadable(_("The file is not a calendar file, or it is broken.")) from wrong
    if not blocks:
        raise Unreadable(_("The file is not a calendar file, or it is broken."))
    return [_calendar(block, kept) for block in blocks if block.named("VEVENT")]


def moment_of(event: Component, name: str, zone: tzinfo) -> datetime | None:
    """A property as a moment of UTC; None when it is missing or makes no sense."""
    try:
        value = event.decoded(name)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None
    return moment(value, zone)


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """A day or a time as a moment of UTC; without a zone of its own it is on the clocks of `zone`."""
    if isinstance(value, datetime):
        found = value if value.tzinfo else value.replace(tzinfo=zone)
    elif isinstance(value, date):
        found = datetime.combine(value, time(), tzinfo=zone)
    else:
        return None
    try:
        return found.astimezone(UTC) if found.year in SENSIBLE_YEARS else None
    except (OverflowError, ValueError, TypeError, AttributeError, LookupError):  # a zone that the file itself describes
        return None


def _calendar(block: Block, kept: Collection[str]) -> CalendarOfFile:
    found = CalendarOfFile(block, Zones(block.named("VTIMEZONE")))
    for each in block.named("VEVENT"):
        event = _event(each, found.zones, kept)
        found.events.append(event)
        found.cut += [event] if each.is_cut else []
        found.bad_parts += [(event, inner.name) for inner in each.inner if inner.name == "VALARM" and _is_bad(inner)]
    return found


def _event(block: Block, zones: Zones, kept: Collection[str]) -> Component:
    """The event of a block. A line that cannot be read is left out and its name stands in `errors`."""
    zone_names: list[str] = []
    seen: set[str] = set()
    lines = [each for text in block.lines for each in _readable(text, kept, seen, zone_names)]
    try:
        event = _component("VEVENT", lines)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # one line too odd even for that
        event = Event()
        for text in lines:
            _add_line(event, text)
    for name in TIMES:
        for value in _listed(event.get(name)):
            _put_zone(value, zones, zone_names)
    return event


def _component(name: str, lines: list[str]) -> Component:
    content = [Contentline(each) for each in (f"BEGIN:{name}", *lines, f"END:{name}")]
    return Component.from_ical(content)  # type: ignore[call-overload]


def _add_line(event: Component, text: str) -> None:
    try:
        found = _component("VEVENT", [text])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        event.errors.append((name_of(text), str(wrong)))
        return
    event.errors += found.errors
    for name, value in found.items():
        event.add(name, value, encode=False)


def _is_bad(block: Block) -> bool:
    try:
        _component(block.name, [text for text in block.lines if name_of(text) in _OF_ALARMS])
    except (ValueError, LookupError, TypeError, AttributeError):
        return True
    return block.is_cut


def _readable(text: str, kept: Collection[str], seen: set[str], zone_names: list[str]) -> Iterator[str]:
    """A line as the package reads it; a list of times as a line for each, so that a bad one costs itself alone."""
    name = name_of(text)
    if not name or (kept and name not in kept) or (name in ONCE and name in seen):
        return
    seen.add(name)
    if name in TIMES:
        head, _colon, values = text.rpartition(":")
        if len(head) > LONGEST_HEAD:
            return
        given = _TZID.search(head)
        if given:
            zone_names.append(clean(given[1]))
        parameters = (f";X-ZONE={len(zone_names) - 1}" if given else "") + (";RANGE=THISANDFUTURE" * _is_range(head))
        for value in re.split("[,;]", values) if name in LISTS else [values]:
            yield f"{name}{parameters}:{_time(value.strip().upper(), 'VALUE=DATE' in head.upper().split(';'))}"
    elif name in RULES:
        yield f"{name}:{content_lines.rule_of_vcalendar(value_of(text)).strip(' ;')}"
    else:
        yield content_lines.without_encoding(text[:LONGEST_LINE])


def _is_range(head: str) -> bool:
    return "RANGE=THISANDFUTURE" in head.upper().replace('"', "").split(";")


def _time(value: str, is_day: bool) -> str:
    """A day or time as the standard writes it: also a day written with hours, without seconds, and 24 o'clock."""
    found = _LOOSE_TIME.fullmatch(value)
    if not found:
        return value
    day, clock, seconds, utc = found.groups()
    if is_day:
        return day
    if clock != "2400":
        return f"{day}T{clock}{seconds or '00'}{utc}"
    try:
        return f"{datetime.strptime(day, '%Y%m%d') + timedelta(days=1):%Y%m%d}T000000{utc}"
    except (ValueError, OverflowError):
        return value


def _put_zone(value: Any, zones: Zones, names: list[str]) -> None:
    """The zone of its TZID for a time that was read without; the TZID stays among the parameters."""
    if not isinstance(value, vDDDTypes | vDDDLists) or "X-ZONE" not in value.params:
        return
    name = names[int(value.params.pop("X-ZONE"))]
    value.params["TZID"] = name
    zone = zones.find(name)
    for each in value.dts:
        each.dt = tuple(_zoned(part, zone) for part in each.dt) if isinstance(each.dt, tuple) else _zoned(each.dt, zone)


def _zoned(value: Any, zone: tzinfo | None) -> Any:
    return value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def whole_number(value: Any) -> int:
    """A number of an integer property, bounded; 0 for anything else."""
    try:
        return max(0, min(int(value), 2_000_000_000))
    except (TypeError, ValueError):
        return 0
