"""What makes the rows of any room findable: the two columns, the verb that fills them, and the QuerySet that asks.

Abstract, so that this room keeps no table of pages: each row holds its own words, written by the verb that saves it.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast

from search import finnish
from search.query import search_query
from search.vector import tsvector


class SearchableQuerySet(models.QuerySet[Any]):
    """To be mixed into the QuerySet of a findable model."""

    def matching(self, words: str) -> Any:
        """Those in which every word of the search is found, with `rank`; all of them when there are no words."""
        query = search_query(words)
        if query is None:
            return self
        return self.filter(search_vector=query).annotate(rank=SearchRank(F("search_vector"), query))


class Searchable(models.Model):
    """A row that is found by its words."""

    search_vector = SearchVectorField(null=True, editable=False)
    search_backend = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["search_vector"], name="%(class)s_search")]

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """(text, language, weight): A the title, B what it is about, C the rest. D is left for parts of compounds."""
        raise NotImplementedError

    def index(self) -> None:
        """Make the words of this row findable as they are now; in the transaction of the verb that changed them."""
        words = [(finnish.analyse(text, language), weight) for text, language, weight in self.weighted_words()]
        vector = Cast(Value(tsvector(words)), SearchVectorField())
        type(self)._default_manager.filter(pk=self.pk).update(search_vector=vector, search_backend=finnish.backend())
