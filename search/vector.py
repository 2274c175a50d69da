"""Builds PostgreSQL's tsvector as a text literal: positions and weights survive, which `array_to_tsvector` drops."""

from collections.abc import Iterable

from search.finnish import Lexeme

_LAST_POSITION = 16_383  # PostgreSQL keeps no position beyond this
_POSITIONS_PER_LEXEME = 255  # nor more than this many of one lexeme
_GAP = 10  # between two texts, so that no phrase reaches from one to the next


def tsvector(texts: Iterable[tuple[list[Lexeme], str]]) -> str:
    """One literal of several analysed texts, each with its weight: `'nuorisotyö':2A 'nuoriso':2D`.

    Whole words stand at the weight of their text, parts of compounds always at D. To be cast: `literal::tsvector`.
    """
    places: dict[str, dict[int, str]] = {}
    start = 0
    for lexemes, weight in texts:
        end = start
        for lexeme in lexemes:
            position = min(start + lexeme.position, _LAST_POSITION)
            here = places.setdefault(lexeme.text, {})
            here[position] = min(here.get(position, "D"), lexeme.weight or weight)
            end = max(end, position)
        start = end + _GAP
    return " ".join(f"{quoted(lexeme)}:{_places(here)}" for lexeme, here in places.items())


def quoted(lexeme: str) -> str:
    """A lexeme inside a literal, with quotes and backslashes doubled."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _places(here: dict[int, str]) -> str:
    return ",".join(f"{position}{weight}" for position, weight in sorted(here.items())[:_POSITIONS_PER_LEXEME])
