"""Gives back the dots to Finnish words typed without them: *ryhmaytyminen* is *ryhmäytyminen*. Pure.

Within one part of a compound all vowels are of one kind, so only few spellings are possible: dots from somewhere to
somewhere, and none outside.
"""

from collections.abc import Iterator

_DOTS = str.maketrans("ao", "äö")
_MOST = 14  # vowels; a longer word would need too many tries


def spellings(word: str) -> Iterator[str]:
    """The word with dots on one or two stretches of its vowels a and o; none when it holds dots already."""
    places = [place for place, letter in enumerate(word) if letter in "ao"]
    if not places or len(places) > _MOST or not word.isalpha() or not word.isascii():
        return
    ends = [*places[1:], len(word)]
    for first in range(len(places)):
        for last in range(first, len(places)):
            start, end = places[first], ends[last]
            yield word[:start] + word[start:end].translate(_DOTS) + word[end:]
    # front, back, front: äänestystapahtumä does not exist, tyohuonejärjestely does
    for first in range(1, len(places)):
        for last in range(first, len(places)):
            start, end = places[first], places[last]
            yield word[:start].translate(_DOTS) + word[start:end] + word[end:].translate(_DOTS)
