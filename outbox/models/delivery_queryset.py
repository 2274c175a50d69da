"""The questions and verbs of many letters at once: queueing, taking for sending, writing down, stopping."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower

from lib.querysets import InArea
from lib.text.addresses import normal
from outbox.incoming.smtp_status import BROKE_OFF
from outbox.models.delivery_state import IN_STATE, LEASE, WAITING, LeftOut, State

if TYPE_CHECKING:
    from outbox.models.delivery import Delivery

BATCH = 500
SECRETS = ("text", "html", "calendar")
# Written for every handful of letters, so it does not pass through the ORM's workshop (a millisecond each time).
SENT = """
UPDATE outbox_delivery SET
    sent_at = %(now)s, claimed_at = NULL, failed_at = NULL, cancelled_at = NULL, left_out = '', last_error = '',
    text = CASE WHEN secret THEN '' ELSE text END,
    html = CASE WHEN secret THEN '' ELSE html END,
    calendar = CASE WHEN secret THEN '' ELSE calendar END
WHERE id = ANY(%(pks)s)
"""
GOING = Q(mailing=None) | Q(mailing__paused_at=None, mailing__cancelled_at=None)


class DeliveryQuerySet(InArea, models.QuerySet["Delivery"]):
    area_path = "area_id"

    # questions

    def in_state(self, state: str) -> "DeliveryQuerySet":
        return self.filter(IN_STATE[State(state)])

    def waiting(self) -> "DeliveryQuerySet":
        """Those whose end is open: not sent, failed or left out."""
        return self.filter(WAITING)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those that nobody is sending and whose time has come, unless their mailing is paused."""
        return self.filter(WAITING, GOING, due_at__lte=now)

    def still_leaving(self) -> "DeliveryQuerySet":
        """Of letters that a worker holds, those that nobody has stopped or paused meanwhile."""
        return self.filter(WAITING, GOING, claimed_at__isnull=False)

    def to(self, address: str) -> "DeliveryQuerySet":
        """The letters to one address, however it was spelled."""
        spelled = self.alias(spelled=Lower("recipient")).filter(spelled=normal(address))
        return spelled.filter(Q(mailing=None) | Q(mailing__isnull=False))  # each half has an index of its own

    def about(self, kind: str, reference: str) -> "DeliveryQuerySet":
        """The letters of one origin."""
        return self.filter(kind=kind, reference=reference)

    # verbs

    def queue(self, drafts: Iterable["Delivery"], now: datetime) -> int:
        """Put drafts into the queue and tell how many are new.

        A draft whose kind, reference and recipient stand there already is left out: nobody is mailed twice about one
        thing. Raises LetterRefused, and queues none, when one draft may not leave the house.
        """
        rows = [draft.seal(now) for draft in drafts]
        self.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)  # type: ignore[arg-type]
        batches = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
        return sum(self.filter(message_id__in=[row.message_id for row in batch]).count() for batch in batches)

    def extend_lease(self, pks: list[int], now: datetime, lease: timedelta = LEASE) -> None:
        """The worker that has claimed these is alive."""
        self.filter(WAITING, pk__in=pks, claimed_at__isnull=False).update(due_at=now + lease)

    def release_claims(self, pks: list[int], due_at: datetime) -> None:
        """Claimed but not begun: as if nobody had claimed them."""
        claimed = self.filter(WAITING, pk__in=pks, claimed_at__isnull=False)
        claimed.update(claimed_at=None, due_at=due_at, attempts=F("attempts") - 1)

    def mark_sent(self, pks: list[int], now: datetime) -> None:
        """The relay has taken them. That is a fact whatever else was written meanwhile, a cancellation included."""
        with connection.cursor() as cursor:
            cursor.execute(SENT, {"pks": pks, "now": now})

    def leave_out(self, why: LeftOut, now: datetime, reason: str = "") -> int:
        """These never leave, as far as they have not left; tells how many."""
        ends: dict[str, Any] = {"cancelled_at": now, "left_out": why.value, "cancel_reason": reason, "claimed_at": None}
        return self.waiting().update(**ends, **wiped())

    def stop(self, now: datetime, reason: str = "") -> int:
        """Cancel these, as far as they have not left."""
        return self.leave_out(LeftOut.CANCELLED, now, reason)

    def cancel(self, kind: str, reference: str, now: datetime, reason: str = "") -> int:
        """Stop the letters of one origin that have not left yet; tells how many."""
        return self.about(kind, reference).stop(now, reason)

    def try_again(self, now: datetime) -> int:
        """Give failed letters a new start. Secret ones stay failed: their words are gone and their codes are dead."""
        failed = self.filter(failed_at__isnull=False, secret=False, mailing__cancelled_at=None)
        mailings: Any = self.model._meta.get_field("mailing").related_model
        mailings.objects.filter(deliveries__in=failed).update(finished_at=None)
        fresh: dict[str, Any] = {"failed_at": None, "claimed_at": None, "uncertain_at": None}
        return failed.update(queued_at=now, due_at=now, attempts=0, interruptions=0, **fresh)

    def fail_poisonous(self, pks: list[int], now: datetime) -> int:
        """Fail those that have ended their worker too often."""
        claimed = self.filter(WAITING, pk__in=pks)
        return claimed.update(failed_at=now, claimed_at=None, last_error=BROKE_OFF, **wiped())


def wiped() -> dict[str, Any]:
    """The words of secret letters do not stay."""
    nothing = models.Value("", output_field=models.TextField())
    return {name: models.Case(models.When(secret=True, then=nothing), default=F(name)) for name in SECRETS}
