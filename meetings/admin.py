"""Meetings on the coordinator's desk: the form, the calendar, the buttons, the list of participants."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

import meetings.answers_desk  # noqa: F401  registers its page
from meetings import certificate_desk, signup_desk
from meetings.calendar_desk import CalendarPages
from meetings.forms import GuestForm, MeetingForm, ParticipantRow
from meetings.models import Meeting, MeetingSeries, Participation, Refused
from meetings.models.series import THIS
from meetings.steps import STEPS, steps_of
from youthnet.desk import DeskAdmin

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


@admin.register(Meeting)
class MeetingAdmin(CalendarPages, DeskAdmin):
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

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return None if obj is None or obj.is_draft else obj.get_absolute_url()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        people = f"{reverse('admin:meetings_participation_changelist')}?meeting__id__exact={meeting.pk}"
        counts = meeting.participations.counts()
        extra = {"steps": steps_of(meeting), "people_url": people, "counts": counts, "state": self.state(meeting)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # the pages of our own

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = self.calendar_urls()
        for step in PAGES:
            view = wrap(partial(self.step, step=step))
            own.append(path(f"<int:pk>/{step}/", view, name=f"meetings_meeting_{step}"))
        return own + super().get_urls()

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "meeting": meeting}
        return PAGES[step](request, meeting, context)


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(DeskAdmin):
    """A series is made on the page of its first meeting; here it is looked at."""

    list_display = ["first_title", "frequency", "starts_on", "number"]
    list_filter = ["frequency"]
    ordering = ["-starts_on", "-pk"]
    actions = None
    change_form_template = "admin/meetings/series.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_meetings()  # type: ignore[attr-defined]

    @admin.display(description=_("title"))
    def first_title(self, series: Any) -> str:
        return series.first_title or "–"

    @admin.display(description=_("meetings"))
    def number(self, series: Any) -> int:
        return series.number

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        meetings = Meeting.objects.run_by(request.user).filter(series=object_id).next_first()
        return super().change_view(request, object_id, form_url, {"meetings": meetings} | (extra_context or {}))


@admin.register(Participation)
class ParticipationAdmin(DeskAdmin):
    """The participants of a meeting, reached from it. The coordinator enters answers told by telephone."""

    list_display = ["person", "answer", "comment", "answered_at", "answered_via", "asked_at", "meeting"]
    list_display_links = ["person"]
    list_editable = ["answer", "comment"]
    list_filter = ["answer"]
    list_select_related = ["user", "meeting"]
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
