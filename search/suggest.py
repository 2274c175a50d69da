"""Answers a search that found nothing with one that finds something ("Did you mean …?"), and completes half words."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

from search.analysis import finnish
from search.analysis.swedish import is_common
from search.analysis.tokenizer import words_of
from search.models import Word
from search.query import search_query
from search.reindexing import for_everybody, searchable

_EXCLUSION = re.compile(r"(?:^|\s)-\S")
_SHORTEST = 4
_MOST_WORDS, _MOST_CHOICES = 6, 20
# how much of two words must be the same letters in the same order
_ALIKE = 0.75
_SHORTEST_BEGIN = 2


def suggestion(typed: str) -> str | None:
    """Other words for a search that found nothing: words of what everybody may read, that find some of it.

    To be asked only when nothing was found: it costs some milliseconds.
    """
    if _EXCLUSION.search(typed):
        return None  # what must not be there cannot be said in other words
    words = words_of(typed)[:_MOST_WORDS]
    for other in filter(None, (_written_together(words), _spelled(words))):
        if other != " ".join(words) and _finds_something(other):
            return other
    return None


def complete(begin: str, most: int = 8) -> list[str]:
    """What a half-typed word may become, the most frequent first; words before it stay as they are."""
    before, word = begin[: len(begin) - len(begin.split(" ")[-1])], begin.split(" ")[-1].lower()
    if len(word) < _SHORTEST_BEGIN:
        return []
    found = Word.objects.beginning(word).values_list("text", flat=True)[: most * 2]
    return [before + text for text in dict.fromkeys(found)][:most]


def _written_together(words: list[str]) -> str | None:
    """*Nuoriso työ* is *nuorisotyö*, where that is a word that somebody wrote."""
    joined = ["".join(pair) for pair in pairwise(words)]
    known = set(Word.objects.filter(text__in=joined).values_list("text", flat=True)) if joined else set()
    known |= {word for word in joined if finnish.is_known(word)}
    for place, word in enumerate(joined):
        if word in known:
            return " ".join([*words[:place], word, *words[place + 2 :]])
    return None


def _spelled(words: list[str]) -> str | None:
    """Each unknown word in the spelling of the one it resembles most; None when there is none to change.

    A word that is right stays as it is, whether anything here holds it or not.
    """
    known = set(Word.objects.filter(text__in=words).values_list("text", flat=True))
    known |= {word for word in words if finnish.is_known(word) or is_common(word)}
    others = [word if word in known or not (other := _nearest(word)) else other for word in words]
    return " ".join(others) if others != words else None


def _nearest(word: str) -> str | None:
    if len(word) < _SHORTEST:
        return None
    choices = Word.objects.resembling(word).values_list("text", "count")[:_MOST_CHOICES]
    alike = [(SequenceMatcher(None, word, text).ratio(), count, text) for text, count in choices]
    best = max(alike, default=(0.0, 0, ""))
    return best[2] if best[0] >= _ALIKE else None


def _finds_something(typed: str) -> bool:
    query = search_query(typed + " ")
    return query is not None and any(
        for_everybody(model).filter(search_vector=query).exists() for model in searchable()
    )
