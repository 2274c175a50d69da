"""What becomes of letters when something dies while they are sent. ONLY=storm,cut_off tries some scenarios only."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from benchmarks.environment import Environment
from benchmarks.mail.fault_run import FaultRun
from benchmarks.mail.relays import OwnSink, own_sink
from benchmarks.report import Figure

CONNECTIONS = 4
RELAY_AWAY = 10.0  # seconds


@dataclass(frozen=True)
class Size:
    letters: int  # of each scenario
    kills: int
    delay: float  # seconds before each answer of the sink, so that there is time for a fault


SMALL = Size(letters=400, kills=2, delay=0.01)
FULL = Size(letters=20_000, kills=6, delay=0.002)


@dataclass(frozen=True)
class Scenario:
    """What is done to whom, and how the sink behaves meanwhile."""

    name: str
    act: Callable[[FaultRun, Size], None]
    behaviour: dict[str, Any] = field(default_factory=dict)


def measure(stage: Environment, full: bool) -> Iterator[Figure]:
    only = os.environ.get("ONLY", "").replace(",", " ").split()
    with own_sink(stage.folder / "taken") as sink:
        stage.env |= {"EMAIL_URL": sink.relay.url, "OUTBOX_LANES": str(CONNECTIONS)}
        stage.start_web()
        stage.start_work()
        for scenario in SCENARIOS:
            if not only or scenario.name in only:
                yield from tried(stage, sink, scenario, FULL if full else SMALL)


def tried(stage: Environment, sink: OwnSink, scenario: Scenario, size: Size) -> Iterator[Figure]:
    stage.say(f"{scenario.name}: {size.letters} letters.")
    stage.calm_down()
    sink.behave(**GOOD | {"delay": size.delay} | scenario.behaviour)
    trial = FaultRun(stage, sink, scenario.name, size.letters, CONNECTIONS)
    trial.start()
    scenario.act(trial, size)
    trial.finish()
    yield from trial.figures()


GOOD = {"pipelining": True, "door": "open", "later": 0, "never": 0, "cut": 0}


# --- what happens ---


def _nothing(trial: FaultRun, size: Size) -> None:
    """The behaviour of the sink is enough."""


def _worker_killed(trial: FaultRun, size: Size) -> None:
    for share in _spread(size.kills):
        trial.after(share)
        trial.kill("Worker")


def _redis_emptied(trial: FaultRun, size: Size) -> None:
    for share in _spread(3):
        trial.after(share)
        trial.record_fault()
        _empty_redis()


def _redis_killed(trial: FaultRun, size: Size) -> None:
    """It keeps nothing: what was in it is gone."""
    for share in _spread(2):
        trial.after(share)
        trial.kill("Redis")


def _postgres_killed(trial: FaultRun, size: Size) -> None:
    for share in _spread(2):
        trial.after(share)
        trial.kill("PostgreSQL")


def _backend_killed(trial: FaultRun, size: Size) -> None:
    """PostgreSQL ends all connections and puts itself in order when one of its processes is killed."""
    for share in _spread(2):
        trial.after(share)
        backend = trial.answer(_busy_backend)
        trial.record_fault(CONNECTIONS)
        os.kill(backend, signal.SIGKILL)


def _relay_gone(trial: FaultRun, size: Size, door: str = "shut") -> None:
    trial.after(0.4)
    trial.sink.behave(door=door)
    trial.stage.wait(lambda: False, RELAY_AWAY)
    trial.sink.behave(door="open")
    trial.record_fault(CONNECTIONS)


def _relay_busy(trial: FaultRun, size: Size) -> None:
    _relay_gone(trial, size, door="busy")


def _storm(trial: FaultRun, size: Size) -> None:
    trial.after(0.2)
    trial.kill("Worker")
    trial.after(0.4)
    trial.record_fault()
    _empty_redis()
    trial.after(0.6)
    trial.kill("Worker")


SCENARIOS = [
    Scenario("worker_killed", _worker_killed),
    Scenario("redis_emptied", _redis_emptied),
    Scenario("redis_killed", _redis_killed),
    Scenario("postgres_killed", _postgres_killed),
    Scenario("backend_killed", _backend_killed),
    Scenario("relay_gone", _relay_gone),
    Scenario("relay_busy", _relay_busy),
    Scenario("defer", _nothing, {"later": 10}),  # 451 for a tenth of the people, at their first attempt
    Scenario("refused", _nothing, {"never": 4}),  # 550 for one in 25
    Scenario("cut_off", _nothing, {"cut": 100}),  # the line breaks after every 100th letter, before that was answered
    Scenario("stepwise", _worker_killed, {"pipelining": False}),
    Scenario("storm", _storm, {"later": 5, "never": 4, "cut": 100}),
]


def _spread(times: int) -> list[float]:
    return [(number + 1) / (times + 2) for number in range(times)]


def _empty_redis() -> None:
    with suppress(redis.RedisError):
        redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://")).flushall()


def _busy_backend() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " ORDER BY query_start DESC NULLS LAST LIMIT 1"
        )
        found = cursor.fetchone()
        return found[0] if found else None
