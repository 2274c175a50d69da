"""The search page when nothing holds all the words: what holds some, and filters for numbers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from methods.models import Method
from networks.models import NewsItem


@pytest.fixture
def news(world):
    def make(title, **more):
        now = timezone.now()
        slug = f"uutinen-{NewsItem.objects.count()}"
        made = NewsItem.objects.create(area=world.area, slug=slug, title=title, published_at=now, **more)
        made.index()
        return made

    return make


@pytest.fixture
def method(world):
    def make(title, **more):
        moments = dict.fromkeys(["created_at", "changed_at", "submitted_at", "published_at"], timezone.now())
        slug = f"menetelma-{Method.objects.count()}"
        made = Method.objects.create(area=world.area, slug=slug, title=title, kind="method", **moments, **more)
        made.index()
        return made

    return make


def search(client, words, **more):
    return client.get(reverse("search"), {"q": words, **more})


def hits(answer):
    return [(str(hit.title), hit.left_out) for results in answer.context["results"] for hit in results.hits]


def test_what_holds_some_of_the_words_is_named_as_such_with_those_left_out(client, news, method):
    """Real use 31: before, a search of three words that nothing holds showed nothing."""
    news("Ujo esiintyjä lavalla")
    method("Ujon nuoren leikki")
    news("Jotain muuta")
    answer = search(client, "ujo leikki lavalla ")
    assert hits(answer) == [
        ("<mark>Ujon</mark> nuoren <mark>leikki</mark>", ["lavalla"]),
        ("<mark>Ujo</mark> esiintyjä <mark>lavalla</mark>", ["leikki"]),
    ]
    assert answer.context["total"] == 0
    assert "<del>leikki</del>" in answer.content.decode()


def test_where_something_holds_all_of_them_nothing_else_is_shown(client, news):
    """Real use 31: partial matches never stand among full ones."""
    news("Ujo esiintyjä lavalla")
    news("Ujo kahvihetki")
    assert hits(search(client, "ujo esiintyjä")) == [("<mark>Ujo</mark> <mark>esiintyjä</mark> lavalla", [])]


def test_what_only_members_may_see_is_no_partial_match_of_others(client, world, news):
    """Real use 31: `visible_to` holds for every search."""
    news("Ujo esiintyjä lavalla", network=world.iso, visibility="network")
    assert hits(search(client, "ujo laulaja")) == []
    client.force_login(world.aino)
    assert hits(search(client, "ujo laulaja")) == [("<mark>Ujo</mark> esiintyjä lavalla", ["laulaja"])]


@pytest.mark.parametrize("page", ["search", "methods:method-list"])
def test_numbers_are_offered_as_filters(client, term, page):
    """Real use 31: a number is no word of a method."""
    term("group_sizes", "iso", fi="Yli 15", minimum=16)
    term("group_sizes", "pieni", fi="Pieni", minimum=2, maximum=15)
    answer = client.get(reverse(page), {"q": "leikki 20 nuorta 13-vuotiaille"})
    address = reverse("methods:method-list") + "?age=13&amp;group_size=iso&amp;q=leikki"
    assert f'href="{address}"' in answer.content.decode()
    without = client.get(reverse(page), {"q": "leikki"})
    assert "group_size=iso&amp;q=leikki" not in without.content.decode()


def test_the_method_bank_shows_what_holds_some_of_the_words(client, method):
    """Real use 31: the same on the bank's own page, and nothing of it in what is kept or handed on."""
    method("Ujon nuoren leikki")
    answer = client.get(reverse("methods:method-list"), {"q": "ujo leikki avaruudessa"})
    assert [(each.title, each.left_out) for each in answer.context["page"]] == [("Ujon nuoren leikki", ["avaruudessa"])]
    table = client.get(reverse("methods:export-csv"), {"q": "ujo leikki avaruudessa"})
    assert "Ujon" not in b"".join(table).decode("utf-8-sig")
