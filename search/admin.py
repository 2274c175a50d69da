"""Admin pages of searchable models: what is written can be found at once, and inflected words find it."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from lib.admin import DeskAdmin
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
