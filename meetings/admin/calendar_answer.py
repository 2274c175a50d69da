"""Answers of calendars on the desk: a list of those that wait, and one page with what can be done with each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from lib.admin import DeskAdmin
from lib.exceptions import Refused
from lib.text.dates import format_period
from meetings.exceptions import NothingAnswered
from meetings.invitations import emails
from meetings.models import CalendarAnswer
from outbox.models import InboundMessage


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait for a hand, unless all are asked for."""

    title = gettext_lazy("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": gettext_lazy("Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == "all" else queryset.waiting()


@admin.register(CalendarAnswer)
class CalendarAnswerAdmin(DeskAdmin):
    """Accept them or put them aside, several at once; the page of one offers what else fits it."""

    list_display = ["who", "meeting", "method", "answer", "comment", "starts_at", "sender", "fate", "received_at"]
    list_display_links = ["who"]
    list_filter = [WaitingFilter]
    list_select_related = ["meeting"]
    ordering = ["-received_at", "-pk"]
    actions = ["accept", "dismiss"]
    change_form_template = "admin/meetings/calendar/answer.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The actions need it; a single answer has no form."""
        return obj is None and super().has_change_permission(request, obj)

    has_delete_permission = has_add_permission

    @admin.display(description=gettext_lazy("who answers"), ordering="attendee")
    def who(self, answer: CalendarAnswer) -> str:
        return answer.attendee or answer.sender or "?"

    @admin.action(description=gettext_lazy("Accept the answers of the chosen ones"))
    def accept(self, request: HttpRequest, queryset: Any) -> None:
        now, taken, left = timezone.now(), 0, 0
        for answer in queryset.waiting().oldest_first():
            try:
                answer.accept(now)
            except Refused:
                left += 1
            else:
                taken += not answer.refusal
                if answer.refusal:
                    messages.warning(request, _not_counted(answer))
        if taken:
            words = ngettext("%(number)d answer was taken.", "%(number)d answers were taken.", taken)
            messages.success(request, words % {"number": taken})
        if left:
            messages.warning(
                request, _("Some were left: they answer nothing, or come from people who are not on the list.")
            )

    @admin.action(description=gettext_lazy("Put the chosen ones aside"))
    def dismiss(self, request: HttpRequest, queryset: Any) -> None:
        now = timezone.now()
        for answer in queryset.waiting():
            answer.dismiss(now)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What came, in words, with what can be done; POST is the button that was clicked."""
        answer: Any = self.get_object(request, object_id)
        if answer is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if request.method == "POST":
            return self._act(request, answer)
        letters = InboundMessage.objects.run_by(request.user)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("An answer of a calendar"),
            "answer": answer,
            "proposed": _proposed(answer),
            "letter": letters.filter(pk=answer.message).first(),
        }
        return TemplateResponse(request, self.change_form_template, context)

    def _act(self, request: Any, answer: CalendarAnswer) -> HttpResponse:
        act = next((verb for name, verb in VERBS.items() if name in request.POST), None)
        if act is None:
            return redirect("admin:meetings_calendaranswer_change", answer.pk)
        try:
            done, page = act(answer, timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:meetings_calendaranswer_change", answer.pk)
        self.log_change(request, answer, done)
        (messages.warning if answer.refusal else messages.success)(request, done)
        return redirect(page, answer.meeting_id) if page else redirect("admin:meetings_calendaranswer_changelist")


# What a button does: the words for the next page, and the page of the meeting that comes next, if one does.
Done = tuple[str, str]


def _accept(answer: CalendarAnswer, now: datetime) -> Done:
    answer.accept(now)
    return _not_counted(answer) if answer.refusal else _("The answer was taken."), ""


def _add_guest(answer: CalendarAnswer, now: datetime) -> Done:
    return _("%(person)s is on the list now.") % {"person": answer.add_guest(now)}, ""


def _hand_on(answer: CalendarAnswer, now: datetime) -> Done:
    words = _("%(person)s is on the list now and can be invited here.")
    return words % {"person": answer.hand_on(now)}, "admin:meetings_meeting_invite"


def _move(answer: CalendarAnswer, now: datetime) -> Done:
    answer.move_meeting(now)
    return _("The meeting was moved to the proposed time."), "admin:meetings_meeting_tell"


def _decline(answer: CalendarAnswer, now: datetime) -> Done:
    return _by_letter(
        answer,
        CalendarAnswer.DECLINED,
        now,
        lambda: emails.decline_proposal(answer.participation, _proposed(answer), f"proposal-{answer.pk}"),
        _("%(person)s gets a letter: the time stays as it is."),
    )


def _send_again(answer: CalendarAnswer, now: datetime) -> Done:
    return _by_letter(
        answer,
        CalendarAnswer.SENT,
        now,
        lambda: emails.send_again(answer.participation, f"refresh-{answer.pk}"),
        _("%(person)s gets the newest calendar entry."),
    )


def _by_letter(answer: CalendarAnswer, fate: str, now: datetime, write: Callable[[], Any], words: str) -> Done:
    """Settle it and write the letter, or neither."""
    if answer.participation is None:
        raise NothingAnswered
    answer.settle(fate, now, write)
    return words % {"person": answer.participation}, ""


def _aside(answer: CalendarAnswer, now: datetime) -> Done:
    answer.settle(CalendarAnswer.DISMISSED, now)
    return _("Put aside."), ""


VERBS: dict[str, Callable[[CalendarAnswer, datetime], Done]] = {
    "accept": _accept,
    "guest": _add_guest,
    "delegate": _hand_on,
    "move": _move,
    "decline": _decline,
    "again": _send_again,
    "aside": _aside,
}


def _not_counted(answer: CalendarAnswer) -> str:
    return _("The answer of %(person)s does not count: %(why)s") % {
        "person": answer.participation,
        "why": answer.refusal,
    }


def _proposed(answer: CalendarAnswer) -> str:
    """The proposed time in words; empty when none was proposed."""
    if answer.starts_at is None or answer.meeting is None:
        return ""
    return format_period(answer.starts_at, answer.ends_at, answer.meeting.time_zone, get_language() or "fi")
