"""How sent issues are found again: their words taken apart by the Finnish analyser, their order, their neighbours.

`Issue` and its QuerySet stand on these. Only what everybody may read is made findable, so that a search never tells of
what is for members.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast

from newsletters.plaintext import plain_text
from search import finnish
from search.query import search_query
from search.vector import tsvector
from youthnet.languages import LANGUAGES


class ArchiveQuerySet(models.QuerySet[Any]):
    def matching(self, words: str) -> "ArchiveQuerySet":
        """Those in which every word of the search is found; all of them when there are no words."""
        query = search_query(words)
        if query is None:
            return self
        return self.filter(search_vector=query).annotate(rank=SearchRank(F("search_vector"), query))

    def best(self) -> "ArchiveQuerySet":
        """The best match first; only after `matching`."""
        return self.order_by("-rank", "-addressed_at", "-pk")

    def latest_sent(self) -> "ArchiveQuerySet":
        return self.order_by("-addressed_at", "-pk")

    def before(self, issue: Any) -> Any:
        """The issue of the same list that was sent before this one, or None."""
        earlier = Q(addressed_at__lt=issue.addressed_at) | Q(addressed_at=issue.addressed_at, pk__lt=issue.pk)
        return self.filter(earlier, list=issue.list_id).order_by("-addressed_at", "-pk").first()

    def after(self, issue: Any) -> Any:
        """The issue of the same list that was sent after this one, or None."""
        later = Q(addressed_at__gt=issue.addressed_at) | Q(addressed_at=issue.addressed_at, pk__gt=issue.pk)
        return self.filter(later, list=issue.list_id).order_by("addressed_at", "pk").first()


class Archived(models.Model):
    """What an issue needs to be found."""

    search_vector = SearchVectorField(null=True, editable=False)
    search_backend = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["search_vector"], name="issue_search")]

    def index(self) -> None:
        """Make the words that everybody may read findable as they are now."""
        words = [(finnish.analyse(text, language), weight) for text, language, weight in _weighted_words(self)]
        vector = Cast(Value(tsvector(words)), SearchVectorField())
        type(self)._default_manager.filter(pk=self.pk).update(search_vector=vector, search_backend=finnish.backend())


def _weighted_words(issue: Any) -> Iterator[tuple[str, str, str]]:
    """(text, language, weight): the subject above all, then headings, then the rest."""
    blocks = list(issue.blocks.shown_to(AnonymousUser()).in_order())
    for language in LANGUAGES:
        yield getattr(issue, f"subject_{language}"), language, "A"
        yield getattr(issue, f"preheader_{language}"), language, "B"
        for block in blocks:
            yield getattr(block, f"title_{language}"), language, "B"
            yield plain_text(getattr(block, f"body_{language}")), language, "C"
    for thing in (block.thing for block in blocks if block.thing):
        yield thing.title, getattr(thing, "language", "fi"), "B"
        yield thing.summary, getattr(thing, "language", "fi"), "C"
