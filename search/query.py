"""Turns what a person types into a full-text query: every word, the last one half typed, "phrases", -without, or."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import Value

from search import thesaurus
from search.analysis import finnish
from search.analysis.function_words import JOINING
from search.analysis.tokenizer import Token, tokens, words_of
from search.analysis.tsvector import quoted

LANGUAGES = ("fi", "sv", "en")
_PIECE = re.compile(r'(?:(?<=\s)|^)(-?)["”“„»]([^"”“„»]*)["”“„»]?|([^\s"”“„»]+)')
_OR = {"tai", "or", "eller", "|"}
_DOTS = re.compile(r"[åäöÅÄÖ]")
_SHORTEST_PREFIX = 3
_LONGEST = 200

# other words for a word, as a person would type them
Synonyms = Callable[[str], Iterable[str]]


class PreparedQuery(SearchQuery):
    """A query already in PostgreSQL's language, cast as it stands: no dictionary touches the lexemes again.

    `parts` of a search that need not be satisfied as a whole: what each is worth, for the order (`search.ranking`).
    """

    template = "(%(expressions)s)::tsquery"
    parts: tuple[tuple[str, float], ...] = ()


class Clause(NamedTuple):
    """One thing that a text must hold: as it was typed, and in PostgreSQL's language."""

    typed: str
    sql: str


class ParsedQuery(NamedTuple):
    """What a text must hold, and what it must not."""

    wanted: tuple[Clause, ...]
    unwanted: tuple[str, ...]

    def __str__(self) -> str:
        """In PostgreSQL's language. A search of exclusions only is none: it would show nearly everything."""
        return " & ".join([*(clause.sql for clause in self.wanted), *self.unwanted]) if self.wanted else ""


class Piece(NamedTuple):
    """What stands between two spaces, or two quotation marks; whether it may still be under way."""

    minus: str
    phrase: str
    word: str
    is_last: bool

    @property
    def is_plain(self) -> bool:
        return bool(self.word) and not self.minus and self.word.lower() not in _OR


def no_synonyms(word: str) -> Iterable[str]:
    return ()


def search_query(asked: Any) -> PreparedQuery | None:
    """A query for `filter(search_vector=…)`, or None when nothing was typed that could be looked up.

    Of words as they were typed, or of some of them (`search.partial.PartialWords`).
    """
    if not isinstance(asked, str):
        query = prepared(str(asked))
        query.parts = tuple((clause.sql, weight) for clause, weight in zip(asked.clauses, asked.weights, strict=True))
        return query
    text = tsquery(asked, thesaurus.other_words)
    return prepared(text) if text else None


def prepared(text: str) -> PreparedQuery:
    """Of text in PostgreSQL's language."""
    return PreparedQuery(Value(text))


def tsquery(typed: str, synonyms: Synonyms = no_synonyms) -> str:
    """The query in PostgreSQL's language; empty when there is nothing to look up."""
    return str(parse(typed, synonyms))


def parse(typed: str, synonyms: Synonyms = no_synonyms) -> ParsedQuery:
    """What was typed, taken apart. Words that say nothing (*miten*, *voin*) are asked for only without others."""
    typed = typed.replace("\0", "")[:_LONGEST]
    reader = _Parser(synonyms, bool(_DOTS.search(typed)))
    return reader.read(typed) or reader.read(typed, every_word=True) or ParsedQuery((), ())


class _Parser:
    """Reads one search: with which synonyms, and whether a word without dots is meant as it stands."""

    def __init__(self, synonyms: Synonyms, has_dots: bool) -> None:
        self.synonyms, self.has_dots = synonyms, has_dots

    def read(self, typed: str, every_word: bool = False) -> ParsedQuery | None:
        groups: list[list[Clause]] = []
        unwanted: list[str] = []
        joins = False
        for minus, phrase, word, is_last in self.joined(list(_pieces(typed))):
            if word.lower() in _OR:
                joins = bool(groups)
                continue
            half_typed, all_words = is_last and not minus, every_word or bool(minus)
            sql = self.phrase(phrase) if phrase else self.word_clause(word, half_typed, all_words)
            clause = Clause(phrase or word.strip(".,;:!?()"), sql)
            if sql and minus:
                unwanted.append(f"!({sql})")
            elif sql and joins:
                groups[-1].append(clause)
            elif sql:
                groups.append([clause])
            joins = False
        return ParsedQuery(tuple(map(_either, groups)), tuple(unwanted)) if groups else None

    def joined(self, pieces: list[Piece]) -> Iterator[Piece]:
        """The pieces, two words that have a synonym together made one: sosiaalinen media."""
        place = 0
        while place < len(pieces):
            pair = pieces[place : place + 2]
            together = " ".join(piece.word for piece in pair)
            if len(pair) == 2 and all(piece.is_plain for piece in pair) and self.synonyms(together):
                yield pair[1]._replace(word=together)
                place += 1
            else:
                yield pieces[place]
            place += 1

    def phrase(self, phrase: str) -> str:
        """Words that stand side by side."""
        return " <-> ".join(_one_of(self.lexemes(piece)) for token in tokens(phrase) for piece in token.pieces)

    def word_clause(self, word: str, half_typed: bool, every_word: bool) -> str:
        """What was typed without a space, most often one word; or two with a synonym."""
        found = [token for token in tokens(word) if len(token.pieces) > 1 or not _says_nothing(token, every_word)]
        every = " & ".join(self.token(token, half_typed and token is found[-1]) for token in found)
        return _one_of([f"({every})", *self.others(word)]) if " " in word else every

    def token(self, token: Token, half_typed: bool) -> str:
        """A word with a hyphen is found in one, and in its pieces side by side."""
        if token.is_number:
            return quoted(token.pieces[0])
        others = self.others("-".join(token.pieces))
        if len(token.pieces) == 1:
            return _one_of([*self.alternatives(token.pieces[0], half_typed), *others])
        apart = " <-> ".join(
            _one_of(self.alternatives(piece, half_typed and piece is token.pieces[-1], apart=False))
            for piece in token.pieces
        )
        return _one_of([_one_of(self.lexemes("".join(token.pieces))), f"({apart})", *others])

    def others(self, word: str) -> list[str]:
        """Words for the same thing: one word, or several that stand side by side."""
        return [f"({sql})" for other in self.synonyms(word) if (sql := _Parser(no_synonyms, True).phrase(other))]

    def alternatives(self, word: str, half_typed: bool, apart: bool = True) -> Iterator[str]:
        """Any of a word's lexemes in any language; a compound also in two words; a word under way also as it begins."""
        yield from self.lexemes(word)
        if apart:
            yield from (f"({quoted(begin)} <-> {quoted(end)})" for begin, end in finnish.splits(word))
        if half_typed and _may_continue(word):
            yield quoted(word) + ":*"

    def lexemes(self, word: str) -> Iterator[str]:
        found = [lexeme for language in LANGUAGES for lexeme in finnish.wholes(word, language, self.has_dots)]
        return map(quoted, dict.fromkeys(found))


def searched_words(typed: str, synonyms: Synonyms = no_synonyms) -> list[tuple[str, bool]]:
    """The words that a text may hold, in lower case, and whether each may still be under way."""
    found: list[tuple[str, bool]] = []
    for minus, phrase, word, is_last in _pieces(typed.replace("\0", "")[:_LONGEST]):
        for token in tokens(phrase or word) if not minus and word.lower() not in _OR else ():
            words = token.pieces if len(token.pieces) == 1 else (*token.pieces, "".join(token.pieces))
            found += [(each, is_last and _may_continue(each)) for each in words]
            found += [(each, False) for other in synonyms("-".join(token.pieces)) for each in words_of(other)]
    return [word for word in found if not finnish.says_nothing(word[0])] or found


def _pieces(typed: str) -> Iterator[Piece]:
    """A space or a quotation mark says that a word is ready."""
    found = list(_PIECE.finditer(typed))
    for piece in found:
        minus, phrase, word = piece[1] or "", piece[2] or "", piece[3] or ""
        if word.startswith("-"):
            minus, word = "-", word.lstrip("-")
        yield Piece(minus, phrase, word, piece is found[-1] and piece.end() == len(typed) and bool(word))


def _says_nothing(token: Token, every_word: bool) -> bool:
    word = token.pieces[0]
    return not token.is_number and (word in JOINING or (not every_word and finnish.says_nothing(word)))


def _may_continue(word: str) -> bool:
    return len(word) >= _SHORTEST_PREFIX and not finnish.is_complete(word)


def _either(clauses: list[Clause]) -> Clause:
    """The words that an or joins."""
    return Clause(" / ".join(each.typed for each in clauses), _one_of(each.sql for each in clauses))


def _one_of(choices: Iterable[str]) -> str:
    return "(" + " | ".join(choices) + ")"
