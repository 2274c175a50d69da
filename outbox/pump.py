"""The pump: takes the letters that are due from the ledger, hands each on, and writes down at once what came of it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from outbox.models import Delivery, Heartbeat
from outbox.transport import Answer, RelayAway, Transport, Verdict

log = logging.getLogger(__name__)

ROUND = 50.0
# How long the answer of the relay is kept in mind while the database is away, in seconds.
MEMORY = 60.0

Clock = Callable[[], datetime]


def send_waiting(clock: Clock = timezone.now, seconds: float = ROUND) -> int:
    """One round: send what is due, for some seconds at most. Tells how many letters were sent."""
    Delivery.objects.release_stale(clock())
    try:
        sent = _empty_ledger(clock, time.monotonic() + seconds)
    except RelayAway as away:
        log.warning("the relay is out of reach, letters wait: %s", away)
        Heartbeat.objects.lost_relay(clock(), str(away))
        return 0
    Heartbeat.objects.beat(clock())
    return sent


def _empty_ledger(clock: Clock, ends: float) -> int:
    sent = 0
    with Transport() as transport:
        while time.monotonic() < ends and Delivery.objects.due(clock()).exists():
            transport.ready()
            # One at a time: a killed pump holds one letter at most, and an urgent one never waits behind a chunk.
            for delivery in Delivery.objects.claim(clock(), limit=1):
                sent += _send(delivery, transport, clock)
    return sent


def _send(delivery: Delivery, transport: Transport, clock: Clock) -> bool:
    answer = transport.hand_on(delivery.as_letter())
    never_forget(lambda: write_down(delivery, answer, clock()))
    return answer.verdict is Verdict.SENT


def write_down(delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Stamp the row with what the relay said."""
    match answer.verdict:
        case Verdict.SENT:
            delivery.mark_sent(now)
        case Verdict.LATER:
            delivery.put_off(now, answer.reply)
        case Verdict.NEVER:
            delivery.give_up(now, answer.reply)
        case Verdict.UNCLEAR:
            delivery.break_off(now, answer.reply)


def never_forget(write: Callable[[], None], patience: float = MEMORY) -> None:
    """Write although the database comes and goes: what the relay has taken must not go out again."""
    ends = time.monotonic() + patience
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > ends:
                raise
            log.warning("the database is away, the answer of the relay is kept in mind")
            connection.close()
            time.sleep(0.5)
