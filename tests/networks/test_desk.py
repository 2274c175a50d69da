"""Networks, memberships, news, pages and questions on the coordinator's desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.models import User
from networks.models import Membership, Network, NewsItem, Page, Question
from outbox.models import Delivery

MODELS = ["network", "membership", "newsitem", "page", "question"]


def changelist(model):
    return reverse(f"admin:networks_{model}_changelist")


def change(thing):
    return reverse(f"admin:networks_{thing._meta.model_name}_change", args=[thing.pk])


def add(model):
    return reverse(f"admin:networks_{model}_add")


def shown(answer):
    return set(answer.context["cl"].queryset)


def act(client, model, name, *rows):
    return client.post(changelist(model), {"action": name, "_selected_action": [row.pk for row in rows]})


def letters():
    return [(row.kind, row.recipient) for row in Delivery.objects.order_by("pk")]


@pytest.fixture
def rows(world, news, question):
    """One row of each kind in Kaisa's area, besides its networks."""
    page = Page.objects.create(area=world.area, slug="tietoa", title="Tietoa", body="")
    return {
        "network": world.iso,
        "membership": world.iso.membership_of(world.aino),
        "newsitem": news("uutinen"),
        "page": page,
        "question": question("Kuka voi liittyä?"),
    }


@pytest.mark.parametrize("model", MODELS)
def test_the_desk_is_closed_to_visitors_members_and_the_disabled(client, sign_in, world, model):
    assert client.get(changelist(model)).status_code == 302
    for person in [world.aino, world.niilo, world.eetu, world.vaino]:
        assert sign_in(person).get(changelist(model)).status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_rows_of_the_own_area_are_opened_and_others_are_not_found(sign_in, world, rows, model):
    row = rows[model]
    client = sign_in(world.kaisa)
    assert row in shown(client.get(changelist(model)))
    assert client.get(change(row)).status_code == 200
    client = sign_in(world.kerttu)
    assert row not in shown(client.get(changelist(model)))
    for answer in [client.get(change(row)), client.post(change(row), {})]:
        assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("model", MODELS)
def test_actions_do_not_reach_rows_of_another_area(sign_in, world, rows, model):
    before = rows[model].__class__.objects.count()
    act(sign_in(world.kerttu), model, "delete_selected", rows[model])
    assert rows[model].__class__.objects.count() == before


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_made_for_another_area(sign_in, world, term, model):
    forms = {
        "network": {"area": world.area.pk, "name_fi": "X", "slug": "x", "kind": world.iso.kind.pk},
        "membership": {"network": world.iso.pk, "user": world.kerttu.pk},
        "newsitem": {"area": world.area.pk, "title": "X", "slug": "x", "summary": "X", "language": "fi"},
        "page": {"area": world.area.pk, "title": "X", "slug": "x", "body": "<p>X</p>", "order": 0},
        "question": {"area": world.area.pk, "question": "X", "answer": "X", "order": 0},
    }
    answer = sign_in(world.kerttu).post(add(model), forms[model])
    assert answer.status_code == 200
    assert {"area", "network"} & set(answer.context["adminform"].form.errors)


# networks


def network_form(world, **more):
    return {
        "area": world.area.pk,
        "name_fi": "Koulunuorisotyö",
        "slug": "koulu",
        "kind": world.iso.kind.pk,
        "tasks": "Jakaa menetelmiä\nKokoaa tunnusluvut",
        "ground_rules": "",
        "visibility": "public",
        "joining": "approval",
        "order": 3,
        "municipalities": [world.towns.saarijarvi.pk],
    } | more


def test_a_coordinator_makes_a_network(sign_in, world):
    assert sign_in(world.kaisa).post(add("network"), network_form(world)).status_code == 302
    made = Network.objects.get(slug="koulu")
    assert (made.area, made.tasks, made.ground_rules) == (world.area, ["Jakaa menetelmiä", "Kokoaa tunnusluvut"], [])


def test_the_only_area_is_chosen_already(sign_in, world):
    form = sign_in(world.kaisa).get(add("network")).context["adminform"].form
    assert form.initial["area"] == world.area.pk


def test_a_network_is_ended_and_not_deleted(sign_in, world):
    url = reverse("admin:networks_network_delete", args=[world.iso.pk])
    assert sign_in(world.kaisa).post(url, {"post": "yes"}).status_code == 403
    form = network_form(world, slug="iso", name_fi="ISO", founded_on="2019-03-01", ended_on="2026-12-31")
    assert sign_in(world.kaisa).post(change(world.iso), form).status_code == 302
    world.iso.refresh_from_db()
    assert world.iso.ended_on.year == 2026


# memberships


def test_requests_are_approved_from_the_list_and_the_people_are_told(sign_in, world, now):
    asked = world.iso.receive_request(world.niilo, now=now)
    act(sign_in(world.kaisa), "membership", "approve", asked)
    assert world.iso.membership_of(world.niilo).decided_by == world.kaisa
    assert letters() == [("networks.approved", "niilo@example.org")]


def test_requests_are_refused_from_the_list_and_the_people_are_told(sign_in, world, now):
    asked = world.iso.receive_request(world.niilo, now=now)
    act(sign_in(world.kaisa), "membership", "refuse", asked)
    assert world.iso.membership_of(world.niilo) is None
    assert letters() == [("networks.refused", "niilo@example.org")]


@pytest.mark.parametrize("verb", ["approve", "refuse", "end"])
def test_the_coordinator_of_another_area_decides_nothing(sign_in, world, now, verb):
    asked = world.iso.receive_request(world.niilo, now=now)
    act(sign_in(world.kerttu), "membership", verb, asked)
    assert world.iso.membership_of(world.niilo).is_waiting is True
    assert letters() == []


def test_a_member_is_neither_approved_nor_refused_again(sign_in, world):
    membership = world.iso.membership_of(world.aino)
    act(sign_in(world.kaisa), "membership", "approve", membership)
    act(sign_in(world.kaisa), "membership", "refuse", membership)
    assert world.iso.membership_of(world.aino).is_active is True
    assert letters() == []


def test_a_membership_is_ended_and_its_history_stays(sign_in, world):
    membership = world.iso.membership_of(world.aino)
    act(sign_in(world.kaisa), "membership", "end", membership)
    assert world.iso.membership_of(world.aino) is None
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_coordinator_takes_a_person_in_and_the_person_is_told(sign_in, world, term):
    role = term("network_roles", "yhteyshenkilo")
    form = {"network": world.iso.pk, "user": world.niilo.pk, "role": role.pk, "represents": world.employer.pk}
    assert sign_in(world.kaisa).post(add("membership"), form).status_code == 302
    membership = world.iso.membership_of(world.niilo)
    assert (membership.is_active, membership.role, membership.represents) == (True, role, world.employer)
    assert letters() == [("networks.approved", "niilo@example.org")]


def test_nobody_is_taken_in_twice(sign_in, world):
    answer = sign_in(world.kaisa).post(add("membership"), {"network": world.iso.pk, "user": world.aino.pk})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors()
    assert world.aino.memberships.count() == 1


def test_one_who_waits_is_let_in(sign_in, world, now):
    world.iso.receive_request(world.niilo, now=now)
    sign_in(world.kaisa).post(add("membership"), {"network": world.iso.pk, "user": world.niilo.pk})
    assert world.niilo.memberships.get().is_active is True
    assert letters() == [("networks.approved", "niilo@example.org")]


def test_history_is_not_rewritten_by_hand(sign_in, world, term):
    membership = world.iso.membership_of(world.aino)
    role = term("network_roles", "sihteeri")
    forged = {"role": role.pk, "user": world.niilo.pk, "network": world.closed.pk, "left_at": "2026-01-01T10:00"}
    sign_in(world.kaisa).post(change(membership), forged)
    kept = Membership.objects.get(pk=membership.pk)
    assert (kept.role, kept.user, kept.network, kept.left_at) == (role, world.aino, world.iso, None)


def test_the_list_keeps_those_who_wait(sign_in, world, now):
    asked = world.iso.receive_request(world.niilo, now=now)
    client = sign_in(world.kaisa)
    assert shown(client.get(changelist("membership"), {"state": "waiting"})) == {asked}
    assert asked not in shown(client.get(changelist("membership"), {"state": "active"}))
    assert shown(client.get(changelist("membership"), {"state": "over"})) == set()


# news


def news_form(world, **more):
    return {
        "title": "Hakuaika alkoi",
        "slug": "hakuaika-alkoi",
        "summary": "Haku päättyy pian.",
        "body": "<p>Hae heti.</p>",
        "language": "fi",
        "area": world.area.pk,
        "visibility": "public",
    } | more


def test_news_without_a_moment_are_a_draft_and_with_one_they_are_published(sign_in, client, world):
    sign_in(world.kaisa).post(add("newsitem"), news_form(world))
    item = NewsItem.objects.get()
    assert (item.author, item.published_at) == (world.kaisa, None)
    sign_in(world.kaisa).post(change(item), news_form(world, published_at="2026-01-02T09:00"))
    client.logout()
    assert client.get(item.get_absolute_url()).status_code == 200


def test_news_are_published_later_by_themselves(world, news, now):
    item = news("huomenna", published_at=now + timedelta(hours=1))
    moments = [now, now + timedelta(hours=2)]
    assert [item.state(moment) for moment in moments] == ["scheduled", "published"]
    assert [NewsItem.objects.published(moment).count() for moment in moments] == [0, 1]


def test_news_expire_by_themselves(world, news, now):
    item = news("mennyt", expires_at=now + timedelta(hours=1))
    moments = [now, now + timedelta(hours=2)]
    assert [item.state(moment) for moment in moments] == ["published", "expired"]
    assert [NewsItem.objects.published(moment).count() for moment in moments] == [1, 0]


def test_news_that_expire_before_they_are_published_are_refused(sign_in, world):
    form = news_form(world, published_at="2026-01-02T09:00", expires_at="2026-01-01T09:00")
    answer = sign_in(world.kaisa).post(add("newsitem"), form)
    assert answer.context["adminform"].form.non_field_errors()
    assert NewsItem.objects.count() == 0


def test_news_are_published_and_taken_back_from_the_list(sign_in, client, world, news):
    item = news("luonnos", published_at=None)
    act(sign_in(world.kaisa), "newsitem", "publish", item)
    assert client.get(item.get_absolute_url()).status_code == 200
    act(sign_in(world.kaisa), "newsitem", "unpublish", item)
    assert client.get(item.get_absolute_url()).status_code == 404


def test_publishing_again_forgets_an_expiry_that_has_passed_and_keeps_one_that_lies_ahead(news, now):
    expired = news("mennyt", published_at=now - timedelta(days=3), expires_at=now - timedelta(days=1))
    assert expired.publish(now) is True
    assert (expired.published_at, expired.expires_at) == (now, None)
    ahead = news("luonnos", published_at=None, expires_at=now + timedelta(days=1))
    ahead.publish(now)
    assert ahead.expires_at == now + timedelta(days=1)


def test_publishing_what_is_published_changes_nothing(news, now):
    item = news("uutinen")
    before = item.published_at
    assert item.publish(now) is False
    assert item.published_at == before


@pytest.mark.parametrize("verb", ["publish", "unpublish"])
def test_news_of_another_area_are_neither_published_nor_taken_back(sign_in, world, news, verb):
    item = news("luonnos", published_at=None)
    live = news("julkinen")
    act(sign_in(world.kerttu), "newsitem", verb, item, live)
    assert [NewsItem.objects.get(pk=row.pk).published_at for row in [item, live]] == [None, live.published_at]


@pytest.mark.parametrize("model", MODELS)
def test_long_lists_ask_no_more_than_short_ones(sign_in, world, rows, queries, news, question, term, now, model):
    sign_in(world.kaisa)
    one = queries(changelist(model))
    for number in range(24):
        network = Network.objects.create(area=world.area, slug=f"n{number}", name_fi=f"N{number}", kind=world.iso.kind)
        person = User.objects.create_user(f"p{number}@example.org", organisation=world.employer)
        world.iso.take_in(person, now=now, role=term("network_roles", "jasen"), represents=world.employer)
        news(f"u{number}", category=term("news_categories", "tiedote"))
        Page.objects.create(area=world.area, slug=f"s{number}", title=f"S{number}", body="")
        question(f"K{number}?", network=network)
    assert queries(changelist(model)) == one
    assert Question.objects.count() == 25
