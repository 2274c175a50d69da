"""/healthz and /readyz: what machines that ask are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import User
from lib.models import FailedRow
from outbox.models import Delivery, Heartbeat


def test_the_process_answers_anybody(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_new_portal_is_ready(client, db):
    answer = client.get("/readyz")
    nothing = {"last_round_age": None, "oldest_waiting_age": None, "relay_lost_age": None, "failing_rows": 0}
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": True, **nothing})


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
def test_a_ledger_that_nobody_empties_needs_a_person(client, db, minutes, status):
    Heartbeat.objects.beat(timezone.now() - timedelta(minutes=minutes))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    assert minutes * 60 <= answer.json()["last_round_age"] < minutes * 60 + 30


def test_a_relay_that_is_long_away_needs_a_person(client, db):
    Heartbeat.objects.lost_relay(timezone.now() - timedelta(minutes=11), "connection refused")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["relay_lost_age"] >= 660) == (503, True)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_can_be_sent_there(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
def test_a_letter_that_waits_too_long_needs_a_person(client, db, minutes, status):
    written_at = timezone.now() - timedelta(minutes=minutes)
    Delivery.objects.queue([Delivery(kind="test", recipient="aino@example.org", subject="Hei", text="Hei")], written_at)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["oldest_waiting_age"] >= minutes * 60) == (status, True)


def test_rows_that_failed_three_times_are_counted_and_make_nothing_unready(client, db):
    now = timezone.now()
    for key, times in [(1, 2), (2, 3), (3, 4)]:
        for _time in range(times):
            FailedRow.objects.record("contacts.test", User, key, "OSError", now)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"], answer.json()["failing_rows"]) == (200, True, 2)
