"""Letters of a meeting on the desk: what waits, with "Send now" and "Recall", and the log of what was written."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from lib.exceptions import Refused
from lib.forms.params import int_or_none
from lib.tasks import wake
from lib.text.dates import clock
from meetings.models import Dispatch, Letter, Meeting, MeetingSeries, Participation
from meetings.tasks import send_invitations

PER_PAGE = 100


def letters(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """The log, of everybody or of one person; the buttons send at once or recall."""
    if request.method == "POST":
        return _act(request, [meeting], "admin:meetings_meeting_change", meeting.pk)
    rows = Letter.objects.filter(participation__meeting=meeting).newest_first()
    person = _person(request, meeting)
    rows = rows.filter(participation=person) if person else rows
    rows = rows.select_related("delivery__mailing", "participation__user")
    context |= {
        "title": _("Letters to %(person)s") % {"person": person} if person else _letters_title(),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "person": person,
        "dispatches": meeting.dispatches.select_related("by", "recalled_by").newest_first() if person is None else [],
        "held": held_words([meeting], timezone.now()),
    }
    return TemplateResponse(request, "admin/meetings/invitations/letters.html", context)


def series_letters(request: HttpRequest, series: MeetingSeries) -> HttpResponse:
    """The buttons of a series: they act on all its meetings at once."""
    return _act(request, list(series.meetings.next_first()), "admin:meetings_meetingseries_change", series.pk)


def held_of(meeting: Meeting) -> dict[str, Any]:
    """What the page of a meeting shows of letters that wait, there and in its series."""
    held = held_words([meeting], timezone.now())
    others = Dispatch.objects.open().filter(meeting__series=meeting.series_id or 0).exclude(meeting=meeting.pk)
    return {
        "held": held,
        "held_url": reverse("admin:meetings_meeting_letters", args=[meeting.pk]),
        "series_waits": bool(held and meeting.series_id and others.exists()),
    }


def held_words(meetings: list[Meeting], now: datetime) -> list[dict[str, Any]]:
    """For the bar above the form: what waits, how many people it reaches and when it leaves; of several meetings
    together, a row for each kind."""
    found: dict[str, dict[str, Any]] = {}
    for dispatch in Dispatch.objects.held_by(meetings):
        row = found.setdefault(dispatch.kind, {"dispatch": dispatch, "people": set(), "meetings": 0})
        people = Participation.objects.recipients_of(dispatch.meeting, dispatch.kind).select_related("user")
        row["people"] |= {person.address for person in people}
        row["meetings"] += 1
    return [row | {"words": _bar(row, now)} for row in found.values() if row["people"]]


def leaving_words(dispatch: Dispatch, now: datetime) -> str:
    """For the message after a press."""
    if dispatch.leaves_at <= now:
        return _("The letters leave now.")
    return _("The letters leave at %(time)s. Until then you can recall them here.") % {"time": _clock(dispatch)}


def _bar(row: dict[str, Any], now: datetime) -> str:
    dispatch, number = row["dispatch"], len(row["people"])
    facts = {"number": number, "time": _clock(dispatch)}
    if dispatch.leaves_at <= now:
        words = ngettext("A letter to %(number)d person leaves now.", "Letters to %(number)d people leave now.", number)
    elif dispatch.kind == Dispatch.INVITE:
        words = ngettext(
            "The invitation to %(number)d person leaves at %(time)s.",
            "The invitation to %(number)d people leaves at %(time)s.",
            number,
        )
    elif dispatch.kind == Dispatch.TELL:
        words = ngettext(
            "Word of the change leaves to %(number)d person at %(time)s.",
            "Word of the change leaves to %(number)d people at %(time)s.",
            number,
        )
    else:
        words = ngettext(
            "Word of the cancellation leaves to %(number)d person at %(time)s.",
            "Word of the cancellation leaves to %(number)d people at %(time)s.",
            number,
        )
    return words % facts


def _clock(dispatch: Dispatch) -> str:
    return clock(timezone.localtime(dispatch.leaves_at), get_language() or "fi")


def _letters_title() -> str:
    return pgettext("letters in the ledger", "Letters")


def _person(request: HttpRequest, meeting: Meeting) -> Participation | None:
    """The one person asked for in the address."""
    asked = request.GET.get("person", "")
    people = meeting.participations.select_related("user")
    return get_object_or_404(people, pk=int_or_none(asked)) if asked else None


def _act(request: HttpRequest, meetings: list[Meeting], back: str, pk: int) -> HttpResponse:
    """Send now or recall, say what happened or why not, and go back."""
    now, kind = timezone.now(), request.POST.get("recall", "")
    try:
        if kind in dict(Dispatch.KINDS):
            _of_any(meetings, lambda meeting: Dispatch.objects.recall(meeting, kind, now, request.user))
            messages.success(request, _recalled(kind))
        else:
            _of_any(meetings, lambda meeting: Dispatch.objects.skip_hold(meeting, now))
            messages.success(request, _("The letters leave now."))
            wake(send_invitations)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(back, pk)


def _of_any(meetings: list[Meeting], act: Any) -> None:
    """Do it to each that has something waiting. Raises what the last one raised when none had."""
    refusals = []
    for meeting in meetings:
        try:
            act(meeting)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals and len(refusals) == len(meetings):
        raise refusals[-1]


def _recalled(kind: str) -> str:
    return {
        Dispatch.INVITE: _("Recalled: no invitation leaves."),
        Dispatch.TELL: _("Recalled: nobody is told. The meeting itself stays as you changed it."),
        Dispatch.CANCEL: _("Recalled: the meeting is not cancelled, and nobody is told anything."),
    }[kind]
