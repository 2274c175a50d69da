"""Other words that may have been meant when a search finds nothing."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from search.finnish import words_of

CLOSE = 0.75


def meant(typed: str, choices: Mapping[str, Mapping[str, Any]]) -> str:
    """The words typed with those that the bank's own vocabulary knows better put right; empty when none is."""
    known = sorted(set(_vocabulary(choices)))
    put_right = [_nearest(word, known) for word in words_of(typed)]
    return " ".join(put_right) if put_right != words_of(typed) else ""


def _vocabulary(choices: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    return (word for boxes in choices.values() for choice in boxes.values() for word in words_of(choice.label))


def _nearest(word: str, known: list[str]) -> str:
    return next(iter(get_close_matches(word, known, n=1, cutoff=CLOSE)), word)
