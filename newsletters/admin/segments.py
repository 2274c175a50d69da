"""Segments (saved audiences) on the desk: their rules, and how many subscribers of the area they mean."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality
from lib.admin import INPUTS, DeskAdmin
from lib.querysets import FinnishOrder
from meetings.models import Meeting
from newsletters.admin.forms import SegmentForm
from newsletters.models import Segment, Subscription
from newsletters.models.segment import CHOICES, Rules

MOST_OFFERED = 100


@admin.register(Segment)
class SegmentAdmin(DeskAdmin):
    form = SegmentForm
    list_display = ["name", "area", "recipients"]
    list_select_related = ["area"]
    list_per_page = 20
    search_fields = ["name"]
    ordering = ["area", "name", "pk"]
    actions = None
    formfield_overrides = {**INPUTS, models.ManyToManyField: {"widget": CheckboxSelectMultiple}}
    fieldsets = [
        (None, {"fields": ["area", "name"]}),
        (
            _("Who is meant"),
            {
                "fields": ["networks", "roles", "sectors", "municipalities", "work_forms", "languages"],
                "description": _("All rules must hold; of several choices in one, one is enough. Empty: everybody."),
                "classes": ["audience-rules"],
            },
        ),
        (_("Who has come"), {"fields": ["meetings", "attended_since"], "classes": ["audience-rules"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The rules are chosen from what belongs to the area."""
        return ["area"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an issue is narrowed by stays, so that no issue goes to more people than was meant."""
        is_free = obj is None or not obj.issues.exists()
        return is_free and super().has_delete_permission(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "municipalities":
            of_own_areas = Municipality.objects.filter(areas__in=_areas(request))
            kwargs["queryset"] = of_own_areas.distinct().order_by(FinnishOrder("name_fi"), "pk")
        if db_field.name == "meetings":
            held = Meeting.objects.run_by(request.user).filter(participations__attended_at__isnull=False).distinct()
            newest = held.latest_first().values("pk")[:MOST_OFFERED]
            kwargs["queryset"] = Meeting.objects.filter(pk__in=newest).latest_first()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field:
            field.help_text = db_field.help_text  # not the one about keys to hold, for these are boxes
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget  # without the signs that lead away from the page
        return field

    @admin.display(description=_("readers"))
    def recipients(self, segment: Segment) -> int:
        return _count(segment.rules())

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        segment = self.get_object(request, object_id)
        extra = {"recipients": _count(segment.rules())} if segment else {}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        count = path("count/", self.admin_site.admin_view(self.count), name="newsletters_segment_count")
        return [count, *super().get_urls()]

    def count(self, request: HttpRequest) -> HttpResponse:
        """How many subscribers the rules mean that are chosen on the page but not saved yet."""
        segment = self.get_object(request, request.GET.get("segment", ""))
        form = self.get_form(request, segment)(request.GET, instance=segment)
        form.is_valid()
        area = segment.area if segment else form.cleaned_data.get("area")
        rules = {name: list(form.cleaned_data.get(name) or []) for name in (*CHOICES, "languages")}
        since = form.cleaned_data.get("attended_since")
        counted = _count(Rules(area=area.pk, attended_since=since, **rules)) if area else 0
        return TemplateResponse(request, "admin/newsletters/issue/_recipient_count.html", {"recipients": counted})


def _areas(request: HttpRequest) -> Any:
    return CoordinationArea.objects.run_by(request.user)


def _count(rules: Rules) -> int:
    """Subscribers to any list of the area, each address once."""
    receiving = Subscription.objects.filter(list__area=rules.area).receiving(timezone.now())
    return receiving.filter(rules.meant()).values("email").distinct().count()
