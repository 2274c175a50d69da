"""What makes the rows of any room findable: the two columns, the verb that fills them, and the QuerySet that asks.

Abstract, so that this room keeps no table of pages: each row holds its own words, written by the verb that saves it.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast

from lib.text.normal_form import without_accents
from search.analysis import finnish
from search.analysis.tsvector import tsvector
from search.query import search_query
from search.ranking import rank

# so many of the newest rows are put in order by how well they fit: more would cost time that nobody sees the use of
MOST_RANKED = 1_000


def name_words(name: str) -> Iterator[tuple[str, str, str]]:
    """A person's name, and once more without its accents: Łukasiewicz is also found by those who have no Ł."""
    yield name, "fi", "A"
    if not name.isascii():
        yield without_accents(name), "fi", "A"


class SearchableQuerySet(models.QuerySet[Any]):
    """To be mixed into the QuerySet of a findable model."""

    def matching(self, words: Any) -> Any:
        """Those in which every word of the search is found, with `rank`; all of them when there are no words.

        Or so many of the words as `search.partial.PartialWords` asks for.
        """
        query = search_query(words)
        if query is None:
            return self
        return self.filter(search_vector=query).annotate(rank=rank(query))

    def matching_newest(self, words: str, *newest: str, most: int = MOST_RANKED) -> Any:
        """As `matching`, but of many hits only the newest, for a search that stays fast among 100,000 rows.

        `newest` is an order: `Method.objects.published().matching_newest("leikki", "-published_at", "-pk")`. How many
        were found in all is a question of its own: `filter(search_vector=query).count()`.
        """
        query = search_query(words)
        if query is None:
            return self
        hits = self.filter(search_vector=query).order_by(*(newest or ("-pk",))).values("pk")[:most]
        return self.model._default_manager.filter(pk__in=hits).annotate(rank=rank(query))

    def for_indexing(self) -> Any:
        """The rows that have words, with what `weighted_words` reads, fetched for many rows at once."""
        return self

    def for_everybody(self) -> Any:
        """What anybody on the internet may read; only words of these rows are ever suggested to people."""
        return self.visible_to(AnonymousUser()) if hasattr(self, "visible_to") else self.none()


class Searchable(models.Model):
    """A row that is found by its words."""

    search_vector = SearchVectorField(null=True, editable=False)
    search_backend = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["search_vector"], name="%(class)s_search")]

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """(text, language, weight): A the title, B what it is about, C the rest. D is left for parts of compounds.

        Whoever may see the row may learn each of these words: leave out what only some of its readers may see.
        """
        raise NotImplementedError

    def search_text(self) -> str:
        """The words of this row taken apart, as PostgreSQL stores them (a literal for `::tsvector`)."""
        return tsvector((finnish.analyse(text, language), weight) for text, language, weight in self.weighted_words())

    def search_columns(self) -> dict[str, Any]:
        """Other columns of this row that follow from what is searched and are written in the same stroke."""
        return {}

    def index(self) -> None:
        """Make the words of this row findable as they are now; in the transaction of the verb that changed them."""
        vector = Cast(Value(self.search_text()), SearchVectorField())
        columns = {"search_vector": vector, "search_backend": finnish.backend(), **self.search_columns()}
        type(self)._default_manager.filter(pk=self.pk).update(**columns)
