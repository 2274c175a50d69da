"""What people do with methods, on the coordinator's desk: trials, actions and offers of competence."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from lib.admin import DeskAdmin
from methods.models import Action, CompetenceOffer, Trial


class RemovingAdmin(DeskAdmin):
    """Rows are written on their own pages; here they are read and taken away, so that the undo and counts hold."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).kept()  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        obj.remove(timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            row.remove(timezone.now())


@admin.register(Trial)
class TrialAdmin(RemovingAdmin):
    """Trials of the methods of the own area. Texts may be mended, for example when they name somebody."""

    list_display = ["method", "tried_on", "municipality", "organisation", "worked", "group_size", "adopted_on"]
    list_filter = ["worked", "tried_on"]
    list_select_related = ["method", "municipality", "organisation"]
    search_fields = ["method__title"]
    ordering = ["-tried_on", "-pk"]
    readonly_fields = ["method", "person", "municipality", "organisation", "created_at"]
    fields = [*readonly_fields, "tried_on", "setting", "group_size", "worked", "note", "change", "adopted_on"]


@admin.register(Action)
class ActionAdmin(RemovingAdmin):
    """Countable actions and dated events of the operating models of the own area."""

    list_display = ["what", "method", "kind_words", "starts_on", "ends_on", "occasions", "people"]
    list_filter = ["kind", "starts_on"]
    list_select_related = ["method", "kind"]
    search_fields = ["what", "method__title"]
    ordering = ["-starts_on", "-pk"]
    readonly_fields = ["method", "added_by", "added_at"]
    fields = [
        "method", "kind", "other_kind", "what", "starts_on", "ends_on", "occasions", "people", "source", "source_url",
        "added_by", "added_at",
    ]  # fmt: skip


@admin.register(CompetenceOffer)
class CompetenceOfferAdmin(RemovingAdmin):
    """Offers of the members of the own area: whom to ask, which competence nobody has."""

    list_display = ["member", "competence", "level", "range", "visibility", "paused_at"]
    list_filter = ["competence", "level", "range"]
    list_select_related = ["member", "competence", "level"]
    ordering = ["competence", "-level__order", "pk"]
    readonly_fields = ["member", "competence", "level", "text", "range", "visibility", "paused_at", "created_at"]
    fields = list(readonly_fields)
