"""News: drafted, published, later, expired; who reads what; the feed; pages and questions."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from networks.models import Page
from tests.leaks import assert_not_leaked

LIST, FEED = "networks:news-list", "networks:news-feed"
ATOM = "{http://www.w3.org/2005/Atom}"


def slugs(answer):
    return [item.slug for item in answer.context["page"]]


def test_the_newest_news_stand_first_and_pinned_ones_on_top(client, news, now):
    news("vanha", published_at=now - timedelta(days=3))
    news("uusi")
    news("kiinnitetty", published_at=now - timedelta(days=9), is_pinned=True)
    assert slugs(client.get(reverse(LIST))) == ["kiinnitetty", "uusi", "vanha"]


def test_drafts_later_and_expired_news_are_shown_to_nobody(client, sign_in, world, news, now):
    hidden = [
        news("luonnos", published_at=None),
        news("huomenna", published_at=now + timedelta(days=1)),
        news("mennyt", published_at=now - timedelta(days=2), expires_at=now - timedelta(minutes=1)),
    ]
    for person in [None, world.aino, world.kaisa]:
        if person:
            sign_in(person)
        assert slugs(client.get(reverse(LIST))) == []
        assert {client.get(item.get_absolute_url()).status_code for item in hidden} == {404}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (None, {"julkinen"}),
        ("niilo", {"julkinen"}),
        ("eetu", {"julkinen"}),
        ("kerttu", {"julkinen"}),
        ("vaino", {"julkinen"}),
        ("aino", {"julkinen", "jasenille"}),
        ("kaisa", {"julkinen", "jasenille", "suljetun"}),
        ("ulla", {"julkinen", "jasenille", "suljetun"}),
    ],
)
def test_everybody_reads_the_news_meant_for_them(client, sign_in, world, news, who, seen):
    items = [
        news("julkinen"),
        news("jasenille", visibility="members"),
        news("suljetun", visibility="members", network=world.closed),
    ]
    if who:
        sign_in(getattr(world, who))
    assert set(slugs(client.get(reverse(LIST)))) == seen
    for item in items:
        assert client.get(item.get_absolute_url()).status_code == (200 if item.slug in seen else 404)


def test_public_news_of_a_closed_network_do_not_name_it(client, world, news):
    item = news("avoin-uutinen", network=world.closed)
    page = client.get(item.get_absolute_url())
    assert page.context["network"] is None
    assert_not_leaked("Perusnuorisotyön verkosto", page)


def test_one_category_is_kept_and_an_unknown_one_keeps_all(client, news, term):
    news("raha", category=term("news_categories", "rahoitus"))
    news("muu", category=term("news_categories", "tiedote"))
    assert slugs(client.get(reverse(LIST), {"category": "rahoitus"})) == ["raha"]
    assert len(slugs(client.get(reverse(LIST), {"category": "tuntematon"}))) == 2


def test_a_long_list_has_pages(client, news, now):
    for number in range(12):
        news(f"u{number:02}", published_at=now - timedelta(hours=number + 1))
    assert slugs(client.get(reverse(LIST))) == [f"u{number:02}" for number in range(10)]
    assert slugs(client.get(reverse(LIST), {"page": 2})) == ["u10", "u11"]
    assert client.get(reverse(LIST), {"page": "x"}).status_code == 200


def test_dangerous_text_in_the_body_is_not_shown(client, news):
    item = news("vaara", body='<p>Hyvää</p><script>alert(1)</script><a href="javascript:alert(1)">x</a>')
    told = client.get(item.get_absolute_url()).content.decode()
    assert "<p>Hyvää</p>" in told
    assert "alert(1)" not in told


def test_the_language_of_each_item_is_marked(client, news):
    news("pa-svenska", language="sv", title="På svenska")
    assert (
        '<h1 lang="sv">På svenska</h1>'
        in client.get(reverse("networks:news-detail", args=["pa-svenska"])).content.decode()
    )


def test_many_news_ask_no_more_than_one(queries, news, term):
    news("eka", category=term("news_categories", "tiedote"))
    one = queries(reverse(LIST))
    for number in range(24):
        news(f"u{number}", category=term("news_categories", f"laji-{number}"))
    assert queries(reverse(LIST)) == one


# the feed


def feed(client):
    answer = client.get(reverse(FEED))
    return answer, ElementTree.fromstring(answer.content)


def test_the_feed_tells_public_news_only_even_to_a_member(sign_in, world, news, settings):
    news("julkinen", title="Hakuaika alkoi")
    news("jasenille", visibility="members")
    news("luonnos", published_at=None)
    answer, atom = feed(sign_in(world.aino))
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert [entry.find(f"{ATOM}title").text for entry in atom.iter(f"{ATOM}entry")] == ["Hakuaika alkoi"]
    link = atom.find(f"{ATOM}entry/{ATOM}link").get("href")
    assert link == settings.SITE_URL + reverse("networks:news-detail", args=["julkinen"])


def test_the_feed_never_believes_the_host_header(client, news, settings):
    settings.ALLOWED_HOSTS = ["*"]
    news("julkinen")
    answer = client.get(reverse(FEED), headers={"host": "evil.example.com"})
    assert "evil.example.com" not in answer.content.decode()


# pages and questions


@pytest.fixture
def written(world):
    return Page.objects.create(
        area=world.area, slug="tietoa", title="Tietoa", body="<p>Koordinaatio.</p><script>1</script>"
    )


def test_a_page_is_read_by_everybody(client, written):
    page = client.get(written.get_absolute_url())
    assert page.status_code == 200
    assert "<p>Koordinaatio.</p>" in page.content.decode()
    assert "<script>1" not in page.content.decode()


@pytest.mark.parametrize("moment", [None, "later"])
def test_a_page_that_is_not_published_is_not_found(client, sign_in, world, written, now, moment):
    Page.objects.update(published_at=now + timedelta(days=1) if moment else None)
    assert client.get(written.get_absolute_url()).status_code == 404
    assert sign_in(world.kaisa).get(written.get_absolute_url()).status_code == 404


def test_the_same_address_may_stand_in_two_areas(client, world, written):
    other = Page.objects.create(area=world.other_area, slug="tietoa", title="Tietoa muualla", body="<p>Muu.</p>")
    assert client.get(other.get_absolute_url()).context["page"] == other
    assert client.get(written.get_absolute_url()).context["page"] == written


def test_questions_are_told_by_category_and_a_closed_networks_own_stay_inside(client, sign_in, world, question):
    open_one = question("Kuka voi liittyä?")
    inside = question("Miten kummitoiminta toimii?", network=world.closed)
    question("Kesken", published_at=None)
    page = reverse("networks:question-list")
    assert list(client.get(page).context["questions"]) == [open_one]
    assert list(sign_in(world.niilo).get(page).context["questions"]) == [open_one]
    assert list(sign_in(world.kaisa).get(page).context["questions"]) == [open_one, inside]


def test_many_questions_ask_no_more_than_one(queries, question, term):
    question("Eka?")
    one = queries(reverse("networks:question-list"))
    for number in range(24):
        question(f"Kysymys {number}?", category=term("faq_categories", f"laji-{number}"))
    assert queries(reverse("networks:question-list")) == one
