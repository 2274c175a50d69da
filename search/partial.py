"""The best partial matches of a search that found nothing: rows that hold most of its words, the rare ones first."""

from collections.abc import Callable, Iterator
from itertools import combinations
from math import ceil, log1p
from typing import Any, NamedTuple, TypeVar

from search import thesaurus
from search.analysis import finnish
from search.analysis.tokenizer import words_of
from search.models import Word
from search.query import Clause, parse
from search.ranking import holds

_MOST_WORDS = 7
# one word alone is worth showing only if it is among the rarest of the search
_RAREST = 2
_ENOUGH = 10
_HELD = "holds_"

T = TypeVar("T")


class PartialWords(NamedTuple):
    """A search that is satisfied by so many of its words; the rest of a room's search takes it as it takes words."""

    clauses: tuple[Clause, ...]
    weights: tuple[float, ...]
    unwanted: tuple[str, ...]
    least: int

    def __str__(self) -> str:
        """In PostgreSQL's language: any so many of them."""
        rarest = sorted(zip(self.weights, self.clauses, strict=True), key=lambda pair: -pair[0])[:_RAREST]
        asked = [clause for _weight, clause in rarest] if self.least == 1 else self.clauses
        some = (" & ".join(clause.sql for clause in chosen) for chosen in combinations(asked, self.least))
        return " & ".join([f"({' | '.join(f'({each})' for each in some)})", *self.unwanted])

    @property
    def is_last(self) -> bool:
        """Whether fewer words would say too little, unless nothing at all was found."""
        return self.least <= ceil(len(self.clauses) / 2)


def best_partial(typed: str, look: Callable[[PartialWords], tuple[int, T]]) -> tuple[PartialWords, T] | None:
    """The most of the words with which there is something to show, and what was found: ten rows, or those of half.

    `look` answers with how many rows there are, and whatever else it found.
    """
    best = None
    for asked in partial_searches(typed):
        number, found = look(asked)
        if number:
            best = asked, found
        if number and (number >= _ENOUGH or asked.is_last):
            break
    return best


def with_words_held(rows: Any, asked: PartialWords, vector: str = "search_vector") -> Any:
    """The rows with what `left_out` reads."""
    each = {f"{_HELD}{place}": holds(vector, clause.sql) for place, clause in enumerate(asked.clauses)}
    return rows.annotate(**each)


def left_out(row: Any, asked: PartialWords) -> list[str]:
    """The words of the search that a row does not hold, as they were typed; of a row of `with_words_held`."""
    return [clause.typed for place, clause in enumerate(asked.clauses) if not getattr(row, f"{_HELD}{place}")]


def partial_searches(typed: str) -> Iterator[PartialWords]:
    """The same search with one word fewer at a time; none where there is but one."""
    asked = parse(typed, thesaurus.other_words)
    clauses = asked.wanted[:_MOST_WORDS]
    weights = _weights(clauses) if len(clauses) > 1 else ()
    for least in range(len(clauses) - 1, 0, -1):
        yield PartialWords(clauses, weights, asked.unwanted, least)


def _weights(clauses: tuple[Clause, ...]) -> tuple[float, ...]:
    """How rare each is among the words that everybody may read."""
    forms = {clause: _forms(clause.typed) for clause in clauses}
    counts = Word.objects.counts({form for each in forms.values() for form in each})
    return tuple(1 / (1 + log1p(sum(counts.get(form, 0) for form in forms[clause]))) for clause in clauses)


def _forms(typed: str) -> list[str]:
    return [form for word in words_of(typed) for form in (finnish.spoken(word) or [word])]
