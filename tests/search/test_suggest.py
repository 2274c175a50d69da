"""“Did you mean …?” after a search that found nothing, and the rest of a word that is half typed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletters.models import Issue
from search.models import Word
from search.reindexing import searchable
from search.suggest import complete, suggestion
from search.word_counts import count_all, dictionary_forms


@pytest.fixture
def published(issue):
    issue("Ryhmäytymisleikkejä ja kiusaamista ehkäiseviä menetelmiä", "Nuorten osallisuutta kunnissa.")
    issue("Nuorisotyöntekijöiden koulutus", "Nuorisotyön verkosto ja nuoret. Nuoria tavataan Saarijärvellä.")
    issue("Salaisuuksien palaveri", "Lakkautettavat toimipisteet", public=False)
    count_all(timezone.now())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ryhmäytymisleiki", "ryhmäytymisleikki"),
        ("osalisuus", "osallisuus"),
        ("kiusaminen", "kiusaaminen"),
        ("Menetelmmä", "menetelmä"),
        ("nuoriso työ", "nuorisotyö"),
        ("nuorten osalisuus", "nuorten osallisuus"),
        ("saarijävi", "saarijärvi"),
    ],
)
def test_a_misspelt_search_is_answered_with_one_that_finds_something(published, typed, meant):
    assert suggestion(typed) == meant
    assert Issue.objects.matching(meant).exists()


@pytest.mark.parametrize(
    "typed", ["", "   ", "jalkapallo", "xyzzy", "osallisuus", "osalisuus -kunta", "abc", "!&|():*", "\0", "a" * 5_000]
)
def test_where_nothing_is_alike_nothing_is_suggested(published, typed):
    assert suggestion(typed) is None


def test_no_word_is_suggested_that_only_some_may_read(published):
    assert suggestion("salaisuuksen") is None
    assert suggestion("lakkautetavat") is None
    assert complete("salai") == []
    assert not Word.objects.filter(text__startswith="salai").exists()


def test_a_word_is_forgotten_with_the_last_row_that_everybody_may_read(published):
    Issue.objects.update(addressed_at=None)
    assert suggestion("osalisuus") is None
    count_all(timezone.now())
    assert not Word.objects.filter(text="osallisuus").exists()


def test_the_words_of_the_shared_lists_are_known(term):
    term("topics", "osallisuus", fi="Osallisuus ja vaikuttaminen", sv="Delaktighet")
    count_all(timezone.now())
    assert set(Word.objects.values_list("text", "language")) >= {("vaikuttaminen", "fi"), ("delaktighet", "sv")}


def test_a_half_typed_word_is_completed_with_the_most_frequent_first(published):
    assert complete("nuor")[0] == "nuori"
    assert set(complete("nuor")) >= {"nuori", "nuorisotyö", "nuorisotyöntekijä"}
    assert complete("hauska ryhmäyt") == ["hauska ryhmäytymisleikki"]
    assert complete("n") == complete("") == complete("100%") == complete("nuo_") == []


def test_a_word_with_two_meanings_counts_for_the_one_that_is_meant_elsewhere():
    written = {("nuoria", "fi"): 1, ("nuorten", "fi"): 2, ("skolor", "sv"): 1}
    assert dictionary_forms(written) == {("nuori", "fi"): 3, ("skolor", "sv"): 1}


def test_words_are_counted_anew_and_not_added_up(published):
    before = list(Word.objects.order_by("text").values_list("text", "count"))
    later = timezone.now() + timedelta(days=1)
    count_all(later)
    assert list(Word.objects.order_by("text").values_list("text", "count")) == before
    assert set(Word.objects.values_list("counted_at", flat=True)) == {later}


def test_a_suggestion_asks_few_questions(published):
    with CaptureQueriesContext(connection) as asked:
        suggestion("osalisuus kiusaminen")
    assert len(asked) <= 4 + len(searchable())  # each room is asked at most once whether it holds the better words
