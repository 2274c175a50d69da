"""The facts by which somebody notices that letters no longer leave."""

from datetime import timedelta

from outbox.health import status


def test_an_empty_ledger_that_was_never_pumped_says_so(db, now):
    assert status(now) == {
        "waiting": 0,
        "oldest_waiting_seconds": 0,
        "last_round_at": None,
        "relay_lost_at": None,
        "held_at": None,
        "clock_ticked_at": None,
        "clock_started_at": None,
    }


def test_the_oldest_overdue_letter_is_told_in_seconds(queue, now):
    queue()
    queue("eetu@example.org", now=now + timedelta(minutes=5))
    facts = status(now + timedelta(minutes=10))
    assert (facts["waiting"], facts["oldest_waiting_seconds"]) == (2, 600)


def test_a_letter_that_is_put_off_is_not_overdue(queue, relay, worker, now):
    relay.on_recipient["aino@example.org"] = "450 later"
    queue()
    worker()
    assert status(now + timedelta(seconds=30))["oldest_waiting_seconds"] == 0


def test_a_round_leaves_its_heartbeat(queue, worker, now):
    queue()
    worker()
    assert status(now) == {
        "waiting": 0,
        "oldest_waiting_seconds": 0,
        "last_round_at": now,
        "relay_lost_at": None,
        "held_at": None,
        "clock_ticked_at": None,
        "clock_started_at": None,
    }
