"""The events of a calendar file that somebody exported from Outlook, Google or Teams, one for each time it meets.

Pure. People in the file are dropped before anything is parsed: nobody's address gets any further.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Component

from meetings.calendar.ical import line
from meetings.calendar.ics.entries import FLAGS_OF_DAYS, entry_of
from meetings.calendar.ics.times import AHEAD, MOST_OF_ONE, Series, Time, Window, series_of
from meetings.calendar.ics_parser import RULES, TIMES, CalendarOfFile, Unreadable, bearable, calendars_of
from meetings.calendar.ics_text import is_about_video, is_usable, link_in, place_in, title_in, words_in

__all__ = [
    "AHEAD",
    "MOST_BYTES",
    "MOST_EVENTS",
    "MOST_OF_ONE",
    "MOST_TIMES",
    "CalendarFile",
    "FileEvent",
    "Window",
    "read_events",
    "read_file",
]

MOST_BYTES, MOST_LINES = 5_000_000, 300_000
MOST_EVENTS, MOST_REPEATING, MOST_TIMES = 5000, 2000, 200
MOST_PEOPLE, MOST_PEOPLE_OF_ONE = 5000, 50  # in the whole file, and beyond that on average of an event
MOST_DATES = 20_000  # left-out and added times of all events together
MOST_NOTES = 20
_EVENT = re.compile(rb"^BEGIN:[ \t]*VEVENT", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(rb"^[ \t]*RRULE", re.IGNORECASE | re.MULTILINE)
_PERSON = re.compile(rb"^[ \t]*(?:ATTENDEE|ORGANIZER)[ \t]*[;:]", re.IGNORECASE | re.MULTILINE)
_DATES = re.compile(rb"^[ \t]*(?:EXDATE|RDATE)[ \t]*[;:][^\n]*", re.IGNORECASE | re.MULTILINE)
_JOIN_PROPERTIES = ("X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-GOOGLE-CONFERENCE")
_WORDS = ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION", "URL")
_KEPT = frozenset({*_WORDS, "CONFERENCE", *_JOIN_PROPERTIES, *FLAGS_OF_DAYS, *TIMES, *RULES, "DURATION"})


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


@dataclass(frozen=True)
class CalendarFile:
    """What a file holds: what is coming first, in order of time, then the past; and in words what was left out.

    `first` and `last` are the first times of its earliest and its latest event, in the window or not.
    """

    events: list[FileEvent]
    notes: list[str]
    first: datetime
    last: datetime


def read_events(data: bytes, zone: ZoneInfo, now: datetime) -> list[FileEvent]:
    """The events of a file, what is coming first. Raises Unreadable when there is nothing to use."""
    return read_file(data, zone, Window(now)).events


def read_file(data: bytes, zone: ZoneInfo, window: Window) -> CalendarFile:
    """What a file holds in a window of time. Raises Unreadable when there is nothing to use in all of it."""
    calendars = calendars_of(_bounded(data), _KEPT)
    if not calendars:
        raise Unreadable(_("There is no event in the file."))
    entries, notes = [], [words for calendar in calendars for words in _notes(calendar)]
    for calendar in calendars:
        for event in calendar.events:
            if entry := entry_of(event, calendar, zone):
                entries.append(replace(entry, warnings=(*_state(event, calendar), *entry.warnings)))
            else:
                notes.append(_without_time(event))
    if not entries:
        raise Unreadable(_("There is no event with a time in the file."))
    found = {each.identity: each for series in series_of(entries) for each in _read(series, window)}
    in_order = sorted(found.values(), key=lambda each: (each.starts_at, each.title))
    coming = [each for each in in_order if each.ends_at > window.now]
    past = [each for each in reversed(in_order) if each.ends_at <= window.now]
    starts = [entry.starts_at for entry in entries]
    return CalendarFile(coming + past, _few(notes), min(starts), max(starts))


def _bounded(data: bytes) -> bytes:
    """The file, when it can be borne. Raises Unreadable before it is parsed."""
    data = bearable(data, MOST_BYTES, MOST_LINES)
    events = len(_EVENT.findall(data))
    if events > MOST_EVENTS or len(_RULE.findall(data)) > MOST_REPEATING:
        raise Unreadable(_("The file holds too many events. Export a shorter time from your calendar."))
    if len(_PERSON.findall(data)) > MOST_PEOPLE + MOST_PEOPLE_OF_ONE * events:
        raise Unreadable(_("The file names too many people."))
    if sum(1 + len(re.findall(b"[,;]", dates[0])) for dates in _DATES.finditer(data)) > MOST_DATES:
        raise Unreadable(_("The file holds too many events. Export a shorter time from your calendar."))
    return data


def _read(series: Series, window: Window) -> Iterator[FileEvent]:
    facts: dict[int, dict[str, Any]] = {}
    for each in series.times(window):
        event = each.event
        uid, title = line(_text(event, "UID")), title_in(_text(event, "SUMMARY"))
        if id(event) not in facts:
            facts[id(event)] = _facts(event)
        own = facts[id(event)]
        named = uid if uid and not series.is_twin else f"{uid or title}\n{each.starts_at.isoformat()}"
        said = (title, each.starts_at.isoformat(), each.ends_at.isoformat(), *map(str, own.values()))
        yield FileEvent(
            identity=_digest(named, each.occurrence),
            version=_digest(*said),
            title=title or _("Event without a title"),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            warnings=_warnings(each, window.now),
            uid=uid[:255],
            **own,
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


def _state(event: Component, calendar: CalendarOfFile) -> Iterator[str]:
    """What is to be thought of about an event whatever its time is."""
    if calendar.method == "CANCEL" or _text(event, "STATUS").upper() == "CANCELLED":
        yield _("Cancelled in the file")
    if any(event is each for each in calendar.cut):
        yield _("The file breaks off in this event: check it")


def _warnings(when: Time, now: datetime) -> tuple[str, ...]:
    return (_("Over already"), *when.warnings) if when.ends_at <= now else when.warnings


def _notes(calendar: CalendarOfFile) -> Iterator[str]:
    """What in a calendar could not be read, in words; each cost only itself."""
    for name, at_fault in calendar.zones.bad:
        words = {"name": name, "property": at_fault}
        yield _("The description of the time zone “%(name)s” could not be read (%(property)s).") % words
    for event, part in calendar.bad_parts:
        words = _titled(event) | {"part": part}
        yield _("“%(title)s”: a reminder in it could not be read (%(part)s) and was left out.") % words


def _without_time(event: Component) -> str:
    words = _titled(event) | {"property": "DTSTART"}
    return _("“%(title)s” was left out: its time could not be read (%(property)s).") % words


def _few(notes: list[str]) -> list[str]:
    notes = list(dict.fromkeys(notes))
    more = len(notes) - MOST_NOTES
    if more <= 0:
        return notes
    words = ngettext("and %(number)d more like these.", "and %(number)d more like these.", more) % {"number": more}
    return [*notes[:MOST_NOTES], words]


def _titled(event: Component) -> dict[str, str]:
    return {"title": title_in(_text(event, "SUMMARY")) or _("Event without a title")}


def _text(event: Component, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
