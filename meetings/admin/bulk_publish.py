"""Several meetings published and their people invited in one press: the page shows who gets what, and asks.

The meetings are those chosen in the list, or those of a series; each person gets one letter about all of them.
"""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import User
from lib.exceptions import Refused
from lib.forms.params import int_or_none, ints_in
from lib.tasks import wake
from meetings.admin.actions import publish_and_invite_label
from meetings.invitations.admin_views import leaving_words
from meetings.models import Dispatch, Meeting, Participation
from meetings.series.recurrence import MOST
from meetings.tasks import send_invitations


def together(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Look at it, then publish all, quietly or with invitations."""
    now, back = timezone.now(), _back(request)
    chosen = list(_chosen(request))
    fitting = [meeting for meeting in chosen if not (meeting.is_cancelled or meeting.is_over(now))]
    if not chosen:
        raise Http404
    if request.method == "POST":
        return _act(request, fitting, now, back)
    people = _people(fitting, now)
    drafts = [meeting for meeting in fitting if meeting.is_draft]
    context |= {
        "title": _("Publish and invite"),
        "meetings": fitting,
        "left_out": [meeting for meeting in chosen if meeting not in fitting],
        "people": people,
        "tell_label": publish_and_invite_label(len(people)) if people else "",
        "quiet_label": _("Publish quietly") if drafts else "",
        "back": back,
    }
    return TemplateResponse(request, "admin/meetings/meeting/bulk_publish.html", context)


def _chosen(request: HttpRequest) -> Any:
    """The meetings named in the address, those of the coordinator's own areas."""
    own = Meeting.objects.run_by(request.user)
    if series := int_or_none(request.GET.get("series")):
        return own.filter(series=series).next_first()
    return own.filter(pk__in=ints_in(request.GET.get("meetings", ""))[:MOST]).next_first()


def _back(request: HttpRequest) -> str:
    if series := int_or_none(request.GET.get("series")):
        return reverse("admin:meetings_meetingseries_change", args=[series])
    return reverse("admin:meetings_meeting_changelist")


def _people(meetings: list[Meeting], now: datetime) -> list[dict[str, Any]]:
    """Each person once, with the meetings of the one letter."""
    found: dict[str, dict[str, Any]] = {}
    for meeting in meetings:
        for row in Participation.objects.to_invite(meeting, now):
            found.setdefault(row.address.lower(), {"person": row, "meetings": []})["meetings"].append(meeting)
    return sorted(found.values(), key=lambda each: str(each["person"]))


def _act(request: HttpRequest, meetings: list[Meeting], now: datetime, back: str) -> HttpResponse:
    """All or none; at one moment, so that each person gets one letter."""
    tells, by = "_tell" in request.POST, cast(User, request.user)
    try:
        with transaction.atomic():
            for meeting in meetings:
                meeting.publish(now)
                if tells:
                    meeting.invite(now, by)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    words = ngettext("%(number)d meeting is published.", "%(number)d meetings are published.", len(meetings))
    messages.success(request, words % {"number": len(meetings)} + (_leaving(meetings) if tells else ""))
    wake(send_invitations)
    return redirect(back)


def _leaving(meetings: list[Meeting]) -> str:
    dispatches = [dispatch for dispatch in Dispatch.objects.held_by(meetings) if dispatch.kind == Dispatch.INVITE]
    last = max(dispatches, key=lambda dispatch: dispatch.leaves_at, default=None)
    return " " + leaving_words(last, timezone.now()) if last else ""
