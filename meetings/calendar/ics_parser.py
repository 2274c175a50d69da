"""Reads calendar files from strangers: what is common to all, and answers to invitations (RFC 5546).

Pure, and bounded before anything is parsed: a file that is too large or names a crowd is refused at a glance.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Component

from lib.exceptions import Refused
from meetings.calendar.ical import ANSWERED, line

MOST_BYTES = 1_000_000
MOST_ATTENDEES = 50
MOST_LINES = 30_000
SENSIBLE_YEARS = range(1970, 2101)
_ATTENDEE = re.compile(rb"^ATTENDEE", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {status: answer for answer, status in ANSWERED.items()}
REPLY, COUNTER = "REPLY", "COUNTER"


class Unreadable(Refused):
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


def read_reply(data: bytes) -> Reply:
    """The answer in a file. Raises Unreadable, also for a file that is no answer of exactly one person."""
    data = bearable(data)
    if len(_ATTENDEE.findall(data)) > MOST_ATTENDEES:
        raise Unreadable(_("The file names too many people."))
    calendar = next((each for each in parsed(data) if isinstance(each, Calendar)), None)
    events = calendar.walk("VEVENT") if calendar else []
    method = str(calendar.get("METHOD", "")).upper() if calendar else ""
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
        stamped_at=moment_of(event, "DTSTAMP", ZoneInfo("UTC")),
        starts_at=moment_of(event, "DTSTART", ZoneInfo("UTC")) if moved else None,
        ends_at=moment_of(event, "DTEND", ZoneInfo("UTC")) if moved else None,
    )


def bearable(data: bytes) -> bytes:
    """The file in UTF-8 and without null bytes. Raises Unreadable before much is done when its size cannot be borne.

    The standard says UTF-8 (RFC 5545, 3.1.4); old programs of Windows write their own code page or UTF-16.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is too large to be a calendar file."))
    if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if text.count("\n") > MOST_LINES:
        raise Unreadable(_("The file is too long to be a calendar file."))
    return text.replace("\0", "").encode("utf-8", "replace")


def parsed(data: bytes) -> list[Component]:
    """The calendars in a bearable file. Raises Unreadable."""
    try:
        return [each for each in Calendar.from_ical(data.decode(), multiple=True) if isinstance(each, Component)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        raise Unreadable(_("The file is not a calendar file, or it is broken.")) from wrong


def moment_of(event: Component, name: str, zone: ZoneInfo) -> datetime | None:
    """A property as a moment of UTC; None when it is missing or makes no sense."""
    try:
        value = event.decoded(name)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None
    return moment(value, zone)


def moment(value: Any, zone: ZoneInfo) -> datetime | None:
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


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(value: Any) -> int:
    try:
        return max(0, min(int(value), 2_000_000_000))
    except (TypeError, ValueError):
        return 0


def _address(value: str) -> str:
    return re.sub(r"^mailto:", "", line(value), flags=re.IGNORECASE).strip().lower()
