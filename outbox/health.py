"""How the outbox stands: facts for /readyz and for the banner on the desk."""

from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Min

from outbox.models import Delivery, Heartbeat


class Standing(TypedDict):
    waiting: int
    oldest_waiting_seconds: int
    last_round_at: datetime | None
    relay_lost_at: datetime | None


def standing(now: datetime) -> Standing:
    """How many letters wait, for how long the oldest of them is overdue, and when a round last took letters away."""
    facts = Delivery.objects.waiting().aggregate(count=Count("pk"), due_at=Min("due_at"))
    beat = Heartbeat.objects.filter(pk=1).first() or Heartbeat()
    overdue = (now - facts["due_at"]).total_seconds() if facts["due_at"] else 0
    return Standing(
        waiting=facts["count"],
        oldest_waiting_seconds=max(0, int(overdue)),
        last_round_at=beat.last_round_at,
        relay_lost_at=beat.relay_lost_at,
    )
