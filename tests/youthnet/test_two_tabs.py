"""Two tabs, or two people, with the same row: no save undoes another unseen, and nothing that was typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Meeting
from methods.models import Collection
from networks.models import NewsItem
from tests.page_forms import form_with, signed_in_browser


@pytest.fixture
def news(world):
    facts = {"area": world.area, "slug": "uutinen", "title": "Kevään kiertue", "summary": "Kiertue alkaa."}
    return NewsItem.objects.create(**facts, body="<p>Tervetuloa.</p>", published_at=None)


@pytest.fixture
def meeting(world, term):
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    facts = {"title": "Tapaaminen", "mode": Meeting.ONLINE, "slug": "tapaaminen", "summary": "Kevään kuviot."}
    facts |= {"area": world.area, "kind": term("event_types", "verkostotapaaminen"), "visibility": "members"}
    facts |= {"join_url": "https://kokous.example.org/1"}
    made = Meeting.objects.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **facts)
    made.networks.set([world.iso])
    return made


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


def url_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(browser, row):
    return form_with(browser.get(url_of(row)), "form_version")


def tabs(browser, row, first, second):
    """Two tabs are opened, both type, both save; the answers of both."""
    forms = [opened(browser, row) | typed for typed in (first, second)]
    return [browser.post(url_of(row), form) for form in forms]


def asked(page):
    return [(each.name, each.mine, each.theirs) for each in page.context["merged"].conflicts]


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def test_the_second_tab_does_not_undo_the_first_and_shows_both(kaisa, news):
    """Real use 7: the second save won in silence."""
    first, second = tabs(kaisa, news, {"title": "Syksyn kiertue"}, {"title": "Talven kiertue"})
    assert (first.status_code, second.status_code) == (302, 200)
    assert asked(second) == [("title", "Talven kiertue", "Syksyn kiertue")]
    assert fresh(news).title == "Syksyn kiertue"
    assert form_with(second, "form_version")["title"] == ["Talven kiertue"]


def test_what_only_the_other_changed_is_kept_without_a_question(kaisa, news):
    """Real use 7: the old value of a box nobody touched is no wish."""
    first, second = tabs(kaisa, news, {"title": "Syksyn kiertue"}, {"summary": "Lähde mukaan."})
    assert (first.status_code, second.status_code) == (302, 302)
    assert (fresh(news).title, fresh(news).summary) == ("Syksyn kiertue", "Lähde mukaan.")


@pytest.mark.parametrize(("choice", "title"), [("mine", "Talven kiertue"), ("theirs", "Syksyn kiertue")])
def test_the_person_keeps_one_of_both_and_all_else_that_was_typed(kaisa, news, choice, title):
    """Real use 7: "keep mine" and "take theirs", field by field."""
    _first, second = tabs(
        kaisa, news, {"title": "Syksyn kiertue"}, {"title": "Talven kiertue", "summary": "Lähde mukaan."}
    )
    answer = kaisa.post(url_of(news), form_with(second, "form_version") | {"keep-title": choice})
    assert answer.status_code == 302
    assert (fresh(news).title, fresh(news).summary) == (title, "Lähde mukaan.")


def test_without_a_choice_it_is_asked_again(kaisa, news):
    _first, second = tabs(kaisa, news, {"title": "Syksyn kiertue"}, {"title": "Talven kiertue"})
    third = kaisa.post(url_of(news), form_with(second, "form_version"))
    assert asked(third) == asked(second)
    assert fresh(news).title == "Syksyn kiertue"


def test_a_third_save_before_the_choice_is_shown_too(kaisa, news):
    _first, second = tabs(kaisa, news, {"title": "Syksyn kiertue"}, {"title": "Talven kiertue"})
    kaisa.post(url_of(news), opened(kaisa, news) | {"title": "Kesän kiertue"})
    third = kaisa.post(url_of(news), form_with(second, "form_version") | {"keep-title": "mine"})
    assert asked(third) == [("title", "Talven kiertue", "Kesän kiertue")]


def test_both_who_typed_the_same_are_asked_nothing(kaisa, news):
    answers = tabs(kaisa, news, {"title": "Sama"}, {"title": "Sama"})
    assert [answer.status_code for answer in answers] == [302, 302]


def test_each_kind_of_box_is_told_in_words(kaisa, meeting, term, world):
    """Real use 7: a meeting has days, choices, many choices and long texts."""
    kind = term("event_types", "koulutus")
    starts_at = timezone.localtime(meeting.starts_at)
    day = f"{starts_at + timedelta(days=1):%Y-%m-%d}"
    theirs = {"starts_at": f"{day}T13:00", "ends_at": f"{day}T15:00", "kind": kind.pk}
    theirs |= {"networks": [world.iso.pk, world.closed.pk], "summary": "Uusi."}
    other = f"{starts_at + timedelta(days=2):%Y-%m-%d}"
    mine = {"starts_at": f"{other}T13:00", "ends_at": f"{other}T15:00", "networks": [], "summary": "Oma."}
    first, second = tabs(kaisa, meeting, theirs, mine)
    assert first.status_code == 302
    shown = {name: (mine, theirs) for name, mine, theirs in asked(second)}
    assert set(shown) == {"starts_at", "ends_at", "networks", "summary"}
    assert shown["summary"] == ("Oma.", "Uusi.")
    assert world.closed.name_fi in shown["networks"][1]
    assert "13" in shown["starts_at"][0]
    assert form_with(second, "form_version")["kind"] == [str(kind.pk)]


def test_a_row_that_one_may_not_choose_is_told_by_its_number_only(kaisa, meeting, world):
    """Another area's network, forged into the form, is not named by the question."""
    forms = [opened(kaisa, meeting) | {"networks": [pk]} for pk in (world.closed.pk, world.elsewhere.pk)]
    assert kaisa.post(url_of(meeting), forms[0]).status_code == 302
    page = kaisa.post(url_of(meeting), forms[1])
    assert ("networks", str(world.elsewhere.pk), world.closed.name_fi) in asked(page)
    assert world.elsewhere.name_fi not in page.content.decode()


@pytest.mark.parametrize("version", ["[" * 100_000, "{", '["title"]', '{"title": {"a": 1}}'])
def test_a_version_that_is_none_breaks_nothing(kaisa, news, version):
    assert kaisa.post(url_of(news), opened(kaisa, news) | {"form_version": version}).status_code in (200, 302)


# rows under a row


@pytest.fixture
def items(meeting):
    rows = [AgendaItem(meeting=meeting, order=n, title=f"Kohta {n}", minutes=10) for n in (1, 2)]
    return AgendaItem.objects.bulk_create(rows)


def test_a_row_below_is_merged_and_asked_about_too(kaisa, meeting, items):
    """Real use 7: the inlines of a page of the desk."""
    first, second = tabs(
        kaisa, meeting,
        {"agenda-0-title": "Avaus", "agenda-1-minutes": "15"},
        {"agenda-0-title": "Alku", "agenda-1-title": "Kuulumiset"},
    )  # fmt: skip
    assert (first.status_code, second.status_code) == (302, 200)
    assert asked(second) == [("agenda-0-title", "Alku", "Avaus")]
    kaisa.post(url_of(meeting), form_with(second, "form_version") | {"keep-agenda-0-title": "mine"})
    rows = [(row.title, row.minutes) for row in meeting.agenda.order_by("order")]
    assert rows == [("Alku", 10), ("Kuulumiset", 15)]


def test_a_row_that_was_added_meanwhile_stays(kaisa, meeting, items):
    form = opened(kaisa, meeting) | {"agenda-0-title": "Alku"}
    AgendaItem.objects.create(meeting=meeting, order=3, title="Kahvi", minutes=5)
    assert kaisa.post(url_of(meeting), form).status_code == 302
    assert [row.title for row in meeting.agenda.order_by("order")] == ["Alku", "Kohta 2", "Kahvi"]


def test_a_row_that_was_removed_meanwhile_goes_when_nobody_touched_it(kaisa, meeting, items):
    form = opened(kaisa, meeting) | {"agenda-1-title": "Kuulumiset"}
    items[0].delete()
    assert kaisa.post(url_of(meeting), form).status_code == 302
    assert [row.title for row in meeting.agenda.all()] == ["Kuulumiset"]


def test_a_row_that_was_removed_meanwhile_comes_back_with_what_was_typed(kaisa, meeting, items):
    """Real use 7: nothing that was typed is lost."""
    form = opened(kaisa, meeting) | {"agenda-0-title": "Tärkeä kohta"}
    items[0].delete()
    page = kaisa.post(url_of(meeting), form)
    assert (page.status_code, page.context["merged"].removed) == (200, ["Tärkeä kohta"])
    assert kaisa.post(url_of(meeting), form_with(page, "form_version")).status_code == 302
    assert sorted(row.title for row in meeting.agenda.all()) == ["Kohta 2", "Tärkeä kohta"]


def test_a_page_that_was_removed_meanwhile_gives_back_what_was_typed(kaisa, news):
    """Real use 7: Django leads to the first page with a message, and the text is gone."""
    form = opened(kaisa, news) | {"summary": "Pitkä teksti."}
    news.delete()
    page = kaisa.post(url_of(news), form)
    assert (page.status_code, "Pitkä teksti." in dict(page.context["typed"]).values()) == (409, True)
    assert "Pitkä teksti." in page.content.decode()


# pages beside the desk


def typed_twice(browser, url, first, second):
    forms = [form_with(browser.get(url), "form_version") | typed for typed in (first, second)]
    return [browser.post(url, form) for form in forms]


def test_a_page_of_ones_own_is_merged_and_asked_about_too(world, sign_in):
    """Real use 7: every page that changes a row, not the desk alone."""
    now = timezone.now()
    plan = Collection.objects.create(owner=world.aino, title="Ryhmäytys", created_at=now, changed_at=now)
    url, aino = reverse("methods:collection-edit", args=[plan.pk]), sign_in(world.aino)
    first, second = typed_twice(aino, url, {"title": "Alku", "note": "Leirille"}, {"title": "Lämmittely"})
    assert (first.status_code, second.status_code) == (302, 422)
    (conflict,) = second.context["form"].conflicts
    assert (conflict.mine, conflict.theirs) == ("Lämmittely", "Alku")
    aino.post(url, form_with(second, "form_version") | {"keep-title": "mine"})
    assert (fresh(plan).title, fresh(plan).note) == ("Lämmittely", "Leirille")


def test_an_item_of_an_agenda_is_asked_about_on_its_own_page(kaisa, meeting, items):
    url = reverse("meetings:item-edit", args=[items[0].pk])
    first, second = typed_twice(kaisa, url, {"minutes": "15"}, {"minutes": "20", "title": "Alku"})
    assert (first.status_code, second.status_code) == (302, 422)
    assert [(each.mine, each.theirs) for each in second.context["form"].conflicts] == [("20", "15")]
    assert second.content.decode().count('name="keep-minutes"') == 2


def test_the_timeline_of_a_network_is_asked_about(kaisa, world):
    """Real use 7: a page of the desk that is no form of one row."""
    url = reverse("admin:meetings_meeting_timeline", args=[world.iso.pk])
    first, second = typed_twice(kaisa, url, {"invitation_days": "20"}, {"invitation_days": "25", "coming_hour": "9"})
    assert (first.status_code, second.status_code) == (302, 200)
    assert [(each.mine, each.theirs) for each in second.context["form"].conflicts] == [("25", "20")]


def test_ones_own_details_are_asked_about(world, sign_in):
    url, aino = reverse("contacts:me-edit"), sign_in(world.aino)
    first, second = typed_twice(aino, url, {"title": "Ohjaaja"}, {"title": "Suunnittelija"})
    assert (first.status_code, second.context["form"].conflicts[0].theirs) == (302, "Ohjaaja")


# at the same moment


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_in_the_same_instant_one_is_saved_and_the_other_is_asked(world, news):
    """Real use 7: the second waits for the first, and sees what it has saved."""
    browser = signed_in_browser(world.kaisa)
    forms = [opened(browser, news) | {"title": title} for title in ("Syksyn kiertue", "Talven kiertue")]
    start = Barrier(2)

    def save(form):
        own = Client()
        own.force_login(world.kaisa)
        start.wait()
        try:
            return own.post(url_of(news), form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(save, forms)) == [200, 302]


def test_a_form_without_a_version_is_saved_as_ever(kaisa, news):
    form = {name: value for name, value in opened(kaisa, news).items() if not name.endswith("form_version")}
    kaisa.post(url_of(news), opened(kaisa, news) | {"title": "Syksyn kiertue"})
    assert kaisa.post(url_of(news), form | {"title": "Talven kiertue"}).status_code == 302
