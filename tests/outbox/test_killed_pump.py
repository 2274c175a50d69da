"""A pump that is killed in the middle of a send loses nothing, and what it repeats bears the same name and date."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from outbox.models import Delivery, State
from outbox.models.state import LEASE
from outbox.pump import send_waiting

LETTERS, KILLS = 400, 3
WORKER = "import django; django.setup(); from outbox.tasks import pump; pump()"


def database_url():
    known = connection.settings_dict
    place = quote(known["HOST"] or "localhost", safe="")
    port = f":{known['PORT']}" if known["PORT"] else ""
    login = quote(known["USER"], safe="") + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
    return f"postgres://{login}@{place}{port}/{known['NAME']}"


def start_worker(port):
    env = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "youthnet.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=settings.BASE_DIR)


def wait_for_letters(relay, count, seconds=60):
    ends = time.monotonic() + seconds
    while len(relay.letters) < count:
        assert time.monotonic() < ends, "the pump did not send in time"
        time.sleep(0.01)


@pytest.mark.stack
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_when_the_pump_is_killed_again_and_again(queue, relay):
    now = timezone.now()
    rows = [queue(f"person{number}@example.org", now=now) for number in range(LETTERS)]

    def slowly(server):
        time.sleep(0.01)
        return "250 OK"

    relay.on_data = {row.recipient: slowly for row in rows}
    for kill in range(1, KILLS + 1):
        worker = start_worker(relay.port)
        wait_for_letters(relay, kill * 20)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(timeout=10) == -signal.SIGKILL
        assert Delivery.objects.waiting().count() > 0

    later = now + LEASE + timedelta(minutes=2)
    send_waiting(clock=lambda: later)

    assert set(relay.recipients) == {row.recipient for row in rows}
    assert len(relay.letters) - LETTERS <= KILLS * settings.OUTBOX_LANES
    assert [row.state for row in Delivery.objects.all()] == [State.SENT] * LETTERS
    for row in rows:
        [(message_id, _date)] = relay.identities(row.recipient)
        assert message_id == row.message_id
