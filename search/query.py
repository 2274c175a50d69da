"""Turns what a person types into a full-text query: every word, the last one half typed, "phrases", -without."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Value

from search import finnish
from search.vector import quoted

_LANGUAGES = ("fi", "sv", "en")
_PIECE = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_SHORTEST_PREFIX = 3
# words that say nothing by themselves are not asked for
_EMPTY = {
    "ja",
    "tai",
    "sekä",
    "kanssa",
    "on",
    "kun",
    "että",
    "och",
    "eller",
    "med",
    "för",
    "and",
    "or",
    "the",
    "with",
    "of",
}
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
    pieces = [(minus, _clause(phrase, word, "")) for minus, phrase, word in _PIECE.findall(typed)]
    pieces = _last_half_typed(typed, pieces)
    wanted = [clause for minus, clause in pieces if clause and not minus]
    unwanted = [f"!({clause})" for minus, clause in pieces if clause and minus]
    return " & ".join(wanted + unwanted) if wanted else ""


def _last_half_typed(typed: str, pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last word may still be under way, unless a space or a quotation mark says it is ready."""
    found = _PIECE.findall(typed)
    if not found or typed[-1:].isspace() or found[-1][1] or found[-1][0]:
        return pieces
    return [*pieces[:-1], ("", _clause("", found[-1][2], ":*"))]


def _clause(phrase: str, word: str, suffix: str) -> str:
    """One word, or words that stand side by side."""
    words = [each for each in finnish.words_of(word) if each not in _EMPTY] if word else _plain_words(phrase)
    joint = " <-> " if phrase else " & "
    return joint.join(_alternatives(each, suffix if each is words[-1] else "") for each in words)


def _plain_words(phrase: str) -> list[str]:
    return [word for piece in phrase.split() for word in finnish.words_of(piece)[:1]]


def _alternatives(word: str, suffix: str) -> str:
    """Any of a word's lexemes in any language; a word under way also as it stands."""
    lexemes = dict.fromkeys(lexeme for language in _LANGUAGES for lexeme in finnish.wholes(word, language))
    choices = [quoted(lexeme) for lexeme in lexemes]
    if suffix and len(word) >= _SHORTEST_PREFIX:
        choices.append(quoted(word) + suffix)
    return "(" + " | ".join(choices) + ")"
