"""Several people press at once: no name is lost, and no wish is taken back under somebody's hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import User
from lib.exceptions import Refused
from meetings.models import Wish

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Each act in a connection of its own; tells which were refused."""

    def run(act):
        try:
            act()
            return False
        except Refused:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def propose(world, title, person):
    return Wish.objects.propose(person, timezone.now(), area=world.area, title=title)


def test_joining_two_wishes_while_others_support_loses_nobody(world):
    now = timezone.now()
    one, two = propose(world, "Yksi", world.aino), propose(world, "Kaksi", world.matti)
    people = [User.objects.create_user(f"n{number}@example.org", name=f"N{number}") for number in range(6)]

    def support(person):
        try:
            Wish.objects.get(pk=one.pk).support(person, now)
        except Refused:  # it was joined a moment before: the page leads on to the other
            Wish.objects.get(pk=two.pk).support(person, now)

    joins = [lambda: Wish.objects.get(pk=one.pk).merge_into(two, now)]
    at_once(*[lambda person=person: support(person) for person in people[:3]], *joins,
            *[lambda person=person: support(person) for person in people[3:]])  # fmt: skip
    assert (two.supports.count(), one.supports.count()) == (8, 0)


def test_a_wish_is_either_taken_back_or_supported(world):
    for number in range(6):
        wish = propose(world, f"Toive {number}", world.aino)
        refused = at_once(
            lambda wish=wish: Wish.objects.get(pk=wish.pk).withdraw(timezone.now()),
            lambda wish=wish: Wish.objects.get(pk=wish.pk).support(world.matti, timezone.now()),
        )
        wish.refresh_from_db()
        assert sum(refused) == 1
        assert (wish.withdrawn_at is None) == wish.supports.filter(user=world.matti).exists()


def test_one_training_is_made_however_many_press(world, term):
    wish = propose(world, "Yksi", world.aino)
    kind, starts_at = term("event_types", "koulutus"), timezone.now() + timedelta(days=40)
    facts = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3), "kind": kind}
    acts = [lambda: Wish.objects.get(pk=wish.pk).become_training(timezone.now(), **facts)] * 3
    assert sorted(at_once(*acts)) == [False, True, True]
