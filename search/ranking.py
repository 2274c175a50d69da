"""In which order found rows stand: words of the title before those of the text, words before parts of compounds."""

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, Case, F, FloatField, Func, Value, When
from django.db.models.expressions import Combinable

from search.query import PreparedQuery, prepared

# Five times apart: no number of parts (D) in a short text outweighs a word (C) in a long one, and no number of words in
# a text outweighs one in the title (A).
_PARTS, _TEXT, _ABOUT, _TITLE = 0.04, 0.2, 0.45, 1.0
# divided by 1 + the logarithm of the length: of two texts with the word, the shorter one is more about it
_BY_LENGTH = 1


def rank(query: PreparedQuery, vector: str | Combinable = "search_vector") -> Combinable:
    """How well a row fits, by the house's weights; `vector` where the column stands in another table.

    Of a search that is satisfied by some of its words, first which of them a row has, the rare ones above all.
    """
    where = F(vector) if isinstance(vector, str) else vector
    fits = SearchRank(where, query, weights=[_PARTS, _TEXT, _ABOUT, _TITLE], normalization=Value(_BY_LENGTH))
    has = (_worth(where, text, weight) for text, weight in query.parts)
    return sum(has, start=fits)


def holds(vector: str | Combinable, text: str) -> Combinable:
    """Whether a vector satisfies a query in PostgreSQL's language."""
    return _Holds(F(vector) if isinstance(vector, str) else vector, prepared(text))


def _worth(where: Combinable, text: str, weight: float) -> Combinable:
    return Case(When(holds(where, text), then=Value(weight)), default=Value(0.0), output_field=FloatField())


class _Holds(Func):
    template, arg_joiner, output_field = "(%(expressions)s)", " @@ ", BooleanField()
