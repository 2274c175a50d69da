"""How sent issues are found again: their words taken apart by the Finnish analyser, their order, their neighbours.

`Issue` and its QuerySet stand on these. Only what everybody may read is made findable, so that a search never tells of
what is for members.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from lib.text.multilingual import LANGUAGES
from lib.text.plaintext import plain_text
from search.searchable import Searchable, SearchableQuerySet


class ArchiveQuerySet(SearchableQuerySet):
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


class Archived(Searchable):
    """What an issue needs to be found."""

    class Meta(Searchable.Meta):
        abstract = True

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """The subject above all, then headings, then the rest; only what everybody may read."""
        blocks = list(self.blocks.shown_to(AnonymousUser()).in_order())  # type: ignore[attr-defined]
        for language in LANGUAGES:
            yield getattr(self, f"subject_{language}"), language, "A"
            yield getattr(self, f"preheader_{language}"), language, "B"
            for block in blocks:
                yield getattr(block, f"title_{language}"), language, "B"
                yield plain_text(getattr(block, f"body_{language}")), language, "C"
        for thing in (block.thing for block in blocks if block.thing):
            yield thing.title, getattr(thing, "language", "fi"), "B"
            yield thing.summary, getattr(thing, "language", "fi"), "C"
