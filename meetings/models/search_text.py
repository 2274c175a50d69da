"""Which words a meeting is found by: those that everybody reads who may open its page."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.indexes import GinIndex

from lib.text.multilingual import LANGUAGES
from lib.text.richtext import words_only
from search.searchable import Searchable


class Findable(Searchable):
    """What a meeting needs to be found."""

    class Meta(Searchable.Meta):
        abstract = True
        indexes = [
            *Searchable.Meta.indexes,
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="%(class)s_address"),
        ]

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """Never the link for joining, and no names of networks: not everybody may know of each network."""
        meeting: Any = self
        yield meeting.title, "fi", "A"
        yield meeting.summary, "fi", "B"
        for language in LANGUAGES:
            yield getattr(meeting.kind, language), language, "B"
            for theme in meeting.themes.all():
                yield getattr(theme, language), language, "B"
        yield " ".join(meeting.keywords), "fi", "B"
        yield words_only(meeting.description), "fi", "C"
        for text in (meeting.place_name, meeting.town, meeting.municipality.name_fi if meeting.municipality else ""):
            yield text, "fi", "C"
