"""How much is found of what should be, and how much of what is found should have been."""

import pytest
from django.db import connection

from search import finnish
from search.finnish import analyse
from search.query import tsquery
from search.vector import tsvector
from tests.search.documents import DOCUMENTS, SEARCHES
from tests.search.test_finnish import use  # noqa: F401  the fixture


@pytest.fixture
def found_by(db):
    """found_by("leikki") gives the documents that PostgreSQL finds."""

    def ask(typed):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM unnest(%s::text[], %s::text[]) AS d(name, words)"
                " WHERE words::tsvector @@ %s::tsquery",
                [
                    list(DOCUMENTS),
                    [tsvector([(analyse(text), "C")]) for text in DOCUMENTS.values()],
                    tsquery(typed + " "),
                ],
            )
            return {name for (name,) in cursor.fetchall()}

    return ask


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
def test_recall_and_precision_on_the_labelled_set(use, found_by, name):  # noqa: F811
    use(name)
    answers = {typed: found_by(typed) for typed in SEARCHES}
    right = sum(len(answers[typed] & wanted) for typed, wanted in SEARCHES.items())
    recall = right / sum(map(len, SEARCHES.values()))
    precision = right / sum(map(len, answers.values()))
    wrong = {typed: answers[typed] ^ wanted for typed, wanted in SEARCHES.items() if answers[typed] != wanted}
    assert recall >= 0.97, wrong
    assert precision >= 0.95, wrong


def test_the_best_back_end_of_this_machine_is_used():
    assert finnish.backend().split()[0] in finnish.backends()
