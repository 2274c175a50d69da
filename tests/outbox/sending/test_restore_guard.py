"""A database restored from a backup mails nobody by itself; a coordinator looks first, and lets the letters go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from outbox.models import Delivery, Heartbeat, State
from outbox.sending import restore_guard

AINO = "aino@example.org"
NIGHT = timedelta(hours=9)


@pytest.fixture
def old_database(queue, worker, relay, now):
    """Rounds were made until now, of which a database of last night knows nothing; a letter waits in it."""
    worker(now)
    Heartbeat.objects.update(last_round_at=now - NIGHT)
    queue(AINO, now=now - NIGHT)
    return now


def test_a_new_installation_sends(queue, worker, relay, now):
    queue()
    assert worker(now) == 1
    assert restore_guard.held_since(now) is None


def test_a_database_that_forgot_rounds_of_this_machine_is_held(old_database, worker, relay, now):
    assert worker(now + timedelta(minutes=1)) == 0
    assert worker(now + timedelta(hours=5)) == 0
    assert relay.letters == []
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert Heartbeat.objects.get().held_at == now + timedelta(minutes=1)


def test_a_database_in_another_home_is_held(queue, worker, relay, now):
    worker(now)
    Heartbeat.objects.update(home="another/1")
    queue()
    assert worker(now + timedelta(minutes=1)) == 0


def test_fresh_sign_in_codes_leave_all_the_same(old_database, queue, worker, relay, now):
    queue("vanha@example.org", now=now - NIGHT, secret=True)
    later = now + timedelta(minutes=1)
    worker(later)
    queue("koodi@example.org", now=later, secret=True)
    assert worker(later) == 1
    assert relay.recipients == ["koodi@example.org"]


def test_once_release_everything_leaves(old_database, worker, relay, now):
    worker(now + timedelta(minutes=1))
    assert Heartbeat.objects.release() and not Heartbeat.objects.release()
    assert worker(now + timedelta(minutes=2)) == 1
    assert relay.recipients == [AINO]


def test_clocks_that_disagree_a_little_hold_nothing(queue, worker, relay, now):
    worker(now)
    Heartbeat.objects.update(last_round_at=now - timedelta(minutes=5))
    queue()
    assert worker(now + timedelta(seconds=1)) == 1


def test_the_coordinator_sees_it_on_the_desk_and_lets_the_letters_go(old_database, worker, client, world, now):
    worker(now + timedelta(minutes=1))
    path = reverse("admin:outbox_mailing_release")
    for user, status in [(None, 302), (world.aino, 302), (world.kaisa, 302)]:
        if user:
            client.force_login(user)
        assert client.post(path).status_code == status
        assert (Heartbeat.objects.get().held_at is None) is (user == world.kaisa)
    assert client.get(path).status_code == 405


def test_looking_at_the_desk_lets_nothing_go(old_database, worker, client, world, now):
    worker(now + timedelta(minutes=1))
    client.force_login(world.kaisa)
    page = client.get(reverse("admin:index"))
    assert reverse("admin:outbox_mailing_release") in page.text
    assert Heartbeat.objects.get().held_at is not None
