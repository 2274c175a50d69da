"""Builds PostgreSQL's tsvector as a text literal: positions and weights survive, which `array_to_tsvector` drops."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

from search.analysis.finnish import Entry

_LAST_POSITION = 16_383  # PostgreSQL keeps no position beyond this
_POSITIONS_PER_LEXEME = 255  # nor more than this many of one lexeme
_MOST_LETTERS = 400_000  # nor more than a megabyte in all: of a longer text the beginning is found
_GAP = 10  # between two texts, so that no phrase reaches from one to the next


def tsvector(texts: Iterable[tuple[list[Entry], str]]) -> str:
    """One literal of several analysed texts, each with its weight: `'nuorisotyö':2A 'nuoriso':2D`.

    Whole words stand at the weight of their text, parts of compounds always at D. To be cast: `literal::tsvector`.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    position = 1
    for entries, weight in texts:
        for wholes, parts in entries:
            number = position if position < _LAST_POSITION else _LAST_POSITION
            place = f"{number}{weight}"
            for lexeme in wholes:
                places[lexeme].append(place)
            if parts:
                place = f"{number}D"
                for lexeme in parts:
                    places[lexeme].append(place)
            position += 1
        position += _GAP
    literal = [
        f"{quoted(lexeme)}:{here[0] if len(here) == 1 else ','.join(here[:_POSITIONS_PER_LEXEME])}"
        for lexeme, here in places.items()
    ]
    return " ".join(_within(literal, _MOST_LETTERS))


def quoted(lexeme: str) -> str:
    """A lexeme inside a literal, with quotes and backslashes doubled."""
    if lexeme.isalnum():
        return f"'{lexeme}'"
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _within(pieces: list[str], most: int) -> list[str]:
    """As many from the beginning as are short enough together: of all but monstrous texts, all of them."""
    if sum(map(len, pieces)) + len(pieces) <= most:
        return pieces
    lengths = accumulate(len(piece) + 1 for piece in pieces)
    return pieces[: sum(length <= most for length in lengths)]
