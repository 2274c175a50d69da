"""Calendar entries as text (RFC 5545, RFC 5546): attached to invitations, downloaded from a meeting's page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri
from icalendar.parser import Contentline

PRODID = "-//youthnet//meetings//EN"

# Zones whose clocks change on the last Sundays of March and October at 01:00 UTC: hours from UTC in winter, and names.
EUROPEAN_ZONES = {
    "Europe/Helsinki": (2, "EET", "EEST"),
    "Europe/Mariehamn": (2, "EET", "EEST"),
    "Europe/Tallinn": (2, "EET", "EEST"),
    "Europe/Riga": (2, "EET", "EEST"),
    "Europe/Vilnius": (2, "EET", "EEST"),
    "Europe/Stockholm": (1, "CET", "CEST"),
    "Europe/Oslo": (1, "CET", "CEST"),
    "Europe/Copenhagen": (1, "CET", "CEST"),
    "Europe/Berlin": (1, "CET", "CEST"),
    "Europe/Brussels": (1, "CET", "CEST"),
}

# Outlook reads only yearly rules, no lists of dates; libraries that write the zone from the tz database write lists.
_VTIMEZONE = """BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:19961027T{back:02}0000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+{summer:02}00
TZOFFSETTO:+{winter:02}00
TZNAME:{winter_name}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T{forward:02}0000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+{winter:02}00
TZOFFSETTO:+{summer:02}00
TZNAME:{summer_name}
END:DAYLIGHT
END:VTIMEZONE
"""

ANSWERED = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Person:
    """The organiser or the one recipient. `answer` is yes, no, maybe or empty."""

    address: str
    name: str = ""
    answer: str = ""


@dataclass(frozen=True)
class CalendarEvent:
    """One version of a meeting as a calendar sees it. Moments are aware; `stamped_at`: when this version was made."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    created_at: datetime
    stamped_at: datetime
    location: str = ""
    description: str = ""
    page: str = ""
    join_url: str = ""
    is_cancelled: bool = False


def calendar_text(entry: CalendarEvent, method: str, organiser: Person, attendee: Person | None = None) -> str:
    """One entry with METHOD REQUEST, CANCEL or PUBLISH. A REQUEST and a CANCEL name their one recipient only."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("method", method)
    calendar.add_component(time_zone(entry.zone))
    calendar.add_component(_event(entry, organiser, attendee))
    return calendar.to_ical().decode()


def event_text(entry: CalendarEvent) -> str:
    """One entry as it stands in a feed, which has no METHOD: no organiser and no attendee, so nobody's address."""
    return _event(entry, None, None).to_ical().decode()


def calendar_head(name: str, zones: Iterable[str]) -> str:
    """The lines of a feed before its events: name, how often to ask (RFC 7986, 5.1 and 5.7), and the zones' clocks."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(line(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText("PT1H"))
    for zone in zones:
        calendar.add_component(time_zone(zone))
    return calendar.to_ical().decode().removesuffix("END:VCALENDAR\r\n")


def own_answer_line(address: str, answer: str) -> str:
    """The ATTENDEE line of the one person whose feed it is."""
    return f"ATTENDEE;PARTSTAT={ANSWERED[answer]}:mailto:{line(address)}"


def folded(text: str) -> str:
    """One content line, folded at 75 octets and ended (RFC 5545, 3.1)."""
    return Contentline(text).to_ical().decode() + "\r\n"


@lru_cache(maxsize=len(EUROPEAN_ZONES))
def time_zone(zone: str) -> Timezone:
    """The zone's clock rule, written by hand. Raises KeyError for a zone outside the common European rule."""
    winter, winter_name, summer_name = EUROPEAN_ZONES[zone]
    names = {"winter_name": winter_name, "summer_name": summer_name}
    hours = {"winter": winter, "summer": winter + 1, "forward": winter + 1, "back": winter + 2}
    return cast(Timezone, Timezone.from_ical(_VTIMEZONE.format(zone=zone, **names, **hours)))


def line(text: str) -> str:
    """Text for one line: no line breaks, no control characters, and no mark of a byte order, which readers drop."""
    return " ".join(_CONTROLS.sub(" ", text.replace("\ufeff", "")).split())


def paragraphs(text: str) -> str:
    """Text of several lines: line breaks as \\n, no other control characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _event(entry: CalendarEvent, organiser: Person | None, attendee: Person | None) -> Event:
    event = Event()
    zone = ZoneInfo(entry.zone)
    event.add("uid", line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.stamped_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", vText(line(entry.title)))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    _add_words(event, entry)
    if organiser:
        event.add("organizer", _address(organiser))
    if attendee:
        event.add("attendee", _recipient(attendee))
    return event


def _add_words(event: Event, entry: CalendarEvent) -> None:
    if entry.location:
        event.add("location", vText(line(entry.location)))
    if entry.description:
        event.add("description", vText(paragraphs(entry.description)))
    if entry.page:
        event.add("url", vUri(line(entry.page)))
    if entry.join_url:
        _add_link(event, line(entry.join_url).replace(" ", "%20"))


def _add_link(event: Event, url: str) -> None:
    """The link for joining, in the ways calendars look for it (RFC 7986, 5.11; the second is Teams' own)."""
    event.add("conference", vUri(url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if (urlsplit(url).hostname or "").endswith("teams.microsoft.com"):
        event.add("x-microsoft-skypeteamsmeetingurl", vUri(url))


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{line(person.address)}")
    name = line(person.name).replace('"', "")
    if name:
        address.params["CN"] = name
    return address


def _recipient(person: Person) -> vCalAddress:
    address = _address(person)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = ANSWERED.get(person.answer, "NEEDS-ACTION")
    address.params["RSVP"] = "TRUE"
    return address
