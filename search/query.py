"""Turns what a person types into a full-text query: every word, the last one half typed, "phrases", -without, or."""

import re
from collections.abc import Iterable, Iterator

from django.contrib.postgres.search import SearchQuery
from django.db.models import Value

from search.analysis import finnish
from search.analysis.tokenizer import Token, tokens
from search.tsvector import quoted

LANGUAGES = ("fi", "sv", "en")
_PIECE = re.compile(r'(?:(?<=\s)|^)(-?)["”“„»]([^"”“„»]*)["”“„»]?|([^\s"”“„»]+)')
_OR = {"tai", "or", "eller", "|"}
_SHORTEST_PREFIX = 3
# words that say nothing by themselves are not asked for
_EMPTY = {
    "ja", "tai", "sekä", "kanssa", "on", "kun", "että", "eli", "ovat", "myös", "niin", "kuin", "mutta",
    "och", "eller", "med", "för", "på", "av", "en", "ett", "att", "som", "om",
    "and", "or", "the", "with", "of", "for", "in", "a", "an", "to",
}  # fmt: skip
_LONGEST = 200


class PreparedQuery(SearchQuery):
    """A query already in PostgreSQL's language, cast as it stands: no dictionary touches the lexemes again."""

    template = "(%(expressions)s)::tsquery"


def search_query(typed: str) -> SearchQuery | None:
    """A query for `filter(search_vector=…)`, or None when nothing was typed that could be looked up."""
    text = tsquery(typed)
    return PreparedQuery(Value(text)) if text else None


def tsquery(typed: str) -> str:
    """The query in PostgreSQL's language. A search of exclusions only is none: it would show nearly everything."""
    typed = typed.replace("\0", "")[:_LONGEST]
    groups: list[list[str]] = []
    unwanted: list[str] = []
    joins = False
    for minus, phrase, word, is_last in _pieces(typed):
        if word.lower() in _OR:
            joins = bool(groups)
            continue
        clause = _phrase(phrase) if phrase else _joined(word, half_typed=is_last and not minus)
        if clause and minus:
            unwanted.append(f"!({clause})")
        elif clause and joins:
            groups[-1].append(clause)
        elif clause:
            groups.append([clause])
        joins = False
    wanted = [f"({' | '.join(group)})" for group in groups]
    return " & ".join(wanted + unwanted) if wanted else ""


def searched_words(typed: str) -> list[tuple[str, bool]]:
    """The words that a text must hold, in lower case, and whether each may still be under way."""
    found: list[tuple[str, bool]] = []
    for minus, phrase, word, is_last in _pieces(typed.replace("\0", "")[:_LONGEST]):
        for token in tokens(phrase or word) if not minus and word.lower() not in _OR else ():
            words = token.pieces if len(token.pieces) == 1 else (*token.pieces, "".join(token.pieces))
            found += [(each, is_last and _may_continue(each)) for each in words if each not in _EMPTY]
    return found


def _pieces(typed: str) -> Iterator[tuple[str, str, str, bool]]:
    """(minus, phrase, word, whether it may still be under way): a space or a quotation mark says that it is ready."""
    found = list(_PIECE.finditer(typed))
    for piece in found:
        minus, phrase, word = piece[1] or "", piece[2] or "", piece[3] or ""
        if word.startswith("-"):
            minus, word = "-", word.lstrip("-")
        yield minus, phrase, word, piece is found[-1] and piece.end() == len(typed) and bool(word)


def _phrase(phrase: str) -> str:
    """Words that stand side by side."""
    return " <-> ".join(_one_of(_lexemes(piece)) for token in tokens(phrase) for piece in token.pieces)


def _joined(word: str, half_typed: bool) -> str:
    """What was typed without a space: most often one word."""
    found = [token for token in tokens(word) if token.pieces[0] not in _EMPTY or len(token.pieces) > 1]
    return " & ".join(_token(token, half_typed and token is found[-1]) for token in found)


def _token(token: Token, half_typed: bool) -> str:
    """A word with a hyphen is found in one, and in its pieces side by side."""
    if token.is_number:
        return quoted(token.pieces[0])
    if len(token.pieces) == 1:
        return _one_of(_alternatives(token.pieces[0], half_typed))
    apart = " <-> ".join(
        _one_of(_alternatives(piece, half_typed and piece is token.pieces[-1], apart=False)) for piece in token.pieces
    )
    in_one = _one_of(_lexemes("".join(token.pieces)))
    return f"({in_one} | ({apart}))"


def _alternatives(word: str, half_typed: bool, apart: bool = True) -> Iterator[str]:
    """Any of a word's lexemes in any language; a compound also in two words; a word under way also as it begins."""
    yield from _lexemes(word)
    if apart:
        yield from (f"({quoted(begin)} <-> {quoted(end)})" for begin, end in finnish.splits(word))
    if half_typed and _may_continue(word):
        yield quoted(word) + ":*"


def _may_continue(word: str) -> bool:
    return len(word) >= _SHORTEST_PREFIX and not finnish.is_complete(word)


def _lexemes(word: str) -> Iterator[str]:
    found = dict.fromkeys(lexeme for language in LANGUAGES for lexeme in finnish.wholes(word, language))
    return map(quoted, found)


def _one_of(choices: Iterable[str]) -> str:
    return "(" + " | ".join(choices) + ")"
