"""The worker: takes the letters that are due from the queue, hands them on, and writes down at once what came of them.

One thread, one loop: answers that have come are written down together before any connection sends its next letter. So
when the worker is killed, what may go out twice is at most one letter a connection, with the same Message-ID and Date.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from outbox.models import Heartbeat, Mailing
from outbox.sending import restore_guard
from outbox.sending.connection_pool import ConnectionPool, RelayUnreachable
from outbox.sending.sender import Sender
from outbox.sending.transport import relay, send_one_by_one

log = logging.getLogger(__name__)

ROUND = 30.0

Clock = Callable[[], datetime]

_in_a_round = threading.Lock()


def send_waiting(clock: Clock = timezone.now, seconds: float = ROUND) -> int:
    """One round: send what is due, for some seconds at most. Tells how many letters were sent."""
    held_since = restore_guard.held_since(clock())
    try:
        sent = _send_due(clock, time.monotonic() + seconds, held_since)
    except RelayUnreachable as away:
        log.warning("the relay is out of reach, letters wait: %s", away)
        Heartbeat.objects.lost_relay(clock(), str(away))
        return 0
    Mailing.objects.all().finish(clock())
    Heartbeat.objects.beat(clock())
    restore_guard.remember(clock())
    return sent


def send_alone(clock: Clock = timezone.now) -> int:
    """A round, unless this process is in the middle of one: that one will find what is due."""
    if not _in_a_round.acquire(blocking=False):
        return 0
    try:
        return send_waiting(clock)
    finally:
        _in_a_round.release()


def _send_due(clock: Clock, ends: float, held_since: datetime | None) -> int:
    target = relay()
    if target is None:
        return send_one_by_one(clock, ends, held_since)
    sender = Sender(clock, ends, held_since)
    with ConnectionPool(target, settings.OUTBOX_LANES, sender.offer) as pool:
        try:
            while sender.claim_more() or pool.are_busy:
                if sender.letters:
                    pool.open_first()
                    pool.open_more(len(sender.letters))
                pool.start_idle()
                sender.record_outcomes(pool.wait_for_answers(sender.patience))
                pool.acknowledge()
                sender.check_for_changes()
        finally:
            sender.end(pool)
    return sender.sent
