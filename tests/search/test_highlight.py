"""Where a text fits a search: marks around the found words, a snippet around the best place, all else escaped."""

import pytest
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.highlight import highlight


@pytest.fixture(autouse=True)
def libvoikko(use):
    use("libvoikko")


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("leikki", "Hauskoja leikkejä!", "Hauskoja <mark>leikkejä</mark>!"),
        ("leikki", "Ryhmäytymisleikkejä", "Ryhmäytymis<mark>leikkejä</mark>"),
        ("nuorisotyö", "Koulunuorisotyöntekijät", "Koulu<mark>nuorisotyön</mark>tekijät"),
        ("ryhmä leikki", "Ryhmän leikit", "<mark>Ryhmän</mark> <mark>leikit</mark>"),
        ("ryhmäytymisl", "Ryhmäytymisleikkejä", "<mark>Ryhmäytymisleikkejä</mark>"),
        ('"hyvä leikki" -huono', "Hyvä leikki, huono sää", "<mark>Hyvä</mark> <mark>leikki</mark>, huono sää"),
        ("leikki tai peli", "Pelejä tai sitten", "<mark>Pelejä</mark> tai sitten"),
        ("some-kiusaaminen", "Some-kiusaamista", "<mark>Some-kiusaamista</mark>"),
        ("kiusaaminen", "Some-kiusaamista", "Some-<mark>kiusaamista</mark>"),
        ("nuorisotyöverkosto", "nuorisotyön verkosto", "<mark>nuorisotyön</mark> <mark>verkosto</mark>"),
        ("20.1.", "Kokous 20.1.2027", "Kokous <mark>20.1.2027</mark>"),
        ("ryhmaytyminen", "Ryhmäytymistä", "<mark>Ryhmäytymistä</mark>"),
        ("leikki", "<b>Leikki</b> & muuta", "&lt;b&gt;<mark>Leikki</mark>&lt;/b&gt; &amp; muuta"),
        ("<script>", "a <script>", "a &lt;<mark>script</mark>&gt;"),
        ("", "Leikki & muuta", "Leikki &amp; muuta"),
        ("jalkapallo", "Leikki", "Leikki"),
    ],
)
def test_found_words_are_marked_and_all_else_is_escaped(typed, text, shown):
    assert highlight(text, typed) == shown


def test_swedish_compounds_are_marked_in_part():
    assert highlight("Ungdomsarbetet", "arbete", "sv") == "Ungdoms<mark>arbetet</mark>"


def test_a_snippet_shows_the_place_with_most_of_the_words():
    text = "Leikki alkaa. " + "Muuta tekstiä tulee tähän. " * 20 + "Leikki ja laulu yhdessä. " + "Loppu on pitkä. " * 20
    shown = highlight(text, "leikki laulu", length=80)
    assert "<mark>Leikki</mark> ja <mark>laulu</mark> yhdessä" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 80 + 2 * len("<mark></mark>") + 10


def test_a_snippet_without_a_found_word_is_the_beginning_and_cuts_no_word():
    assert highlight("Pitkähkö alku ja sitten lisää", "jalkapallo", length=15) == "Pitkähkö alku…"


def test_templates_say_it_by_a_tag():
    page = Template("{% load search %}{% found text words 'fi' 40 %}")
    assert page.render(Context({"text": "Leikki & laulu", "words": "laulu"})) == "Leikki &amp; <mark>laulu</mark>"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80), typed=st.text(max_size=20), length=st.none() | st.integers(0, 60))
def test_nothing_but_marks_is_ever_html(text, typed, length):
    shown = highlight(text, typed, length=length).replace("<mark>", "").replace("</mark>", "")
    assert not set("<>\"'") & set(shown)
