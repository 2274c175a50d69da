"""Reads calendar files from strangers: what answers to invitations and imports have in common.

Pure, and bounded before anything is parsed: a file that is too large is refused at a glance.
"""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Component

from lib.exceptions import Refused

MOST_BYTES = 1_000_000
MOST_LINES = 30_000
SENSIBLE_YEARS = range(1970, 2101)


class Unreadable(Refused):
    """The file cannot be used; the text says why, for a person."""


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
