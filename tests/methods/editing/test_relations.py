"""Authors together, related methods, larger wholes and lines of descent."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from methods.models import Method
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


def test_an_author_takes_in_a_colleague_who_then_may_edit(world, method, sign_in, client):
    made = method(state="draft")
    answer = sign_in(world.aino).post(
        f"/en/methods/{made.slug}/authors/", {"action": "invite", "person": world.matti.pk}
    )
    assert answer.status_code == 302
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient, letter.reply_to) == (
        "method-coauthor",
        "matti@example.org",
        ["aino@example.org"],
    )
    client.force_login(world.matti)
    assert client.get(f"/en/methods/{made.slug}/edit/").status_code == 200


@pytest.mark.parametrize("person", ["niilo", "eetu", "kerttu", "ulla", "vaino", "aino"])
def test_only_active_members_of_ones_own_networks_are_offered(world, method, sign_in, person):
    made = method(state="draft")
    sent = {"action": "invite", "person": getattr(world, person).pk}
    assert sign_in(world.aino).post(f"/en/methods/{made.slug}/authors/", sent).status_code == 422
    assert (made.co_authors.count(), Delivery.objects.count()) == (0, 0)


def test_whoever_leaves_hands_the_first_place_on(world, method, sign_in):
    made = method(state="draft")
    made.add_author(world.matti)
    sign_in(world.aino).post(f"/en/methods/{made.slug}/authors/", {"action": "leave"})
    made.refresh_from_db()
    assert (made.author, made.author_pks()) == (world.matti, [world.matti.pk])


def test_the_last_author_stays(world, method, sign_in):
    made = method(state="draft")
    answer = sign_in(world.aino).post(f"/en/methods/{made.slug}/authors/", {"action": "leave"}, follow=True)
    assert [m.level_tag for m in answer.context["messages"]] == ["error"]
    made.refresh_from_db()
    assert made.author == world.aino


def test_a_coordinator_who_leaves_what_was_never_theirs_changes_nothing(world, method, sign_in):
    made = method(state="draft")
    sign_in(world.kaisa).post(f"/en/methods/{made.slug}/authors/", {"action": "leave"})
    made.refresh_from_db()
    assert made.author_pks() == [world.aino.pk]


@pytest.mark.parametrize("page", ["authors", "links"])
@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404), ("aino", 200), ("kaisa", 200)]
)
def test_bonds_are_made_by_the_authors_and_the_coordinator(world, method, client, page, person, status):
    made = method()
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{made.slug}/{page}/").status_code == status


def test_related_methods_show_each_other(world, method, sign_in, client):
    made, other = method(), method("Toinen menetelmä", author=world.matti)
    links = f"/en/methods/{made.slug}/links/"
    sign_in(world.aino)
    assert list(client.get(links, {"q": "toinen"}).context["found"]) == [other]
    client.post(links, {"action": "relate", "other": other.slug})
    assert list(client.get(made.get_absolute_url()).context["related"]) == [other]
    client.logout()
    assert list(client.get(other.get_absolute_url()).context["related"]) == [made]
    client.force_login(world.matti)
    client.post(f"/en/methods/{other.slug}/links/", {"action": "unrelate", "other": made.slug})
    assert made.related.count() == 0


def test_what_one_may_not_see_cannot_be_linked_and_is_not_shown(world, method, sign_in, client):
    made, hidden = method(), method("Salainen luonnos", state="draft", author=world.matti)
    links = f"/en/methods/{made.slug}/links/"
    assert sign_in(world.aino).post(links, {"action": "relate", "other": hidden.slug}).status_code == 404
    made.related.add(hidden)
    client.logout()
    assert_not_leaked("Salainen", client.get(made.get_absolute_url()))


def test_a_model_belongs_to_a_larger_whole_and_both_show_it(world, method, sign_in, client):
    whole, part = method("Iso kokonaisuus", kind="method", author=world.matti), method("Osa siitä")
    sign_in(world.aino).post(f"/en/methods/{part.slug}/links/", {"action": "join", "other": whole.slug})
    assert client.get(part.get_absolute_url()).context["whole"] == whole
    assert list(client.get(whole.get_absolute_url()).context["parts"]) == [part]
    client.post(f"/en/methods/{part.slug}/links/", {"action": "leave"})
    part.refresh_from_db()
    assert part.part_of is None


def test_wholes_and_parts_are_two_levels(world, method, sign_in):
    whole, part, third = method("Kokonaisuus"), method("Osa"), method("Kolmas")
    part.join(whole)
    client = sign_in(world.aino)
    for lower, upper in [(third, part), (whole, third), (whole, part)]:
        client.post(f"/en/methods/{lower.slug}/links/", {"action": "join", "other": upper.slug})
        lower.refresh_from_db()
        assert lower.part_of is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Method.objects.filter(pk=third.pk).update(part_of=third.pk)


def test_a_line_of_descent_is_shown_with_thanks_all_the_way(world, method, client):
    first = method("Ensimmäinen")
    second = method("Toinen", derived_from=first, credits="Kiitos ensimmäiselle.")
    third = method("Kolmas", derived_from=second, credits="Kiitos toiselle.")
    page = client.get(third.get_absolute_url())
    assert page.context["forebears"] == [second, first]
    assert "Kiitos ensimmäiselle." in page.content.decode()
    assert list(client.get(first.get_absolute_url()).context["derivatives"]) == [second]


def test_a_hidden_forebear_is_passed_over(world, method, client):
    first = method("Ensimmäinen")
    second = method("Salainen välivaihe", derived_from=first, credits="Kiitos.", visibility="members")
    third = method("Kolmas", derived_from=second, credits="Kiitos.")
    page = client.get(third.get_absolute_url())
    assert page.context["forebears"] == [first]
    assert_not_leaked("Salainen", page)


def test_a_line_that_bites_its_own_tail_ends(world, method):
    first = method("Ensimmäinen")
    second = method("Toinen", derived_from=first, credits="Kiitos.")
    Method.objects.filter(pk=first.pk).update(derived_from=second)
    first.refresh_from_db()
    assert {each.pk for each in Method.objects.forebears_of(first)} == {second.pk}


def test_the_page_asks_as_much_with_many_bonds_as_with_few(method, client, django_assert_num_queries):
    made = method()

    def tie(number):
        other = method(f"Muu {number}", derived_from=made, credits="Kiitos.", part_of=made)
        made.related.add(other)

    tie(0)
    client.get(made.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(made.get_absolute_url())
    for number in range(1, 25):
        tie(number)
    with django_assert_num_queries(len(few)):
        client.get(made.get_absolute_url())
