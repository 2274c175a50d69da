"""Taking letters from the queue: two workers never take the same one, and what a dead worker took falls due again.

Taking a letter moves the moment at which it is due to the end of a lease. As long as the worker lives it says so
(`DeliveryQuerySet.hold_on`); when it dies, the lease runs out and the letter is simply due.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from outbox.models import Mailing
from outbox.models.delivery_state import LEASE
from outbox.suppression_sql import STOPPED, stop_values

# After a crash of the database the worker may still have to write down what the relay said: it gets a lease of time.
TAKE = f"""
WITH due AS (
    SELECT id FROM outbox_delivery
    WHERE sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL AND due_at <= %(now)s AND WHICH
      AND (claimed_at IS NULL OR pg_postmaster_start_time() < %(now)s - %(lease)s)
    ORDER BY ORDERING LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), held AS (
    UPDATE outbox_delivery d
    SET claimed_at = %(now)s, due_at = %(now)s + %(lease)s, attempts = attempts + 1,
        interruptions = interruptions + (claimed_at IS NOT NULL)::int
    FROM due WHERE d.id = due.id
    RETURNING d.*
)
SELECT d.id, d.mailing_id, d.wording_id, d.kind, d.origin_id, d.priority, d.recipient, d.recipient_name, d.language,
       d.attempts, d.interruptions, {STOPPED}
FROM held d ORDER BY d.priority, d.queued_at, d.id
"""
SINGLES = TAKE.replace("WHICH", "mailing_id IS NULL").replace("ORDERING", "priority, due_at, id")
CODES = SINGLES.replace("mailing_id IS NULL", "mailing_id IS NULL AND secret AND queued_at >= %(since)s")
OF_MAILING = TAKE.replace("WHICH", "mailing_id = %(mailing)s").replace("ORDERING", "due_at, id")


@dataclass(slots=True)
class ClaimedDelivery:
    """A letter that this worker has taken."""

    pk: int
    mailing_id: int | None
    wording_id: int | None
    kind: str
    origin_id: int | None
    priority: int
    recipient: str
    recipient_name: str
    language: str
    attempts: int
    interruptions: int
    is_stopped: bool
    until: float = 0.0  # the end of the lease, by this process's own clock

    @property
    def domain(self) -> str:
        return self.recipient.rpartition("@")[2].lower()


def next_letters(
    now: datetime, limit: int, held_since: datetime | None, lease: timedelta = LEASE
) -> list[ClaimedDelivery]:
    """What leaves next: everything in its order, or only fresh codes while the outbox is held (restored.py)."""
    return take(now, limit, lease) if held_since is None else take_codes(now, limit, held_since, lease)


def take(now: datetime, limit: int, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """The next letters, urgent ones first, then the mailings in the order they were begun. Each counts an attempt."""
    taken = take_singles(now, limit, lease)
    for mailing in Mailing.objects.going().values_list("pk", flat=True) if len(taken) < limit else ():
        taken += _take(OF_MAILING, now, limit - len(taken), lease, mailing=mailing)
        if len(taken) >= limit:
            break
    return taken


def take_singles(now: datetime, limit: int, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """The next letters that belong to no mailing: they may overtake one."""
    return _take(SINGLES, now, limit, lease)


def take_codes(now: datetime, limit: int, since: datetime, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """Sign-in codes that were asked for since then, and nothing else."""
    return _take(CODES, now, limit, lease, since=since)


def _take(sql: str, now: datetime, limit: int, lease: timedelta, **more: Any) -> list[ClaimedDelivery]:
    values = {"limit": limit, "lease": lease, **more, **stop_values(now)}
    until = time.monotonic() + lease.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        taken = [ClaimedDelivery(*row) for row in cursor.fetchall()]
    for held in taken:
        held.until = until
    return taken
