"""The steps of the minutes that others notice: send for comments, approve, open again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.access import coordinators_only
from lib.forms.posting import attempt, posted, show_and_act, show_form
from lib.tasks import wake
from meetings.minutes.forms import ReasonForm
from meetings.models import Meeting, Minutes
from meetings.tasks import send_minutes


@coordinators_only
@show_and_act
def minutes_send(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the draft to those of the meeting for seven days."""
    meeting = _meeting(request, slug)
    tells = "_tell" in request.POST
    if request.method == "POST":
        minutes = Minutes.objects.start(meeting)
        return _act(request, meeting, lambda: minutes.send_for_comments(timezone.now(), notify=tells), tells)
    context = {
        "title": _("Send the minutes for comments"),
        "lead": _("Those of the meeting may read and comment them for seven days. After that you approve them."),
        "quiet": _("Open for comments quietly"),
    }
    return _dialog(request, meeting, context, telling=_open_and_tell)


@coordinators_only
@show_and_act
def minutes_approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Lock them and keep a numbered version, quietly or with a letter."""
    meeting = _meeting(request, slug)
    tells = "_tell" in request.POST
    if request.method == "POST":
        minutes = Minutes.objects.start(meeting)
        return _act(request, meeting, lambda: minutes.approve(timezone.now(), by=request.user, notify=tells), tells)
    context = {
        "title": _("Approve the minutes"),
        "lead": _("Approved minutes are locked and kept as a numbered version. To change them you must say why."),
        "quiet": _("Save quietly"),
        "comments": Minutes.objects.of(meeting).comments.oldest_first() if Minutes.objects.of(meeting).pk else [],
    }
    return _dialog(request, meeting, context, telling=_save_and_tell)


@coordinators_only
@show_and_act
def minutes_open(request: HttpRequest, slug: str) -> HttpResponse:
    """Unlock approved minutes, with a reason that stands in the next version."""
    meeting = _meeting(request, slug)
    form = ReasonForm(posted(request))
    if form.is_valid():
        minutes, reason = Minutes.objects.start(meeting), form.cleaned_data["reason"]
        return _act(request, meeting, lambda: minutes.open_again(timezone.now(), reason), tells=False)
    context = {"meeting": meeting, "form": form}
    return show_form(request, "meetings/minutes/minutes_open.html", context)


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.run_by(request.user).select_related("area", "kept_minutes"), slug=slug)


def _dialog(request: HttpRequest, meeting: Meeting, context: dict[str, Any], telling: Any) -> HttpResponse:
    people = Minutes.objects.of(meeting).people()
    context |= {"meeting": meeting, "has_begun": meeting.starts_at <= timezone.now(), "people": people}
    context["tell"] = telling(len(people)) if people else ""
    return render(request, "meetings/minutes/minutes_dialog.html", context)


def _act(request: HttpRequest, meeting: Meeting, act: Any, tells: bool) -> HttpResponse:
    told, quiet = _("It is done. The letters leave within a minute."), _("It is done. Nobody was told of it.")
    if attempt(request, act, told if tells else quiet):
        wake(send_minutes)
    return redirect("meetings:minutes-write", meeting.slug)


def _open_and_tell(number: int) -> str:
    return ngettext("Open and tell %(number)d person", "Open and tell %(number)d people", number) % {"number": number}


def _save_and_tell(number: int) -> str:
    return ngettext("Save and tell %(number)d person", "Save and tell %(number)d people", number) % {"number": number}
