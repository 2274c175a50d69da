"""The narrow row by which a method is found: what lists count, narrow and rank by, and nothing that they show.

Columns that a method has too are copied by the database itself (migration 0002), whatever verb, command or desk changes
them; a deleted method leaves its row behind, emptied, so that other processes learn of it. Words and terms are written
by `Method.index`.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Prefetch

from contacts.models import CoordinationArea, Municipality, Term, User
from methods.models.method import Method
from methods.models.method_queryset import VisibleQuerySet, shown_to
from methods.models.search_text import fetched, weighted_words
from networks.models import Network
from search.searchable import Searchable, SearchableQuerySet

TERMS = ["topics", "target_groups", "settings", "languages", "competences"]
READ = ["topics", "target_groups", "settings", "languages", "competences", "steps"]


class FindableQuerySet(SearchableQuerySet, VisibleQuerySet):  # type: ignore[override]
    def of_methods(self) -> "FindableQuerySet":
        """Without those whose method is gone."""
        return self.exclude(area=None)

    def for_indexing(self) -> "FindableQuerySet":
        named = self.of_methods().select_related("method__organisation", "method__municipality")
        trials: Any = Method._meta.get_field("trials").related_model
        told = Prefetch("method__trials", trials.objects.kept(), "told_trials")
        return named.prefetch_related(*(f"method__{name}" for name in READ), told)


def _copied(to: type[models.Model], **more: Any) -> Any:
    """A column that follows the method's own, so that no rule need stand on it twice."""
    options: dict[str, Any] = {"null": True, "related_name": "+", "db_constraint": False, "db_index": False}
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, **options, **more)


def _number() -> Any:
    return models.PositiveSmallIntegerField(null=True)


class Findable(Searchable):
    """What is asked of a method in a search."""

    method = models.OneToOneField(
        Method, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="findable"
    )

    # who may see it, as on the method
    area = _copied(CoordinationArea)
    network = _copied(Network)
    author = _copied(User)
    visibility = models.CharField(max_length=12, choices=Method.VISIBILITIES)
    published_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    # what it can be narrowed by, as on the method
    kind = models.CharField(max_length=10, choices=Method.KINDS)
    municipality = _copied(Municipality)
    preparation = _copied(Term)
    stage = _copied(Term)
    age_min = _number()
    age_max = _number()
    group_min = _number()
    group_max = _number()
    duration_min = _number()
    duration_max = _number()

    # gathered by `index`
    terms = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    trial_count = models.PositiveIntegerField(default=0, db_default=0)
    needs_equipment = models.BooleanField(default=True, db_default=True)

    # the transaction that wrote the row last: what a process has not seen yet is asked by it
    changed_in = models.BigIntegerField(db_default=0, editable=False)

    objects = FindableQuerySet.as_manager()

    class Meta:
        verbose_name = "narrow row of a method"
        verbose_name_plural = "narrow rows of methods"
        indexes = [
            GinIndex(fields=["search_vector"], name="findable_search"),
            models.Index(fields=["changed_in"], name="findable_changed"),
            models.Index(F("published_at").desc(nulls_last=True), F("method").desc(), name="findable_newest"),
            models.Index(fields=["area", "visibility"], condition=~shown_to(AnonymousUser()), name="findable_not_open"),
        ]

    def __str__(self) -> str:
        return str(self.method)

    @classmethod
    def renew(cls, number: int) -> None:
        """Index the row of one method by what stands in the database now."""
        for row in cls.objects.for_indexing().filter(pk=number):
            row.index()

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        return weighted_words(self.method)

    def search_columns(self) -> dict[str, Any]:
        """The terms of all lists, how often the method has been tried, and whether it needs things."""
        terms = sorted({term.pk for name in TERMS for term in fetched(self.method, name)})
        columns = {"terms": terms, "trial_count": self.method.trial_count}
        return columns | {"needs_equipment": self.method.needs_equipment}
