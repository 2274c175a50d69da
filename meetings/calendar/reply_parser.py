"""Reads what people's calendars answer (RFC 5546): replies, other times proposed, and requests for the newest entry.

Pure. A file is what a stranger sent: nothing in it is believed here, and whose answer it is decides `replies.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Component

from lib.text.addresses import normal
from meetings.calendar.ical import ANSWERED, line
from meetings.calendar.ics_parser import Unreadable, bearable, moment_of, parsed, whole_number

MOST_ATTENDEES = 50
REPLY, COUNTER, REFRESH = "REPLY", "COUNTER", "REFRESH"
METHODS = (REPLY, COUNTER, REFRESH)
_ATTENDEE = re.compile(rb"^ATTENDEE", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {status: answer for answer, status in ANSWERED.items()}
_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")


@dataclass(frozen=True)
class Attendee:
    """One person in an answer. `status` is the PARTSTAT in capitals; who delegated to whom are addresses, or empty."""

    address: str
    name: str = ""
    status: str = ""
    delegate: str = ""
    delegator: str = ""

    @property
    def answer(self) -> str:
        """yes, no, maybe or empty."""
        return _ANSWERS.get(self.status, "")


@dataclass(frozen=True)
class Reply:
    """What one file says of one meeting. `starts_at` is another time proposed."""

    method: str
    uid: str
    sequence: int
    attendees: tuple[Attendee, ...]
    organiser: str
    comment: str
    stamped_at: datetime | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def attendee(self, sender: str, is_listed: Callable[[str], bool]) -> Attendee:
        """Whose answer it is: the sender's own; else that of somebody who is on the list; else of the first one named.

        Calendars name the organiser, and who delegated, beside whoever answers. `is_listed` tells of an address.
        """
        others = [each for each in self.attendees if each.address != self.organiser] or list(self.attendees)
        own = [each for each in self.attendees if sender and each.address == sender]
        listed = [each for each in others if each.address and is_listed(each.address)]
        found = [*own, *(each for each in listed if each.answer or each.delegate), *listed, *others]
        return self._with_delegator(found[0]) if found else Attendee("")

    def _with_delegator(self, chosen: Attendee) -> Attendee:
        """A delegate's calendar says who delegated, by a parameter or by a line of that person."""
        said = (each.address for each in self.attendees if each.delegate and each.delegate == chosen.address)
        return chosen if chosen.delegator else replace(chosen, delegator=next(said, ""))


def read_replies(data: bytes, zone: ZoneInfo, method: str = "") -> list[Reply]:
    """The answers in a file, one for each event. `method` is that of the letter's part, for a file that names none.

    Raises Unreadable, also for a file that answers nothing.
    """
    data = bearable(data)
    if len(_ATTENDEE.findall(data)) > MOST_ATTENDEES:
        raise Unreadable(_("The file names too many people."))
    found = [
        _reply(event, name, zone)
        for calendar in parsed(data)
        if isinstance(calendar, Calendar) and (name := _method(calendar, method)) in METHODS
        for event in calendar.walk("VEVENT")
    ]
    if not found:
        raise Unreadable(_("The file is not an answer to an invitation."))
    if not any(_is_somebodys(reply) for reply in found):
        raise Unreadable(_("The answer does not say whose it is."))
    return [reply for reply in found if _is_somebodys(reply)]


def _reply(event: Component, method: str, zone: ZoneInfo) -> Reply:
    starts_at = moment_of(event, "DTSTART", zone) if method == COUNTER else None
    return Reply(
        method=method,
        uid=line(str(event.get("UID", ""))),
        sequence=whole_number(event.get("SEQUENCE")),
        attendees=tuple(_attendee(each) for each in _listed(event.get("ATTENDEE"))),
        organiser=_address(next(iter(_listed(event.get("ORGANIZER"))), "")),
        comment=line(" ".join(map(str, _listed(event.get("COMMENT")))))[:300],
        stamped_at=moment_of(event, "DTSTAMP", ZoneInfo("UTC")),
        starts_at=starts_at,
        ends_at=_end(event, starts_at, zone) if starts_at else None,
    )


def _method(calendar: Calendar, of_the_part: str) -> str:
    return str(calendar.get("METHOD", "") or of_the_part).strip().upper()


def _is_somebodys(reply: Reply) -> bool:
    """Of several people in a reply one must have said something, or nobody can tell whose it is."""
    people = reply.attendees
    return len(people) == 1 or (bool(people) and (reply.method != REPLY or any(each.status for each in people)))


def _end(event: Component, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
    """DTEND, or the beginning with DURATION; None where neither makes sense."""
    ends_at = moment_of(event, "DTEND", zone)
    if ends_at is None and "DURATION" in event:
        try:
            length = event.decoded("DURATION")
        except (ValueError, TypeError, AttributeError):
            return None
        ends_at = starts_at + length if isinstance(length, timedelta) and length < timedelta(days=60) else None
    return ends_at if ends_at and ends_at > starts_at else None


def _attendee(value: Any) -> Attendee:
    parameters = getattr(value, "params", {})
    return Attendee(
        address=_address(value),
        name=line(str(parameters.get("CN", ""))).strip("'\" ")[:120],
        status=str(parameters.get("PARTSTAT", "")).strip().upper(),
        delegate=_plain(_first(parameters.get("DELEGATED-TO"))),
        delegator=_plain(_first(parameters.get("DELEGATED-FROM"))),
    )


def _address(value: Any) -> str:
    """Of `mailto:aino@example.org`; where a calendar names people by numbers of its own, of EMAIL (RFC 7986, 6.2)."""
    own = _plain(str(value))
    return own if _ADDRESS.fullmatch(own) else _email(getattr(value, "params", {}))


def _email(parameters: Any) -> str:
    given = _plain(str(parameters.get("EMAIL", "") or parameters.get("X-EMAIL", "")))
    return given if _ADDRESS.fullmatch(given) else ""


def _plain(value: str) -> str:
    return normal(re.sub(r"^mailto:", "", line(value).strip('"<> '), flags=re.IGNORECASE))


def _first(value: Any) -> str:
    return str(next(iter(_listed(value)), ""))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
