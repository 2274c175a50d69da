"""In which order found rows stand, and how many of them are put in order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletters.models import Issue

LONG = "Muuta asiaa on paljon ja siitä kerrotaan tässä. " * 3


def order(words):
    return [found.subject_fi for found in Issue.objects.matching(words).order_by("-rank")]


def test_the_title_comes_before_the_text_and_a_whole_word_before_a_part(issue):
    issue("Kokous", "Ryhmäytymisleikkejä")
    issue("Leikki", LONG[:140])
    issue("Kirje", "Leikki ja paljon muuta")
    assert order("leikki") == ["Leikki", "Kirje", "Kokous"]


def test_many_parts_of_compounds_do_not_outweigh_one_word(issue):
    issue("Kokous", "Lautapeli, rahapeli, korttipeli, roolipeli, videopeli, digipeli")
    issue("Kirje", "Peli " + LONG[:130])
    assert order("peli") == ["Kirje", "Kokous"]


def test_kunta_finds_no_seurakunta(issue):
    issue("Seurakunnissa tapahtuu")
    issue("Kuntien kirje")
    assert order("kunta") == ["Kuntien kirje"]


def test_of_two_titles_the_one_with_less_beside_it_comes_first(issue):
    issue("Leikki", LONG[:140])
    issue("Leikki!", "")
    assert order("leikki") == ["Leikki!", "Leikki"]


def test_only_the_newest_of_many_hits_are_put_in_order(issue):
    made = [issue(f"Leikki {number}") for number in range(4)]
    found = Issue.objects.matching_newest("leikki", "-addressed_at", "-pk", most=2).order_by("-rank", "pk")
    assert list(found) == made[2:]
    assert all(each.rank > 0 for each in found)


def test_a_bounded_search_keeps_to_what_was_chosen_before_it(issue):
    chosen, _other = issue("Leikki yksi"), issue("Leikki kaksi")
    assert list(Issue.objects.filter(pk=chosen.pk).matching_newest("leikki")) == [chosen]
    assert Issue.objects.matching_newest("").count() == 2


@pytest.mark.parametrize("verb", ["matching", "matching_newest"])
def test_a_search_is_one_question(issue, verb):
    issue("Leikki")
    with CaptureQueriesContext(connection) as asked:
        assert len(list(getattr(Issue.objects.all(), verb)("leikki"))) == 1
    assert len(asked) == 1
