"""The literal that is stored and the query that is asked, in PostgreSQL itself."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.finnish import Lexeme, analyse
from search.query import search_query, tsquery
from search.vector import tsvector


@pytest.fixture
def matches(db):
    """matches("leikki", "ryhmäytymisleikkejä") asks PostgreSQL."""

    def ask(typed, *texts):
        with connection.cursor() as cursor:
            vector = tsvector([(analyse(text), "C") for text in texts])
            cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, tsquery(typed)])
            return cursor.fetchone()[0]

    return ask


def test_the_literal_carries_positions_and_weights():
    lexemes = [Lexeme("nuorisotyö", 1, ""), Lexeme("nuoriso", 1, "D"), Lexeme("työ", 1, "D"), Lexeme("ok", 2, "")]
    again = [Lexeme("työ", 1, "")]
    assert tsvector([(lexemes, "A"), (again, "C")]) == "'nuorisotyö':1A 'nuoriso':1D 'työ':1D,13C 'ok':2A"


def test_a_long_text_is_kept_within_what_postgresql_can_hold(db):
    text = " ".join(f"sana{number} toisto" for number in range(9_000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [tsvector([(analyse(text), "C")])])
        assert cursor.fetchone()[0] > 9_000


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("leikki", "Ryhmäytymisleikkejä kaikille", True),
        ("ryhmä", "Ryhmäytymisleikkejä kaikille", True),
        ("ryhmäytymisl", "Ryhmäytymisleikkejä kaikille", True),
        ("ryhmäytymisl ", "Ryhmäytymisleikkejä kaikille", False),
        ("leikki kaikki", "Ryhmäytymisleikkejä kaikille", True),
        ("leikki jalkapallo", "Ryhmäytymisleikkejä kaikille", False),
        ('"hyvä leikki"', "Tämä on hyvä leikki", True),
        ('"hyvää leikkiä"', "Tämä on hyvä leikki", True),
        ('"leikki hyvä"', "Tämä on hyvä leikki", False),
        ('"hyvä leikki"', "Hyvä vanha leikki", False),
        ("leikki -hyvä", "Tämä on hyvä leikki", False),
        ("leikki -huono", "Tämä on hyvä leikki", True),
        ('leikki -"hyvä leikki"', "Tämä on hyvä leikki", False),
        ("leikki ja hyvä", "Hyvä leikki", True),
        ("O'Neill", "Kirjoittanut O'Neill", True),
        ("lähi-ihminen", "Lähi-ihmiset", True),
    ],
)
def test_a_search_finds_what_it_should(matches, typed, text, found):
    assert matches(typed, text) is found


def test_a_phrase_does_not_reach_from_one_field_to_the_next(matches):
    assert matches('"hyvä leikki"', "hyvä", "leikki") is False


@pytest.mark.parametrize("typed", ["", "   ", "-", "-leikki", '""', "!&|():*", "ja", "\0"])
def test_nothing_to_look_for_is_no_query(typed):
    assert search_query(typed) is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60), text=st.text(max_size=60).filter(lambda text: "\0" not in text))
def test_whatever_is_typed_is_never_an_error(matches, typed, text):
    if tsquery(typed):
        assert matches(typed, text) in (True, False)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö'\\\"-: &|!<>", min_size=1, max_size=40))
def test_odd_signs_are_stored_as_they_stand(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector", [tsvector([([Lexeme(text, 1, "")], "A")])])
