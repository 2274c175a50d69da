"""How much is found of what should be, and how much of what is found should have been."""

import pytest
from django.db import connection

from search.analysis import finnish
from search.analysis.backends import backends
from search.analysis.finnish import analyse
from search.analysis.tsvector import tsvector
from search.query import tsquery
from tests.search.documents import DOCUMENTS
from tests.search.searches import SEARCHES

WANTED = {typed: set(names.split()) for typed, names in SEARCHES.items()}
CONFIGURATION = {"fi": "finnish", "sv": "swedish", "en": "english"}


def answers(sql, vectors, query_of):
    with connection.cursor() as cursor:
        found = {}
        for typed in SEARCHES:
            cursor.execute(sql, [list(vectors), list(vectors.values()), query_of(typed)])
            found[typed] = {name for (name,) in cursor.fetchall()}
        return found


def ours():
    vectors = {name: tsvector([(analyse(text, language), "C")]) for name, (language, text) in DOCUMENTS.items()}
    sql = "SELECT name FROM unnest(%s::text[], %s::text[]) AS d (name, words) WHERE words::tsvector @@ %s::tsquery"
    return answers(sql, vectors, tsquery)


def postgresql():
    """The full text search of PostgreSQL as it comes: every text and every search in its own language."""
    texts = {name: f"{CONFIGURATION[language]} {text}" for name, (language, text) in DOCUMENTS.items()}
    sql = (
        "SELECT name FROM unnest(%s::text[], %s::text[]) AS d (name, words),"
        " LATERAL (SELECT split_part(words, ' ', 1)::regconfig AS tongue) AS t"
        " WHERE to_tsvector(tongue, words) @@ websearch_to_tsquery(tongue, %s)"
    )
    return answers(sql, texts, str)


def recall_and_precision(found):
    right = sum(len(found[typed] & wanted) for typed, wanted in WANTED.items())
    return right / sum(map(len, WANTED.values())), right / sum(map(len, found.values()))


def wrong(found):
    return {typed: sorted(found[typed] ^ wanted) for typed, wanted in WANTED.items() if found[typed] != wanted}


def test_the_set_is_large_enough_and_names_real_documents():
    swedish = {name for name in DOCUMENTS if name.startswith("sv_")}
    assert len(DOCUMENTS) >= 80
    assert len(SEARCHES) >= 160
    assert len([typed for typed, names in WANTED.items() if names & swedish]) >= 30
    assert set().union(*WANTED.values()) <= set(DOCUMENTS)


@pytest.mark.parametrize(("name", "recall", "precision"), [("libvoikko", 0.97, 0.95), ("pyvoikko", 0.95, 0.93)])
def test_recall_and_precision_on_the_labelled_set(use, db, name, recall, precision):
    use(name)
    found = ours()
    reached = recall_and_precision(found)
    assert reached >= (recall, 0), wrong(found)
    assert reached[1] >= precision, wrong(found)


def test_the_comparison_with_what_postgresql_has_of_its_own(use, db, capsys):
    """Prints the table of docs/search.md: say `make test ARGS="tests/search/test_labelled_set.py -k comparison -s"`."""
    reached = {"PostgreSQL's own": recall_and_precision(postgresql())}
    for name in reversed(backends()):
        use(name)
        reached[name] = recall_and_precision(ours())
    with capsys.disabled():
        print(f"\n{len(DOCUMENTS)} documents, {len(SEARCHES)} searches", end="")
        for name, (recall, precision) in reached.items():
            print(f"\n| {name} | {recall:.3f} | {precision:.3f} |", end="")
    assert reached["PostgreSQL's own"] < reached["snowball"] < reached["pyvoikko"]
    assert abs(reached["pyvoikko"][0] - reached["libvoikko"][0]) < 0.02


def test_the_best_back_end_of_this_machine_is_used():
    assert finnish.backend().split()[0] in backends()
