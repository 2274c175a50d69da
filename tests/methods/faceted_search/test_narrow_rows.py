"""The narrow row says of a method what the method says of itself, whatever happens to it."""

import random
from time import sleep

import pytest
from django.contrib.auth.models import AnonymousUser

from contacts.models import User
from methods.faceted_search.facet_index import OPEN, facet_index, seen_by
from methods.models import Findable, Method, Review
from tests.methods.conftest import MONDAY
from tests.methods.test_seeing import EVERYBODY

COPIED = [
    "area_id", "network_id", "author_id", "visibility", "published_at", "archived_at", "kind", "municipality_id",
    "preparation_id", "stage_id", "age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max",
]  # fmt: skip


def people(world):
    found = [User.objects.get(pk=getattr(world, name).pk) for name in sorted(EVERYBODY - {"nobody"})]
    return [*found, User.objects.get(pk=world.vaino.pk), AnonymousUser()]


def assert_agree(world):
    """Each narrow row has the method's columns, and each person sees the same by both and in the facet index."""
    assert sorted(Findable.objects.of_methods().values_list("pk", *COPIED)) == sorted(
        Method.objects.values_list("pk", *COPIED)
    )
    snapshot = facet_index.refresh()
    for person in people(world):
        wide = set(Method.objects.visible_to(person).values_list("pk", flat=True))
        assert wide == set(Findable.objects.visible_to(person).of_methods().values_list("pk", flat=True))
        listed = set(Method.objects.visible_to(person).published().values_list("pk", flat=True))
        assert listed == set(snapshot.in_order(seen_by(person, snapshot)))


@pytest.mark.parametrize("seed", range(3))
def test_narrow_rows_show_nobody_more_or_less_than_the_methods_do(world, method, seed):
    chance = random.Random(seed)
    authors = [world.aino, world.matti, world.kaisa]
    for number in range(12):
        visibility = chance.choice(["public", "members", "network", "coordinators"])
        made = method(
            f"Menetelmä {number}",
            state=chance.choice(["draft", "waiting", "returned", "published", "published", "archived"]),
            author=chance.choice(authors),
            visibility=visibility,
            network=chance.choice([world.iso, world.closed, world.elsewhere]) if visibility == "network" else None,
        )
        made.co_authors.set(chance.sample([world.eetu, world.niilo, world.matti], chance.randrange(3)))
        if chance.random() < 0.3:
            Method.objects.filter(pk=made.pk).update(area=world.other_area)
    assert_agree(world)


def test_every_change_reaches_the_narrow_row_at_once(world, method, words):
    made = method(state="waiting")
    for change in [
        lambda: Review.objects.give(made, world.ulla, "accepted", "", MONDAY),
        lambda: made.archive(MONDAY),
        lambda: made.restore(),
        lambda: Method.objects.filter(pk=made.pk).update(visibility="members", municipality=world.towns.saarijarvi),
        lambda: Method.objects.filter(pk=made.pk).update(visibility="network", network=world.iso),
        lambda: made.co_authors.add(world.eetu),
        lambda: made.co_authors.clear(),
        lambda: Method.objects.filter(pk=made.pk).update(author=None, age_min=3),
        lambda: world.matti.delete(),
    ]:
        change()
        if world.matti.pk is None:
            break
        assert_agree(world)


def test_what_the_desk_changes_is_seen_by_the_new_readers_only(world, method, sign_in, client):
    from tests.methods.test_desk import change, sent

    made = method()
    desk = sign_in(world.kaisa)
    answer = desk.post(change(made), sent(desk, made) | {"keywords": "", "visibility": "members"})
    assert answer.status_code == 302, answer.context["errors"]
    client.logout()
    assert client.get("/en/methods/").context["filter"].count == 0
    assert_agree(world)


def test_a_deleted_method_and_one_that_a_rollback_undid_leave_the_facet_index(world, method):
    kept, gone = method("Pysyvä"), method("Poistuva")
    assert facet_index.refresh().having(OPEN).bit_count() == 2
    gone.delete()
    snapshot = facet_index.refresh()
    assert list(snapshot.in_order(snapshot.having(OPEN))) == [kept.pk]
    assert facet_index.settled.bits == {}  # of a transaction that is still open nothing is remembered
    assert Findable.objects.of_methods().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_learns_what_others_have_written_since(world, method):
    first = method("Ensimmäinen")
    for _patience in range(240):  # what is settled, is so when no older transaction of the whole server is open
        facet_index.refresh()
        if facet_index.settled.newest:
            break
        sleep(0.25)
    assert facet_index.settled.newest == [first.pk]
    second = method("Toinen")
    Method.objects.filter(pk=first.pk).update(visibility="members")
    snapshot = facet_index.refresh()
    assert list(snapshot.in_order(snapshot.having(OPEN))) == [second.pk]
    second.delete()
    assert facet_index.refresh().having(OPEN) == 0
