"""Answers of calendars on the desk: those that may come from somebody else, and other times that people propose."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.admin import DeskAdmin
from meetings.models import CalendarAnswer


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait for a hand, unless all are asked for."""

    title = _("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": _("Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == "all" else queryset.waiting()


@admin.register(CalendarAnswer)
class CalendarAnswerAdmin(DeskAdmin):
    """Accept them or put them aside; the answer itself is history."""

    list_display = ["meeting", "attendee", "answer", "comment", "starts_at", "sender", "fate", "received_at"]
    list_display_links = None
    list_filter = [WaitingFilter]
    list_select_related = ["meeting"]
    ordering = ["-received_at", "-pk"]
    actions = ["accept", "dismiss"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The actions need it; a single answer has no form."""
        return obj is None and super().has_change_permission(request, obj)

    has_delete_permission = has_add_permission

    @admin.action(description=_("Accept the answers of the chosen ones"))
    def accept(self, request: HttpRequest, queryset: Any) -> None:
        now = timezone.now()
        taken = [answer.accept(now) for answer in queryset.waiting().oldest_first()]
        words = ngettext("%(number)d answer was taken.", "%(number)d answers were taken.", sum(taken))
        messages.success(request, words % {"number": sum(taken)})
        if not all(taken):
            messages.warning(
                request, _("Some were left: they answer nothing, or come from people who are not on the list.")
            )

    @admin.action(description=_("Put the chosen ones aside"))
    def dismiss(self, request: HttpRequest, queryset: Any) -> None:
        now = timezone.now()
        for answer in queryset.waiting():
            answer.dismiss(now)
