"""A Celery worker as in production, at a fixed hour, between a broker with messages and a relay that takes mail."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from kombu import Connection

ROOM = 7  # the number of the database in Redis that nobody else uses
PATIENCE = 180.0
KEYS = ("celery", "unacked", "unacked_index")  # the queue, and what was taken from it

# `celery -A youthnet worker`, with the clock of the installation that was upgraded.
CELERY = """
import sys, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv.pop(1)), tick=True).start()
from celery.__main__ import main
main()
"""
WORKER = ["-A", "youthnet", "worker", "--pool", "solo", "--loglevel", "INFO"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Relay:
    """Takes every letter: (envelope sender, recipient, bytes)."""

    def __init__(self):
        self.letters = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 OK"

    @contextmanager
    def listening(self):
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def own_room(redis_url):
    """The same Redis, another database of it."""
    if redis_url.startswith("redis+socket:"):
        return f"{redis_url}?virtual_host={ROOM}"
    return urlsplit(redis_url)._replace(path=f"/{ROOM}").geturl()


def work_off(messages, now, environment, log):
    """Put messages into the broker, raw, and run a worker until it has done them and all that came of them."""
    with Connection(environment["REDIS_URL"]) as broker:
        redis = broker.default_channel.client
        redis.delete(*KEYS)
        redis.lpush("celery", *messages)
        with log.open("wb") as out:
            argv = [sys.executable, "-c", CELERY, now.isoformat(), *WORKER]
            worker = subprocess.Popen(argv, stdout=out, stderr=out, env={**os.environ, **environment})
            try:
                _wait_until_idle(redis, worker)
            finally:
                worker.terminate()
                worker.wait(PATIENCE)
        redis.delete(*KEYS)


def _wait_until_idle(redis, worker):
    """A message leaves the queue before it stands among those not acknowledged: so look three times."""
    ends, idle = time.monotonic() + PATIENCE, 0
    while idle < 3:
        time.sleep(0.1)
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < ends, "the worker did not come to an end"
        idle = 0 if redis.llen("celery") or redis.hlen("unacked") else idle + 1
