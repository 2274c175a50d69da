"""Cuts a text into words as people write them: hyphens, halves of compounds, endings after a colon, dates. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(
    r"(?P<number>\d+(?:[.:]\d+)+)"  # 20.1.2027, 13.30
    r"|(?P<word>[^\W_]+(?:[-\u2010\u2011'\u2019\u00ad][^\W_]+)*)(?::[^\W\d_]{1,8})?"  # lähi-ihmiset, EU:ssa
    r"(?P<cut>[-\u2010\u2011](?=[\s,]|$))?"  # the first half of "tieto- ja neuvontatyö"
)
_JOINT = re.compile(r"[-\u2010\u2011'\u2019]")
# nobody searches for longer ones, and PostgreSQL refuses a word of more than 2,046 bytes
_LONGEST_WORD = 100


class Token(NamedTuple):
    """A word in lower case in the pieces that hyphens make of it, and where it stands in the text."""

    pieces: tuple[str, ...]
    start: int
    end: int
    is_cut: bool = False
    is_number: bool = False


def tokens(text: str) -> Iterator[Token]:
    for found in _WORD.finditer(text):
        if found["number"]:
            yield Token((found["number"].replace(":", ".")[:_LONGEST_WORD],), *found.span(), is_number=True)
        elif pieces := _pieces(found["word"].replace("\u00ad", "").lower()):
            yield Token(pieces, *found.span(), is_cut=bool(found["cut"]))


def raw_words(text: str) -> Iterator[str]:
    """Each word just as it is written, for whoever remembers what became of it the last time."""
    return (found[0] for found in _WORD.finditer(text))


def words_of(text: str) -> list[str]:
    """The words in lower case, one after another; a word with a hyphen gives its pieces."""
    return [piece for token in tokens(text) for piece in token.pieces]


def _pieces(word: str) -> tuple[str, ...]:
    return tuple(piece for piece in _JOINT.split(word) if piece and len(piece) <= _LONGEST_WORD)
