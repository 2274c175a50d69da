"""Plans on the coordinator's desk: the plan with its goals, and each goal with its measures and indicators."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskAdmin, DeskInline
from lib.publishing_admin import PublishingMixin
from plans.models import Goal, Indicator, Measure, PeriodTaken, Plan
from search.admin import SearchableAdmin


class GoalInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    model = Goal
    fields = ["code", "title", "status", "order", "more"]
    readonly_fields = ["more"]
    ordering = ["order", "code", "pk"]

    @admin.display(description=_("measures and indicators"))
    def more(self, goal: Goal) -> Any:
        if not goal.pk:
            return _("Save first.")
        url = reverse("admin:plans_goal_change", args=[goal.pk])
        return format_html('<a href="{}">{}</a>', url, _("Open the goal"))


class MeasureInline(DeskInline, admin.StackedInline):  # type: ignore[misc]
    model = Measure
    ordering = ["order", "code", "pk"]
    autocomplete_fields = ["partners"]
    fields = [("code", "order"), "title", ("status", "progress"), "due_on", ("owner_role", "owner"), "partners"]


class IndicatorInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    model = Indicator
    ordering = ["order", "code", "pk"]
    fields = ["code", "title", "unit", "source", "baseline", "target", "current", "order"]


@admin.register(Plan)
class PlanAdmin(PublishingMixin, SearchableAdmin):
    list_display = ["title", "area", "network", "starts_on", "ends_on", "approved_on", "published_at"]
    list_select_related = ["area", "network"]
    list_filter = [("area", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title"]
    ordering = ["-starts_on", "pk"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["previous"]
    actions = ["publish", "start_next"]
    inlines = [GoalInline]
    fieldsets = [
        (None, {"fields": ["area", "network", "title", "slug", ("starts_on", "ends_on"), "mission", "text"]}),
        (_("Money and approval"), {"fields": ["funder", "funding_instrument", ("approved_on", "approved_by")]}),
        (_("Showing it"), {"fields": ["published_at", "previous"]}),
    ]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.published_at else None

    @admin.action(description=_("Show to everybody"))
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        for plan in queryset:
            plan.publish(timezone.now())
            self.message_user(request, _("Published: %(plan)s") % {"plan": plan}, messages.SUCCESS)

    @admin.action(description=_("Start the plan of the next period from this one"))
    def start_next(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        if len(queryset) != 1:
            self.message_user(request, _("Choose one plan."), messages.ERROR)
            return None
        try:
            following = queryset[0].start_next()
        except PeriodTaken as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        words = _("This is a draft with the goals, measures and indicators of the plan before, all at their beginning.")
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:plans_plan_change", following.pk)


@admin.register(Goal)
class GoalAdmin(DeskAdmin):
    list_display = ["__str__", "plan", "status"]
    list_select_related = ["plan", "status"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter)]
    ordering = ["-plan__starts_on", "plan", "order", "code", "pk"]
    fields = ["plan", ("code", "order"), "title", "description", "status"]
    inlines = [MeasureInline, IndicatorInline]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Reached from its plan; not a heading of its own on the desk."""
        return {}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A plan is found by the words of its goals."""
        super().save_related(request, form, formsets, change)
        form.instance.plan.index()
