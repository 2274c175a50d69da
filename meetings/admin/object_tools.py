"""What stands under a meeting's title on the desk: what can be done with it now, and the pages that belong to it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.models import Meeting


def actions_of(meeting: Meeting, now: datetime) -> list[dict[str, Any]]:
    """The actions that make sense in the meeting's present state, and which of them is probably next."""
    names = {
        "publish": _("Publish…"),
        "invite": _("Invite…"),
        "tell": _("Tell of a change…"),
        "cancel": _("Cancel the meeting…"),
        "copy": _("Copy as next…"),
        "repeat": _("Continue the series…") if meeting.series_id else _("Repeat as a series…"),
    }
    likely = "publish" if meeting.is_draft else "invite" if not meeting.invited_at else ""
    return [
        {"url": _url(meeting, name), "name": names[name], "is_next": name == likely} for name in _fitting(meeting, now)
    ]


def _fitting(meeting: Meeting, now: datetime) -> Iterator[str]:
    if meeting.is_draft:
        yield "publish"
    elif meeting.is_coming(now):
        yield "invite"
        if meeting.invited_at:
            yield "tell"
    yield from ("copy", "repeat")
    if meeting.is_coming(now):
        yield "cancel"


def page_links_of(meeting: Meeting) -> list[dict[str, str]]:
    """The pages of the meeting: its people and papers, what leaves by itself, and what was sent."""
    counts = meeting.participations.counts()
    people = _("Participants (%(coming)s coming of %(total)s)") % {"coming": counts["coming"], "total": counts["total"]}
    listed = f"{reverse('admin:meetings_participation_changelist')}?meeting__id__exact={meeting.pk}"
    pages = {
        "agenda-edit": _("Agenda"),
        "minutes-write": pgettext("of a meeting", "Minutes"),
        "material-edit": pgettext("of a meeting", "Materials"),
    }
    own = {"places": _("Sign-up and places"), "reminders": _("Reminders")}
    own |= {} if meeting.is_draft else {"letters": pgettext("letters in the ledger", "Letters")}
    own |= {"ready": _("Ready text"), "certificates": _("Certificates")}
    own |= {"report": _("Visit report")} if meeting.is_visit() else {}
    links: list[dict[str, Any]] = [{"url": listed, "name": people}]
    links += [{"url": reverse(f"meetings:{page}", args=[meeting.slug]), "name": name} for page, name in pages.items()]
    return links + [{"url": _url(meeting, page), "name": name} for page, name in own.items()]


def _url(meeting: Meeting, page: str) -> str:
    return reverse(f"admin:meetings_meeting_{page}", args=[meeting.pk])
