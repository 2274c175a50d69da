"""The pages of the desk where a coordinator confirms what others will notice: publish, invite, tell, cancel, copy.

Looking at them changes nothing; the button acts by the verb of the meeting and wakes the round of invitations.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from meetings.forms import CancelForm
from meetings.models import Meeting, Refused
from meetings.recurrence import warnings_of
from meetings.series_desk import repeat
from meetings.tasks import send_invitations
from youthnet.celery import wake
from youthnet.when import when


def publish(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Show the meeting, quietly or with invitations."""
    now = timezone.now()
    if request.method == "POST":
        return _act(request, meeting, lambda: _publish(meeting, tells="_tell" in request.POST))
    people = meeting.people_to_ask(now)
    context |= {
        "title": _("Publish the meeting"),
        "lead": _(
            "After this the meeting stands on the site. Inviting sends each person a letter with a calendar entry."
        ),
        "people": people,
        "tell_label": _publish_and_invite(len(people)) if people and not meeting.is_over(now) else "",
        "quiet_label": _("Publish quietly"),
    }
    return _page(request, context)


def invite(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Ask those who have not been asked."""
    if request.method == "POST":
        return _act(request, meeting, lambda: _invite(meeting))
    people = meeting.people_to_ask(timezone.now())
    context |= {
        "title": _("Send invitations"),
        "lead": _("Those who have been invited already do not get a second letter."),
        "people": people,
        "tell_label": ngettext("Invite %(number)d person", "Invite %(number)d people", len(people))
        % {"number": len(people)}
        if people
        else "",
    }
    return _page(request, context)


def tell(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """After a change: keep quiet, or tell those who were invited; of others of the series that changed with it too."""
    also = _also(request)
    if request.method == "POST":
        return _act(request, meeting, lambda: _tell([meeting, *also]))
    people = list({each.address: each for one in [meeting, *also] for each in one.people_to_tell()}.values())
    context |= {
        "title": _("Tell of the change?"),
        "lead": _(
            "The meeting is saved. Those who were invited can get a letter that brings their calendar up to date."
        ),
        "people": people,
        "tell_label": ngettext("Tell %(number)d person", "Tell %(number)d people", len(people))
        % {"number": len(people)}
        if people
        else "",
        "stay_label": _("Keep quiet"),
    }
    return _page(request, context)


def move(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """To another day at the same time, as asked by dragging: quietly, or with word to those who were invited."""
    starts_at, ends_at = meeting.on_day(_day(request.GET.get("to", "")) or timezone.localdate(meeting.starts_at))
    if request.method == "POST":
        return _act(request, meeting, lambda: _move(meeting, starts_at, ends_at, tells="_tell" in request.POST))
    people = meeting.people_to_tell() if meeting.invited_at and meeting.is_coming(timezone.now()) else []
    context |= {
        "title": _("Move the meeting"),
        "lead": _("New time: %(when)s.") % {"when": when(starts_at, ends_at, meeting.time_zone, get_language())},
        "warnings": _against(meeting, starts_at),
        "people": people,
        "tell_label": ngettext("Move and tell %(number)d person", "Move and tell %(number)d people", len(people))
        % {"number": len(people)}
        if people
        else "",
        "quiet_label": _("Move quietly"),
    }
    return _page(request, context)


def _against(meeting: Meeting, starts_at: datetime) -> list[str]:
    """What speaks against the new day: it has passed, or few would come."""
    passed = [_("This day has passed already")] if starts_at < timezone.now() else []
    local = starts_at.astimezone(meeting.zone)
    found = warnings_of(local.date(), local.time(), meeting.time_zone, settings.HOLIDAYS_OF, get_language() or "fi")
    return passed + found


def cancel(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Call the meeting off, with a reason."""
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tells, reason = "_tell" in request.POST, form.cleaned_data["reason"]
        return _act(request, meeting, lambda: _cancel(meeting, reason, tells))
    people = list(meeting.participations.to_tell().select_related("user").in_order())
    context |= {
        "title": _("Cancel the meeting"),
        "lead": _(
            "The meeting stays on the site as cancelled. "
            "Those who were invited get a letter that takes it out of their calendar."
        ),
        "form": form,
        "people": people,
        "tell_label": ngettext("Cancel and tell %(number)d person", "Cancel and tell %(number)d people", len(people))
        % {"number": len(people)}
        if people
        else "",
        "quiet_label": _("Cancel quietly"),
        "is_grave": True,
    }
    return _page(request, context)


def copy(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Make a draft of the next one."""
    if request.method == "POST":
        following = meeting.copy(timezone.now())
        messages.success(
            request, _("This is a draft of the next meeting, four weeks later. Check the time and the link.")
        )
        return redirect("admin:meetings_meeting_change", following.pk)
    context |= {
        "title": _("Copy as the next meeting"),
        "lead": _("The copy is a draft four weeks later at the same time of day. Nobody is told of it."),
        "quiet_label": _("Make the copy"),
    }
    return _page(request, context)


STEPS: dict[str, Callable[..., HttpResponse]] = {
    "publish": publish,
    "invite": invite,
    "tell": tell,
    "move": move,
    "cancel": cancel,
    "copy": copy,
    "repeat": repeat,
}


def steps_of(meeting: Meeting) -> list[dict[str, str]]:
    """The buttons that make sense in the meeting's present state."""
    names = {
        "publish": _("Publish…"),
        "invite": _("Invite…"),
        "tell": _("Tell of a change…"),
        "cancel": _("Cancel the meeting…"),
        "copy": _("Copy as next…"),
        "repeat": _("Continue the series…") if meeting.series_id else _("Repeat as a series…"),
        "places": _("Sign-up and places…"),
        "certificates": _("Certificates…"),
    }
    coming = [] if meeting.is_cancelled or meeting.is_over(timezone.now()) else ["invite", "tell", "cancel"]
    fitting = [*(["publish"] if meeting.is_draft else coming), "copy", "repeat", "places", "certificates"]
    if "tell" in fitting and not meeting.invited_at:
        fitting.remove("tell")
    steps = [
        {"url": reverse(f"admin:meetings_meeting_{step}", args=[meeting.pk]), "name": names[step]} for step in fitting
    ]
    pages = {"agenda-edit": _("Agenda"), "minutes-write": pgettext("of a meeting", "Minutes")}
    pages["material-edit"] = pgettext("of a meeting", "Materials")
    return steps + [{"url": reverse(f"meetings:{page}", args=[meeting.slug]), "name": pages[page]} for page in pages]


def _publish_and_invite(number: int) -> str:
    return ngettext("Publish and invite %(number)d person", "Publish and invite %(number)d people", number) % {
        "number": number
    }


def _publish(meeting: Meeting, tells: bool) -> str:
    now = timezone.now()
    meeting.publish(now)
    return _invite(meeting) if tells else _("The meeting is published. Nobody was told of it.")


def _invite(meeting: Meeting) -> str:
    meeting.invite(timezone.now())
    wake(send_invitations)
    return _("The invitations leave within a minute. You can follow who answers on the list of participants.")


def _also(request: HttpRequest) -> list[Meeting]:
    """The meetings named in the address, those of the coordinator's own areas."""
    pks = [pk for pk in request.GET.get("also", "").split(",") if pk.isdecimal()]
    own = Meeting.objects.run_by(request.user).filter(pk__in=pks)
    return [meeting for meeting in own.next_first() if meeting.is_coming(timezone.now())]


def _tell(meetings: list[Meeting]) -> str:
    for meeting in meetings:
        meeting.tell(timezone.now())
    wake(send_invitations)
    return _("The letters about the change leave within a minute.")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _move(meeting: Meeting, starts_at: datetime, ends_at: datetime, tells: bool) -> str:
    now = timezone.now()
    meeting.move(starts_at, ends_at, now)
    meeting.detach(now)
    if tells:
        return _tell([meeting])
    return _("The meeting was moved. Nobody was told of it.")


def _cancel(meeting: Meeting, reason: str, tells: bool) -> str:
    meeting.cancel(timezone.now(), reason=reason, tell=tells)
    wake(send_invitations)
    return (
        _("The meeting is cancelled. The letters leave within a minute.") if tells else _("The meeting is cancelled.")
    )


def _act(request: HttpRequest, meeting: Meeting, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what happened or why not, and go back to the meeting."""
    try:
        messages.success(request, act())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:meetings_meeting_change", meeting.pk)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, "admin/meetings/meeting/confirm.html", context)
