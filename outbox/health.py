"""How the outbox stands: facts for /readyz and for the banner on the desk."""

from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Min
from django.utils.translation import ngettext

from outbox.models import Delivery, Heartbeat, InboundMessage, MailEvent
from outbox.models.delivery_queryset import GOING


class Status(TypedDict):
    waiting: int
    oldest_waiting_seconds: int
    last_round_at: datetime | None
    relay_lost_at: datetime | None
    held_at: datetime | None
    clock_ticked_at: datetime | None
    clock_started_at: datetime | None


def status(now: datetime) -> Status:
    """How many letters wait, for how long the oldest of them is overdue, when a round last took letters away, when
    Celery beat last ticked, and since when it has run; None for what has never been."""
    facts = Delivery.objects.waiting().aggregate(count=Count("pk"), due_at=Min("due_at", filter=GOING))
    beat = Heartbeat.objects.filter(pk=1).first() or Heartbeat()
    overdue = (now - facts["due_at"]).total_seconds() if facts["due_at"] else 0
    return Status(
        waiting=facts["count"],
        oldest_waiting_seconds=max(0, int(overdue)),
        last_round_at=beat.last_round_at,
        relay_lost_at=beat.relay_lost_at,
        held_at=beat.held_at,
        clock_ticked_at=beat.clock_ticked_at,
        clock_started_at=beat.clock_started_at,
    )


class Inbox(TypedDict):
    unread: int
    read_at: datetime | None
    lost_at: datetime | None
    error: str


def inbox(now: datetime) -> Inbox:
    """How the box of incoming mail stands: how many messages wait to be understood, and whether it can be reached."""
    beat = Heartbeat.objects.filter(pk=1).first() or Heartbeat()
    unread = InboundMessage.objects.waiting().filter(received_at__lte=now).count()
    return Inbox(unread=unread, read_at=beat.inbox_read_at, lost_at=beat.inbox_lost_at, error=beat.inbox_error)


def policy_refusals(now: datetime) -> str:
    """A sentence for the desk when houses refuse our letters because of their rules; empty when none does."""
    refused = MailEvent.objects.refused_by_rules(now)
    last = refused.order_by("-at", "-pk").first()
    if last is None:
        return ""
    count = refused.count()
    words = ngettext(
        "In the last seven days %(count)d letter was refused by a rule of the receiving house, the last time with: "
        "“%(reply)s”. Tell whoever keeps the server: SPF, DKIM or the relay's reputation may be wrong.",
        "In the last seven days %(count)d letters were refused by rules of the receiving houses, the last time with: "
        "“%(reply)s”. Tell whoever keeps the server: SPF, DKIM or the relay's reputation may be wrong.",
        count,
    )
    return words % {"count": count, "reply": (last.detail or last.code)[:200]}
