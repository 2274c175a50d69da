"""The thesaurus on the desk, and the base of admin pages of searchable models: inflected words find what is written."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from lib.admin import DeskAdmin
from search import thesaurus
from search.models import ThesaurusEntry
from search.query import search_query


class SearchableAdmin(DeskAdmin):
    """A page of the admin for a model that is `Searchable`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Index the row once its many-to-many rows and inlines are stored."""
        super().save_related(request, form, formsets, change)
        form.instance.index()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Letters in the searched columns as everywhere in Django, and inflected words as on the search page."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        query = search_query(search_term)
        if query is None:
            return rows, may_repeat
        return queryset.filter(models.Q(pk__in=rows.values("pk")) | models.Q(search_vector=query)), False


@admin.register(ThesaurusEntry)
class ThesaurusEntryAdmin(DeskAdmin):
    """Shared by all areas: what the field calls a thing is the same everywhere."""

    list_display = ["words", "note", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["words", "note"]
    ordering = ["words"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        thesaurus.forget()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        thesaurus.forget()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        thesaurus.forget()
