"""Links that open a web calendar with the meeting filled in, never with the link for joining."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from meetings.calendar.ical import CalendarEvent


def google_link(entry: CalendarEvent) -> str:
    """Google Calendar's form for a new event."""
    facts = {
        "action": "TEMPLATE",
        "text": entry.title,
        "dates": f"{_basic(entry.starts_at)}/{_basic(entry.ends_at)}",
        "ctz": entry.zone,
        "location": entry.location,
        "details": _details(entry),
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(facts)}"


def outlook_link(entry: CalendarEvent) -> str:
    """Outlook on the web's form for a new event."""
    facts = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": entry.title,
        "startdt": _extended(entry.starts_at),
        "enddt": _extended(entry.ends_at),
        "location": entry.location,
        "body": _details(entry),
    }
    return f"https://outlook.office.com/calendar/0/deeplink/compose?{urlencode(facts)}"


def _details(entry: CalendarEvent) -> str:
    """Short, because it travels in an address: the rest stands on the page."""
    return entry.page


def _basic(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _extended(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
