"""Reads calendar files from strangers: answers to invitations (RFC 5546), and meetings to take into the calendar.

Pure, and bounded before anything is parsed: a file that is too large or names a crowd is refused at a glance.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Component

from meetings.ical import ANSWERED, line, paragraphs

MOST_BYTES = 1_000_000
MOST_ATTENDEES = 50
MOST_EVENTS = 200
_ATTENDEE = re.compile(rb"^ATTENDEE", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {status: answer for answer, status in ANSWERED.items()}
REPLY, COUNTER = "REPLY", "COUNTER"


class Unreadable(Exception):
    """The file cannot be used; the text says why, for a person."""


@dataclass(frozen=True)
class Reply:
    """What one person's calendar answered. `answer` is yes, no or maybe; `starts_at` is another time proposed."""

    method: str
    uid: str
    sequence: int
    attendee: str
    answer: str
    comment: str
    stamped_at: datetime | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One event of a file. Moments are aware; an event of whole days begins and ends at midnight of `zone`."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    words: str
    page: str


def read_reply(data: bytes) -> Reply:
    """The answer in a file. Raises Unreadable, also for a file that is no answer of exactly one person."""
    calendar = _parsed(data)
    method = str(calendar.get("METHOD", "")).upper()
    events = calendar.walk("VEVENT")
    if method not in (REPLY, COUNTER) or not events:
        raise Unreadable(_("The file is not an answer to an invitation."))
    event = events[0]
    attendees = _listed(event.get("ATTENDEE"))
    if len(attendees) != 1:
        raise Unreadable(_("The answer does not say whose it is."))
    status = str(attendees[0].params.get("PARTSTAT", "")).upper()
    moved = method == COUNTER
    return Reply(
        method=method,
        uid=line(str(event.get("UID", ""))),
        sequence=_number(event.get("SEQUENCE")),
        attendee=_address(str(attendees[0])),
        answer=_ANSWERS.get(status, ""),
        comment=line(" ".join(map(str, _listed(event.get("COMMENT")))))[:300],
        stamped_at=_moment(event, "DTSTAMP", ZoneInfo("UTC")),
        starts_at=_moment(event, "DTSTART", ZoneInfo("UTC")) if moved else None,
        ends_at=_moment(event, "DTEND", ZoneInfo("UTC")) if moved else None,
    )


def read_events(data: bytes, zone: ZoneInfo) -> list[Found]:
    """The events of a file in order of time. Raises Unreadable when there is none that could be used."""
    events = _parsed(data).walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise Unreadable(
            _("The file holds too many events. Take at most %(number)d at a time.") % {"number": MOST_EVENTS}
        )
    found = sorted((each for event in events if (each := _event(event, zone))), key=lambda each: each.starts_at)
    if not found:
        raise Unreadable(_("There is no event with a time in the file."))
    return found


def _parsed(data: bytes) -> Calendar:
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is too large to be a calendar file."))
    if len(_ATTENDEE.findall(data)) > MOST_ATTENDEES:
        raise Unreadable(_("The file names too many people."))
    try:
        calendar = Calendar.from_ical(data.replace(b"\0", b"").decode("utf-8", "replace"))
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise Unreadable(_("The file is not a calendar file, or it is broken.")) from wrong
    if not isinstance(calendar, Calendar):
        raise Unreadable(_("The file is not a calendar file, or it is broken."))
    return calendar


def _event(event: Component, zone: ZoneInfo) -> Found | None:
    starts_at = _moment(event, "DTSTART", zone)
    if starts_at is None:
        return None
    ends_at = _moment(event, "DTEND", zone) or starts_at + timedelta(hours=1)
    return Found(
        uid=line(str(event.get("UID", "")))[:120],
        title=line(str(event.get("SUMMARY", "")))[:160],
        starts_at=starts_at,
        ends_at=max(ends_at, starts_at + timedelta(minutes=1)),
        place=line(str(event.get("LOCATION", "")))[:120],
        words=paragraphs(str(event.get("DESCRIPTION", "")))[:5000],
        page=line(str(event.get("URL", "")))[:500],
    )


def _moment(event: Component, name: str, zone: ZoneInfo) -> datetime | None:
    """A property as an aware moment; None when it is missing or makes no sense."""
    try:
        value = event.decoded(name)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=zone)
    elif isinstance(value, date):
        moment = datetime.combine(value, time(), tzinfo=zone)
    else:
        return None
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(value: Any) -> int:
    try:
        return max(0, min(int(value), 2_000_000_000))
    except (TypeError, ValueError):
        return 0


def _address(value: str) -> str:
    return re.sub(r"^mailto:", "", line(value), flags=re.IGNORECASE).strip().lower()
