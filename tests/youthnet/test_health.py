"""/healthz and /readyz: what machines that ask are told."""

import os
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from lib.models import FailedRow
from outbox.models import Delivery, Heartbeat
from servers import health_probe
from youthnet.celery import app
from youthnet.processes import beat
from youthnet.processes.beat import Scheduler, alive_file


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


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
def test_a_clock_that_ticks_no_more_needs_a_person(client, db, minutes, status):
    """Real use 18: whoever watches learns that beat is gone, and not the workers."""
    now = timezone.now()
    Heartbeat.objects.beat(now)
    Heartbeat.objects.tick(now - timedelta(minutes=minutes), now - timedelta(hours=2))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    assert minutes * 60 <= answer.json()["clock_age"] < minutes * 60 + 30 and answer.json()["clock_up"] >= 7200


@pytest.mark.parametrize(
    ("round_age", "clock_age", "clock_up", "silence"),
    [
        (300, 3, 900, 300),
        (300, 300, 900, None),
        (300, 3, 10, 10),
        (5, 3, 900, 5),
        (300, None, None, 300),
        (None, 3, 900, None),
    ],
)
def test_a_worker_is_blamed_only_as_far_as_the_clock_woke_it(monkeypatch, round_age, clock_age, clock_up, silence):
    """Real use 18: with beat dead no worker is started again; with beat just started it has its time to wake up."""
    ages = {"last_round_age": round_age, "clock_age": clock_age, "clock_up": clock_up, "relay_lost_age": None}
    monkeypatch.setattr(health_probe, "_ask", lambda url: (200, ages))
    assert health_probe.silence("http://127.0.0.1:1") == silence
    assert health_probe.main(["letters", "http://127.0.0.1:1"]) == int((silence or 0) > health_probe.SILENCE)


def test_the_probe_of_the_clock_looks_at_its_file(tmp_path, machine_clock):
    """Real use 18: the check of the compose file; a clock that has not begun yet is given its time."""
    file = tmp_path / "alive"
    assert health_probe.main(["clock", str(file)]) == 0
    file.touch()
    assert health_probe.main(["clock", str(file)]) == 0
    os.utime(file, (0, 0))
    assert health_probe.main(["clock", str(file)]) == 1
    assert health_probe.main(["clock"]) == 2


def test_the_clock_shows_its_life_and_outlives_a_database_that_is_away(db, settings, tmp_path, monkeypatch):
    """Real use 18: the file and the row at each tick; without the database the file alone, and beat goes on."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)  # the test's own would be closed with them
    clock = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    clock.show_life()
    assert alive_file().exists() and Heartbeat.objects.get().clock_ticked_at is not None
    alive_file().unlink()

    def away(*args):
        raise OperationalError("away")

    monkeypatch.setattr(type(Heartbeat.objects), "tick", away)
    clock.show_life()
    assert alive_file().exists()
    clock.close()
    assert app.conf.beat_scheduler == "youthnet.processes.beat:Scheduler"


def test_the_desk_tells_that_the_clock_is_away(sign_in, world):
    """Real use 18: in words for the coordinator."""
    Heartbeat.objects.tick(timezone.now() - timedelta(minutes=6), timezone.now() - timedelta(hours=1))
    warnings = sign_in(world.kaisa).get(reverse("admin:index")).context["warnings"]
    assert [warning for warning in warnings if "beat" in warning]
