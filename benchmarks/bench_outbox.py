"""How fast letters leave: ours beside others to the same sink, to a far relay, and as a coordinator feels it."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

from django.core.mail import send_mail
from django.utils import timezone

from benchmarks.environment import Environment
from benchmarks.mail import sample_messages as letters
from benchmarks.mail import senders, worker_process
from benchmarks.mail.relays import OwnSink, Relay, own_sink, quickest_relay
from benchmarks.report import Figure
from contacts.models import User
from lib.tasks import wake
from outbox.models import Heartbeat, Mailing
from outbox.tasks import send_queued
from servers import ServerError, child_process
from servers.portal import PROJECT_DIR

PATIENCE = 180.0
FAR, CONNECTIONS = 0.005, 32  # seconds of one round trip, and the connections that make up for it


@dataclass(frozen=True)
class Size:
    rounds: int
    letters: int  # of each round, for ours and the two quick ones
    django: int  # the slow one sends fewer
    far: int
    many: int  # the large sending


SMALL = Size(rounds=2, letters=2_000, django=500, far=2_000, many=20_000)
FULL = Size(rounds=5, letters=20_000, django=4_000, far=20_000, many=100_000)


def measure(stage: Environment, full: bool) -> Iterator[Figure]:
    size = FULL if full else SMALL
    with quickest_relay() as relay:
        yield from compare(stage, relay, size)
    with own_sink() as far:
        far.behave(delay=FAR)
        yield far_relay(stage, far.relay, size)
    with own_sink(stage.folder / "taken") as sink:
        yield from live(stage, sink, size)


# --- beside others, in rounds by turns ---


def compare(stage: Environment, relay: Relay, size: Size) -> Iterator[Figure]:
    rates: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)  # seconds a letter

    def record(name: str, count: int, seconds: float, processor: float) -> None:
        rates[name].append(count / seconds)
        cpu[name].append(processor / count)

    others = [(senders.raw_pipelined, size.letters), (senders.plain_smtplib, size.letters)]
    for turn in range(1, size.rounds + 1):
        stage.say(f"Round {turn} of {size.rounds} to {relay.name}.")
        for sender, count in [*others, (senders.django_mail, size.django)]:
            recipients = [address for address, _name, _number in letters.readers("muut", count)]
            before = time.process_time()
            record(sender.__name__, count, sender(relay, recipients), time.process_time() - before)
        used = worker(stage, relay, f"kierros{turn}", size.letters, OUTBOX_LANES=str(CONNECTIONS))
        record("ours", size.letters, used["seconds"], used["cpu"])
    yield from _rates(rates, size)
    yield Figure("times_django", _ratio(rates, "django_mail"), "times", (">=", 7), "median of the rounds' ratios")
    yield Figure("share_of_raw", _ratio(rates, "raw_pipelined"), "times", (">=", 0.4), "the same")
    ours, django = (median(cpu[name]) * 1e6 for name in ("ours", "django_mail"))
    note = f"of the worker, which signs two links for each reader; django_mail {django:.0f}"
    yield Figure("cpu_per_letter", ours, "us", ("<=", 80), note)


def _rates(rates: dict[str, list[float]], size: Size) -> Iterator[Figure]:
    notes = {
        "raw_pipelined": "bare sockets, one connection, one letter made beforehand",
        "plain_smtplib": "smtplib, one connection, one letter made beforehand",
        "django_mail": f"EmailMultiAlternatives, one connection, two templates; {size.django} letters a round",
        "ours": f"from the queue until all are marked sent, {CONNECTIONS} connections; {size.letters} letters a round",
    }
    for name, note in notes.items():
        yield Figure(name, median(rates[name]), "/s", note=note)


def _ratio(rates: dict[str, list[float]], other: str) -> float:
    return median(ours / theirs for ours, theirs in zip(rates["ours"], rates[other], strict=True))


def worker(stage: Environment, relay: Relay, tag: str, count: int, **settings: str) -> dict[str, float]:
    """Address a mailing, and let one worker process send it; what the process used."""
    now = timezone.now()
    mailing, wording = letters.mailing(tag, now, own=True)
    mailing.address(wording, letters.readers(tag, count), now)
    mailing.start(now)
    env = stage.env | {"EMAIL_URL": relay.url} | settings
    command = [sys.executable, "-m", "benchmarks.mail.worker_process"]
    process = child_process.start(command, log=subprocess.PIPE, env=env, cwd=PROJECT_DIR)
    try:
        said, _nothing = process.communicate(timeout=2 * worker_process.PATIENCE)
    finally:
        child_process.stop(process)
    used: dict[str, float] = {}
    with suppress(ValueError, IndexError):
        used = json.loads(said.splitlines()[-1])
    if used.get("letters") != count:
        raise ServerError(f"the worker did not send all {count} letters: {said.decode(errors='replace')[-2000:]}")
    return used


def far_relay(stage: Environment, relay: Relay, size: Size) -> Figure:
    stage.say(f"A relay {FAR * 1000:.0f} ms away.")
    used = worker(stage, relay, "kaukana", size.far, OUTBOX_LANES=str(CONNECTIONS))
    rate = size.far / used["seconds"]
    return Figure(
        "far_relay",
        rate,
        "/s",
        (">=", 2_000),
        f"{FAR * 1000:.0f} ms round trip, {CONNECTIONS} connections, {relay.name}",
    )


# --- what a coordinator feels ---


def live(stage: Environment, sink: OwnSink, size: Size) -> Iterator[Figure]:
    """One large sending by a Celery worker as in production: begun, paused, resumed, overtaken by a code."""
    stage.say(f"A sending to {size.many} readers by a Celery worker.")
    stage.env["EMAIL_URL"] = sink.relay.url
    stage.start_work()
    mailing, addressing = _address_many(size.many)
    yield Figure("addressing", addressing, "s", ("<=", 3), f"{size.many} readers, from a table of people")
    _need(stage.wait(_worker_runs, PATIENCE), "the worker did not begin to work")
    began = _start(mailing)
    _need(stage.wait(lambda: sink.letters >= 0.3 * size.many, PATIENCE), "the sending did not begin")
    paused = _pause(mailing)
    stage.wait(lambda: False, 3.0)
    held = sink.letters
    _resume(mailing)
    _need(stage.wait(lambda: sink.letters >= max(held + 1, 0.4 * size.many), PATIENCE), "the sending did not go on")
    urgent = _urgent_letter()
    _need(stage.wait(lambda: _is_over(mailing), PATIENCE, every=0.1), "the sending did not end")
    record = sink.record()
    moments = [entry.moment for entry in record.taken]
    yield Figure("first_letter", min(moments) - began, "s", ("<=", 2), "from “send” to the first letter on the wire")
    silent = max([moment for moment in moments[:held] if moment > paused], default=paused) - paused
    yield Figure("pause", silent, "s", ("<=", 1), f"until the wire was silent; {held} letters had left")
    code = next((entry.moment for entry in record.taken if entry.recipient == URGENT), float("inf"))
    yield Figure("urgent", code - urgent, "s", ("<=", 2), "a sign-in code during the sending")
    many = record.only(address for address, _name, _number in letters.readers(MANY, size.many))
    lost = size.many - len({entry.recipient for entry in many.taken})
    yield Figure("lost", lost, "letters", ("=", 0), "after pause and resume")
    yield Figure("repeated", many.repeated, "letters", ("=", 0), "the same")
    if memory := worker_process.peak_memory(stage.program("Worker").process.pid):  # type: ignore[union-attr]
        yield Figure("memory", memory, "MB", ("<=", 150), "the largest that the worker had resident")


MANY, URGENT = "monta", "koodi@example.org"


def _address_many(count: int) -> tuple[Mailing, float]:
    people = (User(email=address, name=name, password="!") for address, name, _number in letters.readers(MANY, count))
    User.objects.bulk_create(people, batch_size=5_000)
    mailing, wording = letters.mailing(MANY, timezone.now())
    began = time.perf_counter()
    mailing.address(wording, User.objects.values_list("email", "name", "pk"), timezone.now())
    return mailing, time.perf_counter() - began


def _worker_runs() -> bool:
    return Heartbeat.objects.filter(last_round_at__isnull=False).exists()


def _start(mailing: Mailing) -> float:
    began = time.time()
    mailing.start(timezone.now())
    wake(send_queued)
    return began


def _pause(mailing: Mailing) -> float:
    paused = time.time()
    mailing.pause(timezone.now(), "measured")
    return paused


def _resume(mailing: Mailing) -> None:
    mailing.resume()
    wake(send_queued)


def _urgent_letter() -> float:
    asked = time.time()
    send_mail("123456", "Koodisi on 123456.", None, [URGENT])
    return asked


def _is_over(mailing: Mailing) -> bool:
    return not mailing.deliveries.waiting().exists()


def _need(true: bool, otherwise: str) -> None:
    if not true:
        raise ServerError(otherwise)
