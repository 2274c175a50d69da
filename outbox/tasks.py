"""The rounds of the outbox."""

from celery import shared_task
from django.utils import timezone

from lib.tasks import for_each_locked
from outbox.incoming import imap
from outbox.models import InboundMessage
from outbox.sending.worker import send_alone


# Wake-ups of a long standstill need not pile up; two hours leave room for clocks of machines that disagree.
@shared_task(name="outbox.tasks.pump", expires=2 * 60 * 60)
def send_queued() -> int:
    """Send what waits in the queue."""
    return send_alone()


@shared_task(name="outbox.tasks.poll_inbox", expires=2 * 60 * 60)
def poll_inbox() -> int:
    """Fetch incoming mail and read it."""
    new = imap.fetch_all()
    read_inbound()
    return new


@shared_task(name="outbox.tasks.read_inbound", expires=2 * 60 * 60)
def read_inbound() -> int:
    """Understand the messages that have come in, each by itself."""
    now = timezone.now()
    read = for_each_locked(
        lambda: InboundMessage.objects.waiting().oldest_first(),
        lambda message: message.read(now),
        round="outbox.inbound",
        now=now,
    )
    return len(read)


@shared_task(name="outbox.tasks.forget_inbound", expires=2 * 60 * 60)
def forget_inbound() -> int:
    """Wipe the words of messages that came in a month ago."""
    return InboundMessage.objects.forget(timezone.now())
