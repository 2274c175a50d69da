"""The desk pages of people, organisations, contact cards and areas; and the registers all areas share."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from contacts.models import (
    ContactCard,
    CoordinationArea,
    Coordinator,
    Funding,
    Municipality,
    Organisation,
    Region,
    SetupStep,
    SubRegion,
    Term,
    User,
    municipality_of_work,
)
from contacts.models.term import OPEN_LISTS
from lib.admin import DeskAdmin, DeskInline, RegisterAdmin, readable_email
from lib.forms.fields import LinesField
from search.admin import SearchableAdmin

WITH_LINES = DeskAdmin.formfield_overrides | {models.JSONField: {"form_class": LinesField}}


class MunicipalityFilter(admin.SimpleListFilter):
    """In which municipality people work, of those where somebody does."""

    title = _("municipality")
    parameter_name = "municipality"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = User.objects.run_by(request.user).values_list(municipality_of_work())
        return [(place.pk, str(place)) for place in Municipality.objects.filter(pk__in=codes).alphabetical()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.working_in(Municipality.objects.filter(pk=self.value())) if self.value() else queryset


@admin.register(User)
class PersonAdmin(SearchableAdmin):
    """People of the area's networks. Powers are not given here, and the sign-in address is the person's own."""

    list_display = ["__str__", "organisation", "municipality_of_work", "network_names", readable_email, "is_active"]
    list_select_related = ["organisation__municipality", "municipality"]
    list_filter = ["is_active", "language", MunicipalityFilter]
    search_fields = ["name", "email", "title", "organisation__name"]
    fields = ["email", "name", "title", "phone", "organisation", "municipality", "language"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        now = Q(memberships__left_at=None, memberships__refused_at=None, memberships__joined_at__isnull=False)
        name = Coalesce(NullIf("memberships__network__short_name", Value("")), "memberships__network__name_fi")
        names = StringAgg(name, delimiter=", ", filter=now, distinct=True, default="")
        rows: Any = super().get_queryset(request)
        return rows.annotate(network_names=names).alphabetical()

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return [*self.fields, "is_active", "is_superuser"] if request.user.is_superuser else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["email"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("municipality"), ordering=municipality_of_work())
    def municipality_of_work(self, person: User) -> Municipality | None:
        return person.municipality_of_work()

    @admin.display(description=_("networks"), ordering="network_names")
    def network_names(self, person: User) -> str:
        return person.network_names  # type: ignore[attr-defined]


@admin.register(Organisation)
class OrganisationAdmin(SearchableAdmin, RegisterAdmin):
    """One register for all areas. Coordinators keep it true; nothing is deleted, an ended one names its successor."""

    list_display = ["name", "abbreviation", "type", "sector", "municipality", "successor"]
    list_select_related = ["type", "sector", "municipality", "successor"]
    list_filter = [("type", admin.RelatedOnlyFieldListFilter), ("sector", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "abbreviation"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = DeskAdmin.formfield_overrides | {models.URLField: {"assume_scheme": "https"}}

    has_add_permission = DeskAdmin.has_module_permission
    has_change_permission = DeskAdmin.has_view_permission

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if {"name", "abbreviation", "municipality"} & set(form.changed_data):
            form.instance.index_people()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Organisation]:
        rows: Any = super().get_queryset(request)
        return rows.alphabetical()


@admin.register(ContactCard)
class ContactCardAdmin(SearchableAdmin):
    """Public cards of posts: one edit changes every page that shows the card."""

    list_display = ["name", "role", "area", readable_email, "phone", "confirmed_on", "ended_on"]
    formfield_overrides = WITH_LINES

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ContactCard]:
        rows: Any = super().get_queryset(request)
        return rows.by_area()


class FundingInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    """Former funders stay; a new one gets a row of its own."""

    model = Funding


@admin.register(CoordinationArea)
class AreaAdmin(DeskAdmin):
    """What the front page tells about an area. A superuser makes areas, their coordinators write them."""

    list_display = ["name_fi", "title_fi", "host", "started_on"]
    list_select_related = ["host"]
    filter_horizontal = ["municipalities"]
    inlines = [FundingInline]
    formfield_overrides = WITH_LINES
    prepopulated_fields = {"slug": ["name_fi"]}
    fieldsets = [
        (_("Name"), {"fields": ["name_fi", "name_sv", "name_en", "slug"]}),
        (_("Heading of the front page"), {"fields": ["title_fi", "title_sv", "title_en"]}),
        (_("Lead of the front page"), {"fields": ["lead_fi", "lead_sv", "lead_en"]}),
        (_("What the coordination is"), {"fields": ["aim", "background", "tasks", "started_on", "host"]}),
        (_("Look and places"), {"fields": ["accent", "municipalities"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CoordinationArea]:
        rows: Any = super().get_queryset(request)
        return rows.alphabetical()

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "accent":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: CoordinationArea | None = None) -> list[str]:
        return ["coordinators_now"] if request.user.is_superuser else ["slug"]

    def get_fieldsets(self, request: HttpRequest, obj: CoordinationArea | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj and request.user.is_superuser:
            return [*shown, (_("Coordinators"), {"fields": ["coordinators_now"]})]
        return shown

    @admin.display(description=_("coordinators now"))
    def coordinators_now(self, area: CoordinationArea) -> str:
        people = User.objects.coordinating(area, timezone.localdate())
        url = reverse("setup-coordinator", args=[area.slug])
        names = ", ".join(str(person) for person in people) or "–"
        return format_html('{} <a href="{}">{}</a>', names, url, _("Invite a coordinator"))

    def save_model(self, request: HttpRequest, obj: CoordinationArea, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            SetupStep.objects.begin(obj)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.prepopulated_fields if request.user.is_superuser else {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


@admin.register(Coordinator)
class CoordinatorAdmin(RegisterAdmin):
    """Who coordinates which area: only a superuser sees and decides it."""

    list_display = ["user", "area", "started_on", "ended_on"]
    list_select_related = ["user", "area"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Coordinator]:
        return super().get_queryset(request).order_by("area", "started_on", "pk")

    def save_model(self, request: HttpRequest, obj: Coordinator, form: forms.ModelForm, change: bool) -> None:
        if change or obj.ended_on:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = obj.area.appoint(obj.user, on=obj.started_on).pk


@admin.register(Municipality)
class MunicipalityAdmin(RegisterAdmin):
    list_display = ["code", "name_fi", "name_sv", "region", "sub_region", "valid_to"]
    list_select_related = ["region", "sub_region"]
    list_filter = ["region"]
    search_fields = ["code", "name_fi", "name_sv"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Municipality]:
        rows: Any = super().get_queryset(request)
        return rows.alphabetical()


@admin.register(Region)
class RegionAdmin(RegisterAdmin):
    list_display = ["code", "name_fi", "name_sv", "name_en", "nuts3", "iso"]
    ordering = ["code"]


@admin.register(SubRegion)
class SubRegionAdmin(RegisterAdmin):
    list_display = ["code", "name_fi", "region"]
    list_select_related = ["region"]
    ordering = ["code"]


@admin.register(Term)
class TermAdmin(RegisterAdmin):
    """Codes never change: rows point at them. A coordinator adds words of the own area and puts them out of use."""

    list_display = ["fi", "sv", "en", "list", "area", "code", "order", "is_active"]
    list_select_related = ["area"]
    list_filter = ["list", "is_active"]
    search_fields = ["code", "fi", "sv", "en"]
    ordering = ["list", "order", "pk"]

    has_add_permission = DeskAdmin.has_module_permission

    def has_change_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        own = obj is not None and obj.area_id in request.user.area_ids_run()
        return own or request.user.is_superuser

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        shared = ["code", "minimum", "maximum"] if request.user.is_superuser else []
        return ["list", "area", "fi", "sv", "en", "help", *shared, "order", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        return ["list", "code", "area"] if obj else []

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "list" and not request.user.is_superuser:
            return forms.ChoiceField(label=_("list"), choices=OPEN_LISTS)
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "area" and not request.user.is_superuser:
            field.required = True
        return field

    def save_model(self, request: HttpRequest, obj: Term, form: forms.ModelForm, change: bool) -> None:
        if not obj.code:
            obj.take_code()
        super().save_model(request, obj, form, change)
