"""A meeting as a calendar entry, with the link for joining or without it."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from lib.absolute_urls import absolute_url
from meetings.calendar.ical import CalendarEvent, Person
from meetings.models import Meeting
from networks.models import Network


def event_of(meeting: Meeting, *, with_link: bool, language: str | None = None) -> CalendarEvent:
    """The meeting's present version in words of the active language; its page's address is in `language`."""
    page = absolute_url("meetings:meeting-detail", meeting.slug, language=language)
    link = meeting.join_url if with_link and meeting.is_online and not meeting.is_cancelled else ""
    return CalendarEvent(
        uid=meeting.uid,
        sequence=meeting.sequence,
        title=_title(meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.time_zone,
        created_at=meeting.created_at,
        stamped_at=meeting.changed_at,
        location=_location(meeting),
        description=_description(meeting, page, link),
        page=page,
        join_url=link,
        is_cancelled=meeting.is_cancelled,
    )


def organiser_of(network: Network | None) -> Person:
    """Who invites: one stable address per network, the same that its letters come from."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if network is None:
        return Person(address, name)
    return Person(network.sender_email or address, network.name)


def _title(meeting: Meeting) -> str:
    """Calendars that show no status at all show the title."""
    return _("CANCELLED: %(title)s") % {"title": _own_title(meeting)} if meeting.is_cancelled else _own_title(meeting)


def _own_title(meeting: Meeting) -> str:
    if meeting.is_external:
        return _("%(title)s (held by others)") % {"title": meeting.title}
    return meeting.title


def _held_by(meeting: Meeting) -> str:
    if meeting.held_by:
        return _("Held by %(body)s; we attend.") % {"body": meeting.held_by}
    return _("Another body holds this meeting and the network takes part.")


def _location(meeting: Meeting) -> str:
    if meeting.is_online and meeting.place:
        return _("%(place)s, and online") % {"place": meeting.place}
    return meeting.place or (_("Online") if meeting.is_online else "")


def _description(meeting: Meeting, page: str, link: str) -> str:
    parts = [meeting.summary]
    if meeting.is_cancelled:
        parts.insert(0, _("This meeting has been cancelled."))
    if meeting.is_external:
        parts.append(_held_by(meeting))
    if link:
        parts.append(_("Join online:") + "\n" + link)
    if meeting.accessibility:
        parts.append(_("Accessibility:") + " " + meeting.accessibility)
    parts.append(_("The meeting's page:") + "\n" + page)
    return "\n\n".join(part for part in parts if part)
