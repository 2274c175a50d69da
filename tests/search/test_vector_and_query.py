"""The literal that is stored and the query that is asked, in PostgreSQL itself."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis.finnish import Entry, analyse
from search.analysis.tsvector import tsvector
from search.query import search_query, tsquery


def test_the_literal_carries_positions_and_weights():
    entries = [Entry(("nuorisotyö",), ("nuoriso", "työ")), Entry(("ok",), ())]
    again = [Entry(("työ",), ())]
    assert tsvector([(entries, "A"), (again, "C")]) == "'nuorisotyö':1A 'nuoriso':1D 'työ':1D,13C 'ok':2A"


def test_a_monstrous_text_is_found_by_its_beginning(db, matches):
    word = "erilainensana" * 5
    text = " ".join(f"{word}{number}" for number in range(12_000))
    assert matches(f"{word}7 ", text)
    assert not matches(f"{word}11999 ", text)
    assert not matches("b ", "a" * 5_000)


def test_a_long_text_is_kept_within_what_postgresql_can_hold(db):
    text = " ".join(f"sana{number} toisto" for number in range(9_000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [tsvector([(analyse(text), "C")])])
        assert cursor.fetchone()[0] > 9_000


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("leikki", "Ryhmäytymisleikkejä kaikille", True),
        ("ryhmäyty", "Ryhmäytymisleikkejä kaikille", True),
        ("ryhmäleikki", "Leikkejä uusille ryhmille", False),
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
        ("leikki tai jalkapallo", "Hyvä leikki", True),
        ("jalkapallo or lek", "Hyvä leikki", False),
        ("hyvä leikki tai peli", "Hyvä peli", True),
        ("hyvä leikki tai peli", "Huono peli", False),
        ("tai leikki tai", "Hyvä leikki", True),
        ("”hyvä leikki”", "Tämä on hyvä leikki", True),
        ("koulu", "Koulutus alkaa", False),
        ("koulut", "Koulutus alkaa", False),
        ("koulutusp", "Koulutuspäivä", True),
        ("LEIKKI", "leikit", True),
        ("matti@example.org", "Kirjoita: matti@example.org", True),
        ("nuoriso työ", "Nuorisotyötä", True),
        ("lähi‑ihminen", "Lähi-ihmiset", True),
        ("O'Neill", "Kirjoittanut O'Neill", True),
        ("lähi-ihminen", "Lähi-ihmiset", True),
    ],
)
def test_a_search_finds_what_it_should(matches, typed, text, found):
    assert matches(typed, text) is found


def test_a_phrase_does_not_reach_from_one_field_to_the_next(matches):
    assert matches('"hyvä leikki"', "hyvä", "leikki") is False


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", "--", "-leikki", '""', "”", "!&|():*", "ja", "tai", "tai tai", "- tai -", "\0"]
)
def test_nothing_to_look_for_is_no_query(typed):
    assert search_query(typed) is None


def test_a_search_of_thousands_of_letters_is_cut(matches):
    assert matches("leikki " * 700, "Leikkejä")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60), text=st.text(max_size=60).filter(lambda text: "\0" not in text))
def test_whatever_is_typed_is_never_an_error(matches, typed, text):
    if tsquery(typed):
        assert matches(typed, text) in (True, False)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö'\\\"-: &|!<>", min_size=1, max_size=40))
def test_odd_signs_are_stored_as_they_stand(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector", [tsvector([([Entry((text,), ())], "A")])])
