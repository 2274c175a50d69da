"""The round of the outbox."""

from celery import shared_task

from outbox.pump import send_waiting


# A wake-up that nobody heard for ten seconds is stale: the clock has rung again by then.
@shared_task(name="outbox.tasks.pump", expires=10)
def pump() -> int:
    """Send what waits in the ledger."""
    return send_waiting()
