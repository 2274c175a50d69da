"""Other words for the words of a search, as the coordinator keeps them on the desk: nuta, nuokkari, nuorisotila.

Read from the database once in half a minute and process, so that a search asks nothing more; what is edited holds at
once where it is edited, and soon everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from math import inf
from time import monotonic

from search.analysis import finnish
from search.models import ThesaurusEntry

_SECONDS = 30.0
_MOST_WORDS = 2

# a lexeme of a word: the other words of its lines
Index = dict[str, tuple[str, ...]]
_kept: list[tuple[float, Index]] = []


def other_words(word: str) -> list[str]:
    """What a person may have meant by this word besides, each as it stands in the thesaurus."""
    return words_in(_index(), word)


def words_in(index: Index, word: str) -> list[str]:
    found = [other for lexeme in _lexemes(word) for other in index.get(lexeme, ())]
    return [other for other in dict.fromkeys(found) if other != word]


def forget() -> None:
    """To be said after a change: the next search reads the words anew."""
    _kept.clear()


def hold(lines: Iterable[str]) -> None:
    """Take these lines for good instead of those of the database."""
    _kept[:] = [(inf, index_of(lines))]


def index_of(lines: Iterable[str]) -> Index:
    """Of lines such as "nuta, nuokkari"; of more than two words a term is only ever answered with."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        terms = [term for each in line.split(",") if (term := " ".join(each.lower().split()))]
        for term in terms if len(terms) > 1 else ():
            for lexeme in _lexemes(term):
                found[lexeme] += [other for other in terms if other != term]
    return {lexeme: tuple(dict.fromkeys(others)) for lexeme, others in found.items()}


def _lexemes(term: str) -> list[str]:
    """Of one word all that it is looked up as; of two, each with each."""
    words = term.lower().replace("-", "").split()
    if len(words) > _MOST_WORDS:
        return []
    each = [[found for language in ("fi", "sv") for found in finnish.wholes(word, language, True)] for word in words]
    return [" ".join(lexemes) for lexemes in product(*each)]


def _index() -> Index:
    if not _kept or monotonic() - _kept[0][0] > _SECONDS:
        _kept[:] = [(monotonic(), index_of(ThesaurusEntry.objects.in_use()))]
    return _kept[0][1]
