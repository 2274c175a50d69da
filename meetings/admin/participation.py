"""The participants of a meeting on the desk."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskAdmin
from lib.exceptions import Refused
from meetings.forms import GuestForm, ParticipantRow
from meetings.models import Participation


@admin.register(Participation)
class ParticipationAdmin(DeskAdmin):
    """The participants of a meeting, reached from it. The coordinator enters answers told by telephone."""

    list_display = ["person", "answer", "comment", "answered_at", "answered_via", "asked_at", "meeting"]
    list_display_links = ["person"]
    list_editable = ["answer", "comment"]
    list_filter = ["answer"]
    list_select_related = ["user", "meeting", "brought_by__user"]
    search_fields = ["user__name", "user__email", "name", "email"]
    ordering = ["user__name", "name", "pk"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).named()  # type: ignore[attr-defined]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not a heading of its own on the desk."""
        return {}

    @admin.display(description=_("participant"))
    def person(self, participation: Participation) -> str:
        return str(participation)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if change else {"form": GuestForm}), **kwargs)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=ParticipantRow, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["meeting", "person", "answer", "comment"] if obj else ["meeting", "name", "email"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["meeting", "person"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has been asked stays on the list."""
        return obj is not None and obj.is_untouched and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Participation, form: Any, change: bool) -> None:
        now = timezone.now()
        if not change:
            return obj.list_as_guest(now)
        try:
            obj.give_answer(obj.answer, now=now, via="coordinator", comment=obj.comment)
        except Refused as refusal:
            self.message_user(request, f"{obj}: {refusal}", messages.ERROR)

    def response_add(self, request: HttpRequest, obj: Participation, post_url_continue: Any = None) -> HttpResponse:
        answer = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST or "_continue" in request.POST:
            return answer
        people = reverse("admin:meetings_participation_changelist")
        return HttpResponseRedirect(f"{people}?meeting__id__exact={obj.meeting_id}")
