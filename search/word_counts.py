"""Counts the words of what everybody may read, so that a misspelt search can be answered with one that finds something.

Counted anew as a whole, never added up: a word disappears with the last public row that held it.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps

from lib.masking import reason_of
from search.analysis import finnish
from search.analysis.tokenizer import tokens
from search.models import Word
from search.reindexing import for_everybody, searchable, with_words
from search.searchable import Searchable

_SHORTEST = 3

log = logging.getLogger(__name__)


def count_all(now: datetime) -> int:
    """Fill the table of words; returns how many there are."""
    counted = dictionary_forms(_written())
    Word.objects.replace_all(counted, now)
    return len(counted)


def dictionary_forms(written: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Written words by their dictionary form: of several meanings the one that is most often meant elsewhere.

    *Nuoria* may come from *nuori* and from *nuora*; where *nuorten* and *nuoret* stand as well, *nuori* is right.
    """
    choices = {(word, language): _forms(word, language) for word, language in written}
    likely: Counter[str] = Counter()
    for key, forms in choices.items():
        likely.update(dict.fromkeys(forms, written[key]))
    found: Counter[tuple[str, str]] = Counter()
    for (word, language), forms in choices.items():
        found[max(forms, key=lambda form: (likely[form], form)), language] += written[word, language]
    return dict(found)


def _forms(word: str, language: str) -> list[str]:
    return (finnish.spoken(word) if language == "fi" else []) or [word]


def _written() -> Counter[tuple[str, str]]:
    """(word, language) of all public rows of all rooms, and of the lists of words that rooms share."""
    written: Counter[tuple[str, str]] = Counter()
    for model in searchable():
        if not issubclass(model, Searchable):
            continue
        for row in with_words(for_everybody(model)).iterator(chunk_size=200):
            _count(_words_of(row), written)
    for each in apps.get_models():
        if said := getattr(each._default_manager, "words_for_everybody", None):
            _count(said(), written)
    return written


def _words_of(row: Searchable) -> list[tuple[Any, str]]:
    """What a row says, with the languages; a row that cannot say it is left out and stops no other."""
    try:
        return [(text, language) for text, language, _weight in row.weighted_words()]
    except Exception as error:
        log.error("the words of %s %s are not counted: %s", row._meta.label_lower, row.pk, reason_of(error))
        return []


def _count(texts: Iterable[tuple[Any, str]], written: Counter[tuple[str, str]]) -> None:
    for text, language in texts:
        written.update(
            (piece, language)
            for token in tokens(text)
            for piece in token.pieces
            if len(piece) >= _SHORTEST and piece.isalpha()
        )
