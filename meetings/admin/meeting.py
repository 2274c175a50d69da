"""A meeting on the coordinator's desk: the form, the calendar, the buttons."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meetings import certificate_desk, signup_desk
from meetings.calendar_desk import CalendarPages
from meetings.forms import MeetingForm
from meetings.import_desk import ImportPages
from meetings.models import AgendaItem, Meeting, Refused
from meetings.models.series import THIS
from meetings.readiness import lacks_of
from meetings.steps import STEPS, steps_of
from youthnet.desk import DeskAdmin, DeskInline

# Everything that opens from a meeting: what asks before anybody is told, and the lists of its people.
PAGES = STEPS | signup_desk.PAGES | certificate_desk.PAGES
# A change of these is worth telling to those who were invited.
TOLD_FACTS = {"starts_at", "ends_at", "mode", "place_name", "street_address", "postcode", "town", "join_url"}


class StateFilter(admin.SimpleListFilter):
    """Drafts, coming, past and cancelled meetings."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("draft", _("Drafts")), ("coming", _("Coming")), ("past", _("Past")), ("cancelled", _("Cancelled"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        chosen = {
            "draft": lambda: queryset.filter(published_at=None),
            "coming": lambda: queryset.published().upcoming(now),
            "past": lambda: queryset.published().past(now),
            "cancelled": lambda: queryset.exclude(cancelled_at=None),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


class AgendaInline(DeskInline, admin.TabularInline):
    """The agenda in short; the whole of it, with its clock, has a page of its own."""

    model = AgendaItem
    fields = ["order", "title", "kind", "minutes", "owner_name", "visibility"]
    ordering = ["order", "pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).standing()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_unlocked(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_unlocked(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has notes under it is removed on the page of the agenda, which looks first."""
        return False


def _is_unlocked(meeting: Any) -> bool:
    return meeting is None or not meeting.minutes().is_approved


@admin.register(Meeting)
class MeetingAdmin(CalendarPages, ImportPages, DeskAdmin):
    form = MeetingForm
    list_display = ["title", "starts_at", "state", "invited", "coming"]
    list_filter = [
        StateFilter,
        ("networks", admin.RelatedOnlyFieldListFilter),
        ("kind", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title", "summary"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    actions = ["publish_quietly"]
    fieldsets = [
        (None, {"fields": ["title", "kind", "area", "networks", "summary"]}),
        (_("When"), {"fields": [("starts_at", "ends_at")]}),
        (
            _("Where"),
            {
                "fields": [
                    "mode",
                    "place_name",
                    ("street_address", "postcode", "town"),
                    "municipality",
                    "accessibility",
                    "join_url",
                ],
                "description": _("Fill in the place for a meeting on site, the link for one online, both for both."),
            },
        ),
        (_("What is in store"), {"fields": ["description", "price_note", "is_external"]}),
        (_("Who sees it"), {"fields": ["visibility", "slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_numbers()  # type: ignore[attr-defined]

    # the list

    @admin.display(description=_("state"))
    def state(self, meeting: Meeting) -> Any:
        if meeting.is_cancelled:
            return _("Cancelled")
        if meeting.is_draft:
            return _("Draft")
        return _("Past") if meeting.is_over(timezone.now()) else _("Published")

    @admin.display(description=_("invited"))
    def invited(self, meeting: Any) -> int:
        return meeting.number_asked

    @admin.display(description=_("coming"))
    def coming(self, meeting: Any) -> int:
        return meeting.number_coming

    @admin.action(description=_("Publish quietly"))
    def publish_quietly(self, request: HttpRequest, queryset: Any) -> None:
        for meeting in queryset:
            try:
                meeting.publish(timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{meeting}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("Published: %(meeting)s") % {"meeting": meeting}, messages.SUCCESS)

    # the form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        areas = list(request.user.area_ids_run())[:2]  # type: ignore[union-attr]
        return ({"area": areas[0]} if len(areas) == 1 else {}) | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj and not obj.is_draft else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft can be deleted; what people have seen is cancelled instead."""
        return obj is not None and obj.is_draft and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        in_series = obj is not None and obj.series_id and not obj.is_over(timezone.now())
        return [*shown, (_("Series"), {"fields": ["spread"]})] if in_series else shown

    def save_model(self, request: Any, obj: Meeting, form: Any, change: bool) -> None:
        if change:
            request.meeting_began = Meeting.objects.values_list("starts_at", flat=True).get(pk=obj.pk)
            obj.change(timezone.now())
        else:
            obj.save()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """The networks are stored by now: what was changed here can be carried over to others of the series."""
        super().save_related(request, form, formsets, change)
        facts = set(form.changed_data) - {"spread"}
        if change and facts and form.instance.series:
            scope = form.cleaned_data["spread"] or THIS
            began, series = request.meeting_began, form.instance.series
            request.meetings_reached = series.spread(form.instance, facts, began, scope, timezone.now())

    def response_change(self, request: HttpRequest, obj: Meeting) -> HttpResponse:
        """After a change that others should know of, the next page asks whether to tell them."""
        answer = super().response_change(request, obj)
        told = TOLD_FACTS & set(getattr(request, "meeting_changes", []))
        reached = getattr(request, "meetings_reached", [])
        if reached:
            words = ngettext("%(number)d other was changed too.", "%(number)d others were changed too.", len(reached))
            messages.success(request, words % {"number": len(reached)})
        if told and any(each.invited_at and each.is_coming(timezone.now()) for each in [obj, *reached]):
            also = f"?also={','.join(str(each.pk) for each in reached)}" if reached else ""
            return redirect(reverse("admin:meetings_meeting_tell", args=[obj.pk]) + also)
        return answer

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        request.meeting_changes = form.changed_data  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """The agenda begins when the meeting has been saved once."""
        return [AgendaInline] if obj else []

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return None if obj is None or obj.is_draft else obj.get_absolute_url()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        people = f"{reverse('admin:meetings_participation_changelist')}?meeting__id__exact={meeting.pk}"
        counts = meeting.participations.counts()
        extra: dict[str, Any] = {}
        if meeting.is_coming(timezone.now()):
            extra["lacks"] = lacks_of(Meeting.objects.with_readiness(timezone.now()).get(pk=meeting.pk))
        extra |= {"steps": steps_of(meeting), "people_url": people, "counts": counts, "state": self.state(meeting)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # the pages of our own

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = self.calendar_urls() + self.import_urls()
        for step in PAGES:
            view = wrap(partial(self.step, step=step))
            own.append(path(f"<int:pk>/{step}/", view, name=f"meetings_meeting_{step}"))
        return own + super().get_urls()

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "meeting": meeting}
        return PAGES[step](request, meeting, context)
