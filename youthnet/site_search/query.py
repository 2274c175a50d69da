"""What somebody looks for: the words, the reader, the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.partial import PartialWords
from search.query import search_query

LONGEST = 200


@dataclass(frozen=True)
class SearchQuery:
    """One search as every room is asked it."""

    words: str
    user: Any
    now: datetime
    partial: PartialWords | None = None  # so many of the words, where nothing holds all of them

    @property
    def looked_for(self) -> str | PartialWords:
        """What rooms are asked for."""
        return self.partial or self.words

    @property
    def can_be_asked(self) -> bool:
        """Holds a word that can be looked up: nothing, and only what shall be left out, would find everything."""
        return search_query(self.words) is not None


def read_query(typed: str, user: Any, now: datetime) -> SearchQuery:
    """A question of what was typed, or stands in an address: on one line, without what no database stores."""
    return SearchQuery(" ".join(typed.replace("\0", " ").split())[:LONGEST], user, now)
