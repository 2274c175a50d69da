"""The round of the outbox."""

from celery import shared_task

from outbox.pump import send_alone


# Wake-ups of a long standstill need not pile up; two hours leave room for clocks of machines that disagree.
@shared_task(name="outbox.tasks.pump", expires=2 * 60 * 60)
def pump() -> int:
    """Send what waits in the ledger."""
    return send_alone()
