"""Showing and hiding news, questions and pages from the form on the desk, in words that say who sees what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from networks.models import NewsItem, Page, Question
from plans.models import Plan


@pytest.fixture
def desk(world, sign_in):
    return sign_in(world.kaisa)


@pytest.fixture
def forms(world, term):
    """What a coordinator types, by the model's name."""
    common = {"area": world.area.pk, "order": 0, "published_at": ""}
    news = {"title": "Uutinen", "slug": "u", "summary": "Lyhyesti", "language": "fi", "visibility": "public"}
    kind = term("faq_categories", "yleista").pk
    return {
        "networks_newsitem": common | news,
        "networks_question": common | {"question": "Miksi?", "answer": "Siksi.", "category": kind},
        "networks_page": common | {"title": "Sivu", "slug": "s", "body": "<p>Sivu</p>"},
        "plans_plan": common
        | {
            "title": "Suunnitelma",
            "slug": "p",
            "starts_on": "2028-01-01",
            "ends_on": "2028-12-31",
            "goals-TOTAL_FORMS": 0,
            "goals-INITIAL_FORMS": 0,
        },
    }


MODELS = {"networks_newsitem": NewsItem, "networks_question": Question, "networks_page": Page, "plans_plan": Plan}


@pytest.mark.parametrize("name", MODELS)
def test_save_keeps_a_draft_and_the_buttons_show_and_hide(desk, forms, name):
    """Real use 37: a new one is seen by nobody until it is shown; what is shown is hidden by one button."""
    facts, model = forms[name], MODELS[name]
    add = reverse(f"admin:{name}_add")
    assert desk.get(add).context["adminform"].form.initial["published_at"] is None
    answer = desk.post(add, facts, follow=True)
    row = model.objects.get()
    assert row.published_at is None
    assert "Tämä on luonnos: vain koordinaattorit näkevät sen." in _words(answer)
    change = reverse(f"admin:{name}_change", args=[row.pk])
    desk.post(change, facts | {"_publish": "1"})
    assert list(model.objects.visible_to(row.area.coordinators.get().user)) == [row]
    page = desk.get(change)
    assert (page.context["is_shown"], page.context["may_be_hidden"]) == (True, True)
    desk.post(change, facts | {"published_at": "2026-01-01T09:00", "_hide": "1"})
    row.refresh_from_db()
    assert row.published_at is None


def _words(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_moment_ahead_is_told_with_its_readers(desk, forms, world):
    """Real use 37: until then only coordinators see it, and the desk's first page lists it with the drafts."""
    later = timezone.localtime(timezone.now() + timedelta(days=3))
    facts = forms["networks_newsitem"] | {"visibility": "members"}
    facts |= {"published_at": f"{later:%Y-%m-%dT%H:%M}"}
    answer = desk.post(reverse("admin:networks_newsitem_add"), facts, follow=True)
    (words, *_rest) = _words(answer)
    assert "näytetään alueen jäsenille" in words and "Siihen asti vain koordinaattorit näkevät sen." in words
    Page.objects.create(area=world.area, slug="luonnos", title="Luonnos", body="", published_at=None)
    rows = desk.get(reverse("admin:index")).context["texts_unpublished"]
    assert [(row.title, bool(row.published_at)) for row in rows] == [("Uutinen", True), ("Luonnos", False)]


def test_news_that_had_expired_is_shown_anew(desk, forms, world):
    """Real use 37: shown now, it forgets the day on which it expired."""
    past = timezone.now() - timedelta(days=2)
    row = NewsItem.objects.create(
        area=world.area, slug="u", title="Uutinen", summary="L", published_at=past, expires_at=past + timedelta(days=1)
    )
    typed = forms["networks_newsitem"]
    typed |= {"published_at": f"{timezone.localtime(row.published_at):%Y-%m-%dT%H:%M}"}
    typed |= {"expires_at": f"{timezone.localtime(row.expires_at):%Y-%m-%dT%H:%M}", "_publish": "1"}
    desk.post(reverse("admin:networks_newsitem_change", args=[row.pk]), typed)
    row.refresh_from_db()
    assert (row.state(timezone.now()), row.expires_at) == ("published", None)


def test_the_desk_of_another_area_shows_no_foreign_drafts(sign_in, world):
    """Real use 37: drafts are for the coordinators of their own area."""
    Page.objects.create(area=world.area, slug="luonnos", title="Luonnos", body="", published_at=None)
    assert sign_in(world.kerttu).get(reverse("admin:index")).context["texts_unpublished"] == []
