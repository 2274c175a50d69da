"""In which order found rows stand: words of the title before those of the text, words before parts of compounds."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Value
from django.db.models.expressions import Combinable

# Five times apart: no number of parts (D) in a short text outweighs a word (C) in a long one, and no number of words in
# a text outweighs one in the title (A).
_PARTS, _TEXT, _ABOUT, _TITLE = 0.04, 0.2, 0.45, 1.0
# divided by 1 + the logarithm of the length: of two texts with the word, the shorter one is more about it
_BY_LENGTH = 1


def rank(query: SearchQuery, vector: str | Combinable = "search_vector") -> SearchRank:
    """How well a row fits, by the house's weights; `vector` where the column stands in another table."""
    where = F(vector) if isinstance(vector, str) else vector
    return SearchRank(where, query, weights=[_PARTS, _TEXT, _ABOUT, _TITLE], normalization=Value(_BY_LENGTH))
