"""How well relatives, look-alikes and slang are told apart: recall, precision and order on a set judged beforehand."""

from functools import partial
from importlib import import_module
from math import log2

import pytest
from django.db import connection

from search import thesaurus
from search.analysis.finnish import analyse
from search.analysis.tsvector import tsvector
from search.query import tsquery
from tests.search.field_documents import DOCUMENTS
from tests.search.field_searches import QUESTIONS, SEARCHES

WORDS = import_module("search.migrations.0002_thesaurus").WORDS
RANKED = """
SELECT name FROM unnest(%s::text[], %s::text[]) AS d (name, words)
WHERE words::tsvector @@ %s::tsquery
ORDER BY ts_rank('{0.04, 0.2, 0.45, 1}', words::tsvector, %s::tsquery, 1) DESC, name
"""


def judged(wanted):
    """(what must be found, what may be) of a line such as "kiusaaja | kiusattu"."""
    core, _bar, also = wanted.partition("|")
    return set(core.split()), set(also.split())


def answers(searches, query_of):
    vectors = {
        name: tsvector([(analyse(title, language), "A"), (analyse(text, language), "C")])
        for name, (language, title, text) in DOCUMENTS.items()
    }
    found = {}
    with connection.cursor() as cursor:
        for typed in searches:
            query = query_of(typed)
            cursor.execute(RANKED, [list(vectors), list(vectors.values()), query, query])
            found[typed] = [name for (name,) in cursor.fetchall()] if query else []
    return found


def gain(found, core, also):
    """nDCG@10: two for what must be found, one for what may be."""
    worth = [2 if name in core else name in also for name in found[:10]]
    best = ([2] * len(core) + [1] * len(also))[:10]
    reached, most = (sum(each / log2(place + 2) for place, each in enumerate(those)) for those in (worth, best))
    return reached / most if most else float(not found)


def figures(found):
    """Core recall, precision and the mean of nDCG@10; what may be found counts for the order only."""
    wanted = {typed: judged(SEARCHES[typed]) for typed in found}
    right = sum(len(core & set(found[typed])) for typed, (core, _also) in wanted.items())
    wrong = sum(len(set(found[typed]) - core - also) for typed, (core, also) in wanted.items())
    allowed = sum(len(set(found[typed]) & (core | also)) for typed, (core, also) in wanted.items())
    gains = [gain(found[typed], *wanted[typed]) for typed in found if wanted[typed] != (set(), set()) or found[typed]]
    return (
        right / sum(len(core) for core, _also in wanted.values()),
        allowed / (allowed + wrong),
        sum(gains) / len(gains),
    )


def faults(found):
    told = {}
    for typed, names in found.items():
        core, also = judged(SEARCHES[typed])
        if missing := core - set(names):
            told[typed] = f"misses {sorted(missing)}"
        if wrong := set(names) - core - also:
            told[typed] = f"{told.get(typed, '')} finds {sorted(wrong)}".strip()
    return told


def test_the_set_is_large_enough_and_names_real_documents():
    named = {name for wanted in (*SEARCHES.values(), *QUESTIONS.values()) for part in judged(wanted) for name in part}
    assert len(SEARCHES) + len(QUESTIONS) >= 280
    assert len(DOCUMENTS) >= 130
    assert named <= set(DOCUMENTS)


def asked_with_thesaurus(typed):
    return tsquery(typed, partial(thesaurus.words_in, thesaurus.index_of(WORDS)))


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
def test_recall_precision_and_order_on_the_field_set(use, db, name, capsys):
    """Real use 30: 0.541, 0.873 and 0.573 before words knew their relatives."""
    use(name)
    found = answers(SEARCHES, asked_with_thesaurus)
    recall, precision, order = figures(found)
    with capsys.disabled():
        print(f"\n{name}: core recall {recall:.3f}, precision {precision:.3f}, nDCG@10 {order:.3f}", end=" ")
    assert (recall >= 0.97, precision >= 0.95, order >= 0.95) == (True, True, True), faults(found)
