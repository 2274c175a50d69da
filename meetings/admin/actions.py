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
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lib.exceptions import Refused
from lib.forms.params import ints_in
from lib.tasks import wake
from lib.text.dates import format_period
from meetings.forms import CancelForm, CopyForm
from meetings.invitations.admin_views import leaving_words
from meetings.models import Dispatch, Meeting, Participation
from meetings.reminders.timeline import next_invitation
from meetings.series.admin_views import what_comes
from meetings.series.recurrence import warnings_of
from meetings.tasks import send_invitations


def publish(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Show the meeting, quietly or with invitations."""
    now = timezone.now()
    if request.method == "POST":
        return _act(request, meeting, lambda: _publish(meeting, "_tell" in request.POST, request.user))
    people = Participation.objects.to_invite(meeting, now)
    context |= {
        "title": _("Publish the meeting"),
        "lead": _(
            "After this the meeting stands on the site. Inviting sends each person a letter with a calendar entry."
        ),
        "people": people,
        "wished": meeting.wishes.active().exists(),
        "tell_label": publish_and_invite_label(len(people)) if people and not meeting.is_over(now) else "",
        "quiet_label": _("Publish quietly"),
        "notice": _of_invitation(meeting, now),
    }
    return _page(request, context)


def invite(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Ask those who have not been asked."""
    if request.method == "POST":
        return _act(request, meeting, lambda: _invite(meeting, request.user))
    people = Participation.objects.to_invite(meeting, timezone.now())
    context |= {
        "title": _("Send invitations"),
        "lead": _("Those who have been invited already do not get a second letter."),
        "people": people,
        "wished": meeting.wishes.active().filter(told_at=None).exists(),
        "tell_label": ngettext("Invite %(number)d person", "Invite %(number)d people", len(people))
        % {"number": len(people)}
        if people
        else "",
    }
    return _page(request, context)


def notify(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """After a change: keep quiet, or tell those who were invited; of others of the series that changed with it too."""
    also = _also(request)
    if request.method == "POST":
        return _act(request, meeting, lambda: _notify([meeting, *also], request.user, again="_again" in request.POST))
    told = [each for one in [meeting, *also] for each in Participation.objects.to_notify(one)]
    people = list({each.address: each for each in told}.values())
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
        "again_label": _("Tell and ask all to answer again") if people else "",
        "stay_label": _("Keep quiet"),
    }
    return _page(request, context)


def move(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """To another day at the same time, as asked by dragging: quietly, or with word to those who were invited."""
    starts_at, ends_at = meeting.on_day(_day(request.GET.get("to", "")) or timezone.localdate(meeting.starts_at))
    if request.method == "POST":
        tells = "_tell" in request.POST
        return _act(request, meeting, lambda: _move(meeting, starts_at, ends_at, tells, request.user))
    hears = meeting.invited_at and meeting.is_coming(timezone.now())
    people = Participation.objects.to_notify(meeting) if hears else []
    context |= {
        "title": _("Move the meeting"),
        "lead": _("New time: %(when)s.")
        % {"when": format_period(starts_at, ends_at, meeting.time_zone, get_language())},
        "warnings": _against(meeting, starts_at) + left_behind(meeting),
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


def left_behind(meeting: Meeting) -> list[str]:
    """What a move does not take along, in words."""
    rules = meeting.rules_of_signup()
    if rules is None or not rules.has_days:
        return []
    return [_("The days of sign-up stay as they are. Check them: “Sign-up and places”.")]


def cancel(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Call the meeting off, with a reason."""
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tells, reason = "_tell" in request.POST, form.cleaned_data["reason"]
        return _act(request, meeting, lambda: _cancel(meeting, reason, tells, request.user))
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
    """Make a draft of the next one, on a day that is asked."""
    form = CopyForm(request.POST or None, initial={"on": meeting.next_day()})
    if request.method == "POST" and form.is_valid():
        following = meeting.copy(timezone.now(), on=form.cleaned_data["on"])
        messages.success(request, _("This is a draft of the next meeting. Check the time and the link."))
        return redirect("admin:meetings_meeting_change", following.pk)
    lead = _("The copy is a draft at the same time of day. Nobody is told of it.")
    context |= {
        "title": _("Copy as the next meeting"),
        "lead": " ".join([lead, *what_comes(meeting)]),
        "form": form,
        "quiet_label": _("Make the copy"),
    }
    return _page(request, context)


def publish_and_invite_label(number: int) -> str:
    return ngettext("Publish and invite %(number)d person", "Publish and invite %(number)d people", number) % {
        "number": number
    }


def _publish(meeting: Meeting, tells: bool, by: Any) -> str:
    now = timezone.now()
    meeting.publish(now)
    if tells:
        return _invite(meeting, by)
    return " ".join([_("The meeting is published. Nobody was told of it."), _of_invitation(meeting, now)]).strip()


def _of_invitation(meeting: Meeting, now: datetime) -> str:
    """Whoever publishes quietly must know that the timeline speaks up later."""
    moment = next_invitation(meeting, now)
    words = _("If nobody invites before, the invitations leave by themselves: %(when)s. “Reminders” turns that off.")
    return words % {"when": moment} if moment else ""


def _invite(meeting: Meeting, by: Any) -> str:
    meeting.invite(timezone.now(), by)
    return _leaving(meeting, Dispatch.INVITE) + " " + _("You can follow who answers on the list of participants.")


def _also(request: HttpRequest) -> list[Meeting]:
    """The meetings named in the address, those of the coordinator's own areas."""
    own = Meeting.objects.run_by(request.user).filter(pk__in=ints_in(request.GET.get("also", "")))
    return [meeting for meeting in own.next_first() if meeting.is_coming(timezone.now())]


def _notify(meetings: list[Meeting], by: Any, again: bool = False) -> str:
    """All at one moment, so that each person gets one letter about them."""
    now = timezone.now()
    for meeting in meetings:
        if again:
            meeting.ask_again(now)
        meeting.notify(now, by)
    return _leaving(meetings[0], Dispatch.TELL)


def _leaving(meeting: Meeting, kind: str) -> str:
    """When the letters leave; what does not wait is woken at once."""
    wake(send_invitations)
    held = Dispatch.objects.held_by([meeting])
    return next((leaving_words(dispatch, timezone.now()) for dispatch in held if dispatch.kind == kind), "")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _move(meeting: Meeting, starts_at: datetime, ends_at: datetime, tells: bool, by: Any) -> str:
    now = timezone.now()
    meeting.move(starts_at, ends_at, now)
    meeting.detach(now)
    if tells:
        return _notify([meeting], by)
    return _("The meeting was moved. Nobody was told of it.")


def _cancel(meeting: Meeting, reason: str, tells: bool, by: Any) -> str:
    meeting.cancel(timezone.now(), reason=reason, notify=tells, by=by)
    done = _("The meeting is cancelled.")
    return f"{done} {_leaving(meeting, Dispatch.CANCEL)}" if tells else done


def _act(request: HttpRequest, meeting: Meeting, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what happened or why not, and go back to the meeting."""
    try:
        messages.success(request, act())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:meetings_meeting_change", meeting.pk)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, "admin/meetings/meeting/confirm.html", context)
