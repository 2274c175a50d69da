"""Other words for the same thing, as the coordinator keeps them on the desk."""

from importlib import import_module

import pytest
from django.urls import reverse

from search import thesaurus
from search.models import ThesaurusEntry
from search.query import tsquery

WORDS = import_module("search.migrations.0002_thesaurus").WORDS


@pytest.mark.parametrize(
    ("searched", "other"),
    [
        ("nutalla", "nuokkari"),
        ("nuokkari", "nuorisotila"),
        ("spostit", "sähköposti"),
        ("itsetuhoinen", "itsemurha"),
        ("itsemurhat", "itsetuhoisuus"),
        ("sosiaalisessa mediassa", "some"),
        ("some", "sosiaalinen media"),
        ("ala-aste", "alakoulu"),
        ("fritidsgården", "ungdomsgård"),
    ],
)
def test_the_words_of_the_field_are_there_from_the_beginning(searched, other):
    """Real use 31: whoever looks for one of them finds the others, whatever form it is typed in."""
    assert other in thesaurus.words_in(thesaurus.index_of(WORDS), searched)


@pytest.mark.parametrize("searched", ["nuori", "talo", "media", "sosiaalinen", "nuokkari -nuta"])
def test_nothing_else_has_another_word(searched):
    assert thesaurus.words_in(thesaurus.index_of(WORDS), searched) == []


def test_a_pair_of_words_is_answered_with_another_and_stays_itself(db, matches):
    """Real use 31: “sosiaalinen media” finds “some”, and still both of its words."""
    asked = tsquery("nuoret sosiaalinen media", lambda word: ["some"] if word == "sosiaalinen media" else [])
    assert "'some'" in asked
    assert asked.count("&") == 2


def test_what_is_edited_on_the_desk_holds_at_once(client, world):
    """Real use 31: the coordinator keeps the thesaurus, and the next search knows it."""
    thesaurus.forget()
    client.force_login(world.kaisa)
    assert thesaurus.other_words("kamppeet") == []
    client.post(reverse("admin:search_thesaurusentry_add"), {"words": "kamppeet, varusteet", "is_active": "on"})
    entry = ThesaurusEntry.objects.get(words="kamppeet, varusteet")
    assert thesaurus.other_words("kamppeet") == ["varusteet"]
    client.post(reverse("admin:search_thesaurusentry_change", args=[entry.pk]), {"words": "kamppeet, varusteet"})
    assert thesaurus.other_words("kamppeet") == []


def test_one_word_alone_is_refused(client, world):
    client.force_login(world.kaisa)
    answer = client.post(reverse("admin:search_thesaurusentry_add"), {"words": "kamppeet", "is_active": "on"})
    assert not ThesaurusEntry.objects.filter(words="kamppeet").exists()
    assert answer.context["errors"]


def test_a_search_asks_for_other_words_only_now_and_then(db, django_assert_num_queries):
    thesaurus.forget()
    with django_assert_num_queries(1):
        assert thesaurus.other_words("jokin") == thesaurus.other_words("muu") == []
