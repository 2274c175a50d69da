"""Shows where a text fits a search: a snippet around the best place, with `<mark>` around each word that was found."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import finnish
from search.analysis.tokenizer import Token, tokens
from search.query import LANGUAGES, searched_words

_ELLIPSIS = "…"


class Place(NamedTuple):
    """Where a found word stands in a text, and which of the searched words it is."""

    start: int
    end: int
    word: str


def highlight(text: str, typed: str, language: str = "fi", length: int | None = None) -> SafeString:
    """The text, or `length` letters of it around the best place, escaped and with its found words marked.

    A compound is marked where it can be told: in *ryhmäytymis<mark>leikkejä</mark>* only what *leikki* found.
    """
    found = sorted(places(text, typed, language))
    start, end = _window(text, found, length)
    here = [place for place in found if start <= place.start and place.end <= end]
    pieces, last = [], start
    for place in here:
        pieces += [escape(text[last : place.start]), "<mark>", escape(text[place.start : place.end]), "</mark>"]
        last = place.end
    pieces.append(escape(text[last:end]))
    before, after = (_ELLIPSIS if start else ""), (_ELLIPSIS if end < len(text) else "")
    return mark_safe(before + "".join(pieces).strip() + after)


def places(text: str, typed: str, language: str = "fi") -> list[Place]:
    """Each found word, or the part of it that was found, in the order of the text."""
    words = searched_words(typed)
    wanted = {lexeme: word for word, _half in words for each in LANGUAGES for lexeme in finnish.wholes(word, each)}
    begins = tuple(word for word, half in words if half)
    found = _found(text, wanted, begins, language)
    return found or _found(text, _halves(words), (), language)


def _halves(words: list[tuple[str, bool]]) -> dict[str, str]:
    """A compound that the text writes apart."""
    return {half: word for word, _half in words for halves in finnish.splits(word) for half in halves}


def _found(text: str, wanted: dict[str, str], begins: tuple[str, ...], language: str) -> list[Place]:
    """Most words of a text are none of those: they are passed by what is remembered of them."""
    return [
        place
        for token in (tokens(text) if wanted else ())
        if _may_fit(finnish.lexemes_of(text[token.start : token.end], language), wanted, begins)
        for place in _place(token, wanted, begins, language)
    ]


def _may_fit(lexemes: frozenset[str], wanted: dict[str, str], begins: tuple[str, ...]) -> bool:
    return not lexemes.isdisjoint(wanted) or any(each.startswith(begins) for each in lexemes if begins)


def _place(token: Token, wanted: dict[str, str], begins: tuple[str, ...], language: str) -> Iterator[Place]:
    shown = finnish.shown(token, language)
    hits = [wanted[lexeme] for lexeme in shown.whole if lexeme in wanted]
    hits += [begin for begin in begins if any(lexeme.startswith(begin) for lexeme in shown.whole)]
    if hits:
        yield Place(token.start, token.end, hits[0])
        return
    taken: list[tuple[int, int]] = []
    for start, end, lexemes in shown.parts:
        hit = next((wanted[lexeme] for lexeme in lexemes if lexeme in wanted), None)
        if hit and all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            yield Place(token.start + start, token.start + end, hit)


def _window(text: str, found: list[Place], length: int | None) -> tuple[int, int]:
    """Where the snippet begins and ends: with the most different words in it, and no word cut in two."""
    if length is None or len(text) <= length:
        return 0, len(text)
    if not found:
        return 0, _word_end(text, length)
    best = max(found, key=lambda place: _variety(found, place.start, length))
    start = min(best.start, _word_start(text, max(0, best.start - length // 4)))
    return start, _word_end(text, max(start + length, best.end))


def _variety(found: list[Place], start: int, length: int) -> tuple[int, int]:
    here = [place for place in found if start <= place.start and place.end <= start + length * 3 // 4]
    return len({place.word for place in here}), len(here)


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word, unless that is far away."""
    if at <= 0 or text[at - 1].isspace():
        return max(at, 0)
    space = text.find(" ", at, at + 40)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text) or text[at].isspace():
        return min(at, len(text))
    space = text.rfind(" ", max(0, at - 40), at)
    return space if space > 0 else at
