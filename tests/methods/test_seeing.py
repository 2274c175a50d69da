"""Who sees which method, and who does not."""

import pytest
from django.contrib.auth.models import AnonymousUser

from contacts.models import User
from methods.models import Method
from tests.leaks import assert_not_leaked

EVERYBODY = {"nobody", "niilo", "aino", "matti", "eetu", "kaisa", "kerttu", "ulla"}


def who_sees(world, method):
    """The names of those who find the method; asked anew, because a person remembers the own networks."""
    people = {name: User.objects.get(pk=getattr(world, name).pk) for name in EVERYBODY - {"nobody"}}
    people["nobody"] = AnonymousUser()
    return {name for name, user in people.items() if Method.objects.visible_to(user).filter(pk=method.pk).exists()}


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("public", EVERYBODY),
        ("members", {"aino", "matti", "kaisa", "ulla"}),
        ("network", {"aino", "matti", "kaisa", "ulla"}),
        ("coordinators", {"aino", "kaisa", "kerttu", "ulla"}),
    ],
)
def test_a_published_method_is_seen_by_those_it_is_shown_to(world, method, visibility, readers):
    made = method(visibility=visibility, network=world.iso if visibility == "network" else None)
    assert who_sees(world, made) == readers


def test_a_method_for_one_network_is_not_seen_by_another_network(world, method):
    made = method(visibility="network", network=world.closed, author=world.kaisa)
    assert who_sees(world, made) == {"kaisa", "ulla"}


@pytest.mark.parametrize("state", ["draft", "waiting", "returned", "archived"])
def test_what_is_not_published_is_seen_by_its_author_and_the_areas_coordinator_only(world, method, state):
    assert who_sees(world, method(state=state)) == {"aino", "kaisa", "ulla"}


def test_a_co_author_sees_the_draft_and_may_edit_it(world, method, sign_in):
    made = method(state="draft")
    assert sign_in(world.matti).get(f"/en/methods/{made.slug}/edit/").status_code == 404
    made.co_authors.add(world.matti)
    assert who_sees(world, made) == {"aino", "matti", "kaisa", "ulla"}
    assert sign_in(world.matti).get(f"/en/methods/{made.slug}/edit/").status_code == 200


def test_a_disabled_coordinator_sees_no_drafts(world, method, client):
    made = method(state="waiting")
    client.force_login(world.kaisa)
    User.objects.filter(pk=world.kaisa.pk).update(is_active=False)
    assert client.get(f"/en/methods/{made.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("person", "status"),
    [(None, 404), ("niilo", 404), ("matti", 404), ("eetu", 404), ("kerttu", 404), ("aino", 200), ("kaisa", 200)],
)
def test_a_drafts_page_is_not_there_for_outsiders(world, method, client, person, status):
    made = method(state="draft")
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{made.slug}/").status_code == status


@pytest.mark.parametrize(
    ("person", "status"),
    [(None, 302), ("niilo", 403), ("matti", 404), ("eetu", 404), ("kerttu", 404), ("aino", 200), ("kaisa", 200)],
)
@pytest.mark.parametrize("state", ["draft", "published"])
def test_only_the_author_and_the_coordinator_edit(world, method, client, person, status, state):
    made = method(state=state)
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{made.slug}/edit/").status_code == status


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404), ("aino", 302), ("kaisa", 302)]
)
def test_only_the_author_and_the_coordinator_archive(world, method, client, person, status):
    made = method()
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"/en/methods/{made.slug}/archive/").status_code == status
    made.refresh_from_db()
    assert made.is_archived == (person in ("aino", "kaisa"))


def test_an_archived_method_can_be_put_back(world, method, sign_in):
    made = method(state="archived")
    assert sign_in(world.aino).post(f"/en/methods/{made.slug}/archive/").status_code == 302
    made.refresh_from_db()
    assert made.state == "published"


@pytest.mark.parametrize(("person", "status"), [(None, 302), ("niilo", 403), ("aino", 200), ("kaisa", 200)])
@pytest.mark.parametrize("address", ["new/", "mine/"])
def test_members_write_and_others_are_told_how_to_join(world, words, client, person, status, address):
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{address}").status_code == status


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 404), ("aino", 404), ("eetu", 404), ("kaisa", 200), ("kerttu", 200)]
)
def test_the_review_list_is_for_coordinators(world, client, person, status):
    if person:
        client.force_login(getattr(world, person))
    assert client.get("/en/methods/reviews/").status_code == status


def test_a_coordinator_sees_only_the_own_areas_waiting_methods(world, method, client):
    made = method(state="waiting")
    client.force_login(world.kaisa)
    assert list(client.get("/en/methods/reviews/").context["page"]) == [made]
    client.force_login(world.kerttu)
    assert list(client.get("/en/methods/reviews/").context["page"]) == []


def test_my_methods_are_mine(world, method, sign_in):
    own, _other = method("Oma menetelmä", state="returned"), method("Toisen menetelmä", author=world.matti)
    assert list(sign_in(world.aino).get("/en/methods/mine/").context["page"]) == [own]


def test_a_private_original_is_not_named_on_the_page_of_its_adaptation(world, method, client):
    original = method("Salainen alkuperäinen", visibility="members")
    adapted = method("Julkinen muunnelma", derived_from=original, credits="Kiitos.")
    assert_not_leaked("Salainen", client.get(f"/en/methods/{adapted.slug}/"))
    client.force_login(world.matti)
    assert b"Salainen" in client.get(f"/en/methods/{adapted.slug}/").content


def test_text_of_authors_is_shown_as_text(world, method, client):
    evil = "<script>alert(1)</script>"
    made = method(f"Otsikko {evil}", summary=evil, goal=evil, debrief=[evil], keywords=[evil], author_role=evil)
    for page in (f"/en/methods/{made.slug}/", "/en/methods/", "/en/methods/?q=" + evil):
        html = client.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_source_that_is_no_web_address_is_refused(world, typed, sign_in):
    answer = sign_in(world.aino).post("/en/methods/new/?kind=method", typed(source_url="javascript:alert(1)"))
    assert answer.status_code == 422
    assert Method.objects.count() == 0


def test_good_practices_can_be_shared_with_coordinators_of_all_areas(world, method, client):
    made = method("Vain koordinaattoreille", visibility="coordinators")
    for person, status in [(None, 404), ("niilo", 404), ("eetu", 404), ("matti", 404), ("kerttu", 200), ("kaisa", 200)]:
        client.logout()
        if person:
            client.force_login(User.objects.get(pk=getattr(world, person).pk))
        assert client.get(made.get_absolute_url()).status_code == status
        listed = "Vain koordinaattoreille" in client.get("/en/methods/?q=koordinaattori").content.decode()
        assert listed == (status == 200)
