"""Taking letters from the queue: two workers never take the same one, and what a dead worker took falls due again.

Taking a letter moves the moment at which it is due to the end of a lease. As long as the worker lives it says so
(`DeliveryQuerySet.extend_lease`); when it dies, the lease runs out and the letter is simply due.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from outbox.models import Mailing
from outbox.models.delivery_state import LEASE
from outbox.suppression_sql import IS_SUPPRESSED, suppression_values

# After a crash of the database the worker may still have to write down what the relay said: it gets a lease of time.
CLAIM = f"""
WITH due AS (
    SELECT id FROM outbox_delivery
    WHERE sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL AND due_at <= %(now)s AND WHICH
      AND (claimed_at IS NULL OR pg_postmaster_start_time() < %(now)s - %(lease)s)
    ORDER BY ORDERING LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE outbox_delivery d
    SET claimed_at = %(now)s, due_at = %(now)s + %(lease)s, attempts = attempts + 1,
        interruptions = interruptions + (claimed_at IS NOT NULL)::int
    FROM due WHERE d.id = due.id
    RETURNING d.*
)
SELECT d.id, d.mailing_id, d.wording_id, d.kind, d.origin_id, d.priority, d.recipient, d.recipient_name, d.language,
       d.attempts, d.interruptions, {IS_SUPPRESSED}
FROM claimed d ORDER BY d.priority, d.queued_at, d.id
"""
SINGLES = CLAIM.replace("WHICH", "mailing_id IS NULL").replace("ORDERING", "priority, due_at, id")
CODES = SINGLES.replace("mailing_id IS NULL", "mailing_id IS NULL AND secret AND queued_at >= %(since)s")
OF_MAILING = CLAIM.replace("WHICH", "mailing_id = %(mailing)s").replace("ORDERING", "due_at, id")


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


def claim_next(
    now: datetime, limit: int, held_since: datetime | None, lease: timedelta = LEASE
) -> list[ClaimedDelivery]:
    """What leaves next: everything in its order, or only fresh codes while the outbox is held (restore_guard.py)."""
    return claim_due(now, limit, lease) if held_since is None else claim_codes(now, limit, held_since, lease)


def claim_due(now: datetime, limit: int, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """The next letters, urgent ones first, then the mailings in the order they were begun. Each counts an attempt."""
    claimed = claim_singles(now, limit, lease)
    for mailing in Mailing.objects.going().values_list("pk", flat=True) if len(claimed) < limit else ():
        claimed += _claim(OF_MAILING, now, limit - len(claimed), lease, mailing=mailing)
        if len(claimed) >= limit:
            break
    return claimed


def claim_singles(now: datetime, limit: int, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """The next letters that belong to no mailing: they may overtake one."""
    return _claim(SINGLES, now, limit, lease)


def claim_codes(now: datetime, limit: int, since: datetime, lease: timedelta = LEASE) -> list[ClaimedDelivery]:
    """Sign-in codes that were asked for since then, and nothing else."""
    return _claim(CODES, now, limit, lease, since=since)


def _claim(sql: str, now: datetime, limit: int, lease: timedelta, **more: Any) -> list[ClaimedDelivery]:
    values = {"limit": limit, "lease": lease, **more, **suppression_values(now)}
    until = time.monotonic() + lease.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        claimed = [ClaimedDelivery(*row) for row in cursor.fetchall()]
    for delivery in claimed:
        delivery.until = until
    return claimed
