"""The pump: takes the letters that are due from the ledger, hands them on, and writes down at once what came of them.

One thread, one loop: answers that have come are written down together before any lane lets go of its next letter. So
when the pump is killed, what may go out twice is at most one letter a lane, and it bears the same Message-ID and Date.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from outbox import claim, domains, transport
from outbox.claim import Held
from outbox.health import MailingHealth
from outbox.lanes import Lanes, Relay, RelayAway
from outbox.models import Delivery, Heartbeat, LeftOut, Mailing
from outbox.models.state import INTERRUPTIONS, LEASE, WAITING
from outbox.press import Press
from outbox.smtp import Answer, Parcel, Verdict

log = logging.getLogger(__name__)

ROUND = 30.0
# How long the answer of the relay is kept in mind while the database is away, in seconds.
MEMORY = 60.0
# The most letters that one pump holds; usually what it can send in a second, so that nobody waits behind them.
MOST_HELD = 500
# Seconds between looks at what has changed meanwhile: a pause, a reader who left, an urgent letter.
LOOK = 0.4
# Seconds between two signs of life.
BREATH = LEASE.total_seconds() / 3

Clock = Callable[[], datetime]

_pumping = threading.Lock()
_more = threading.Event()


def send_waiting(clock: Clock = timezone.now, seconds: float = ROUND) -> int:
    """One round: send what is due, for some seconds at most. Tells how many letters were sent."""
    try:
        sent = _send(clock, seconds)
    except RelayAway as away:
        log.warning("the relay is out of reach, letters wait: %s", away)
        Heartbeat.objects.lost_relay(clock(), str(away))
        return 0
    Mailing.objects.filter(finished_at=None).finish(clock())
    Heartbeat.objects.beat(clock())
    return sent
