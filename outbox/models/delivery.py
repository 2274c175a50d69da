"""A delivery: one letter to one person, and what became of it."""

import base64
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox import envelope, reasons, wire

BATCH = 500
# A pump that has not answered for this long is dead: longer than a slow relay and a lost database together.
STALE = timedelta(minutes=5)
# How long to wait after the first, second … answer "not now".
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180)]
GIVE_UP = timedelta(hours=72)
# Nobody wants yesterday's sign-in code.
GIVE_UP_SECRET = timedelta(hours=1)
# A letter that ends its pump this many times stays behind, so that the others can leave.
INTERRUPTIONS = 5

SECRETS = ("text", "html", "calendar")

WAITING = Q(sent_at=None, failed_at=None, cancelled_at=None)


class Priority(models.IntegerChoices):
    """Who goes first when many letters wait."""

    URGENT = 0, pgettext_lazy("letters", "urgent")
    ORDINARY = 5, pgettext_lazy("letters", "ordinary")
    BULK = 9, pgettext_lazy("letters", "bulk")


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("letter", "waiting")
    DEFERRED = "deferred", pgettext_lazy("letter", "will be tried again")
    SENDING = "sending", pgettext_lazy("letter", "being sent")
    SENT = "sent", pgettext_lazy("letter", "sent")
    FAILED = "failed", pgettext_lazy("letter", "could not be sent")
    CANCELLED = "cancelled", pgettext_lazy("letter", "cancelled")


IN_STATE = {
    State.WAITING: WAITING & Q(claimed_at=None, attempts=0),
    State.DEFERRED: WAITING & Q(claimed_at=None, attempts__gt=0),
    State.SENDING: WAITING & Q(claimed_at__isnull=False),
    State.SENT: Q(sent_at__isnull=False),
    State.FAILED: Q(failed_at__isnull=False),
    State.CANCELLED: Q(cancelled_at__isnull=False),
}


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def run_by(self, user: Any) -> "DeliveryQuerySet":
        """Letters of the areas this person coordinates; letters of no area are the superuser's."""
        return self if user.is_superuser else self.filter(area_id__in=user.area_ids_run())

    def in_state(self, state: str) -> "DeliveryQuerySet":
        return self.filter(IN_STATE[State(state)])

    def waiting(self) -> "DeliveryQuerySet":
        """Those whose end is open: not sent, failed or cancelled."""
        return self.filter(WAITING)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those that nobody is sending and whose time has come."""
        return self.filter(WAITING, claimed_at=None, due_at__lte=now)

    def about(self, kind: str, reference: str) -> "DeliveryQuerySet":
        """The letters of one origin."""
        return self.filter(kind=kind, reference=reference)

    def queue(self, drafts: Iterable["Delivery"], now: datetime) -> int:
        """Put drafts into the ledger and tell how many are new.

        A draft whose kind, reference and recipient stand there already is left out: nobody is mailed twice about one
        thing. Raises LetterRefused, and queues none, when one draft may not leave the house.
        """
        rows = [draft.seal(now) for draft in drafts]
        self.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)  # type: ignore[arg-type]
        batches = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
        return sum(self.filter(message_id__in=[row.message_id for row in batch]).count() for batch in batches)

    def claim(self, now: datetime, limit: int = 1) -> list["Delivery"]:
        """Take the next letters for sending; two pumps never take the same one."""
        with transaction.atomic():
            free = self.due(now).select_for_update(skip_locked=True)
            taken = list(free.order_by("priority", "due_at", "pk")[:limit])
            self.filter(pk__in=[row.pk for row in taken]).update(claimed_at=now, attempts=F("attempts") + 1)
        for row in taken:
            row.claimed_at, row.attempts = now, row.attempts + 1
        return taken

    def release_stale(self, now: datetime) -> int:
        """Give back what a dead pump held; what has ended its pump too often fails instead."""
        held = self.filter(WAITING, claimed_at__lt=now - STALE)
        once_more = {"claimed_at": None, "interruptions": F("interruptions") + 1, "last_error": reasons.BROKE_OFF}
        poison = held.filter(interruptions__gte=INTERRUPTIONS - 1)
        failed = poison.update(failed_at=now, **once_more, **_wiped())
        return failed + held.update(due_at=now, **once_more)

    def cancel(self, kind: str, reference: str, now: datetime, reason: str = "") -> int:
        """Stop the letters of one origin that have not left yet; tells how many."""
        return self.about(kind, reference).stop(now, reason)

    def stop(self, now: datetime, reason: str = "") -> int:
        """Cancel these, as far as they have not left."""
        return self.waiting().update(cancelled_at=now, cancel_reason=reason, **_wiped())

    def try_again(self, now: datetime) -> int:
        """Give failed letters a new start. Secret ones stay failed: their words are gone and their codes are dead."""
        failed = self.filter(failed_at__isnull=False, secret=False)
        return failed.update(failed_at=None, queued_at=now, due_at=now, attempts=0, interruptions=0)


class Delivery(models.Model):
    """One letter to one person. Its Message-ID and Date stay the same at every attempt, so that repeats are known."""

    kind = models.CharField(_("kind of letter"), max_length=40)
    reference = models.CharField(_("about"), max_length=200, blank=True)
    area_id = models.BigIntegerField(_("area"), null=True, blank=True, db_index=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.ORDINARY)

    recipient = models.EmailField(_("recipient"))
    recipient_name = models.CharField(_("recipient's name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    from_email = models.CharField(_("sender"), max_length=400, blank=True)
    reply_to = models.JSONField(_("answers go to"), default=list, blank=True)
    subject = models.TextField(_("subject"), blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text with layout"), blank=True)
    calendar = models.TextField(_("calendar entry"), blank=True)
    calendar_method = models.CharField(max_length=16, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    secret = models.BooleanField(_("wiped once sent"), default=False)

    message_id = models.CharField(max_length=320, unique=True)
    dated_at = models.DateTimeField(_("dated"))
    queued_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("next attempt"))
    claimed_at = models.DateTimeField(_("taken for sending"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    interruptions = models.PositiveSmallIntegerField(_("attempts broken off"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True)
    last_error = models.TextField(_("last answer"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("a letter that was sent or waits", "delivery")
        verbose_name_plural = pgettext_lazy("letters that were sent or wait", "deliveries")
        constraints = [
            models.UniqueConstraint(
                "kind", "reference", Lower("recipient"), condition=~Q(reference=""), name="delivery_once_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, failed_at=None)
                | Q(sent_at=None, cancelled_at=None)
                | Q(failed_at=None, cancelled_at=None),
                name="delivery_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | WAITING | Q(text="", html="", calendar=""), name="delivery_secret_is_wiped"
            ),
        ]
        indexes = [
            models.Index("priority", "due_at", "id", condition=WAITING & Q(claimed_at=None), name="delivery_waiting"),
            models.Index("claimed_at", condition=WAITING & Q(claimed_at__isnull=False), name="delivery_claimed"),
            models.Index(Lower("recipient"), name="delivery_recipient"),
        ]

    def __str__(self) -> str:
        return self.subject

    # questions

    @property
    def state(self) -> State:
        ends = {State.SENT: self.sent_at, State.FAILED: self.failed_at, State.CANCELLED: self.cancelled_at}
        for state, moment in ends.items():
            if moment:
                return state
        if self.claimed_at:
            return State.SENDING
        return State.DEFERRED if self.attempts else State.WAITING

    @property
    def reason(self) -> str:
        """Why it is not there yet, in the reader's words."""
        return self.cancel_reason or reasons.in_words(self.last_error)

    def as_letter(self) -> wire.Letter:
        """What travels."""
        return wire.Letter(
            sender=self.from_email,
            recipient=self.recipient,
            recipient_name=self.recipient_name,
            reply_to=tuple(self.reply_to),
            subject=self.subject,
            text=self.text,
            html=self.html,
            language=self.language,
            calendar=self.calendar,
            calendar_method=self.calendar_method,
            headers=self.headers,
            message_id=self.message_id,
            dated_at=self.dated_at,
        )

    # verbs

    def seal(self, now: datetime) -> "Delivery":
        """Check a draft and give it the identity that it keeps. Raises LetterRefused."""
        name, self.recipient = envelope.name_and_address(self.recipient)
        self.recipient_name = envelope.one_line(_("recipient's name"), self.recipient_name or name)[:200]
        self.subject = envelope.one_line(_("subject"), self.subject)
        self.from_email = envelope.mailbox(self.from_email or settings.DEFAULT_FROM_EMAIL)
        self.reply_to = envelope.mailboxes(self.reply_to)
        self.headers = envelope.extra(self.headers)
        self.text, self.html = envelope.body(self.text), envelope.body(self.html)
        self.calendar_method = envelope.calendar_method(self.calendar_method) if self.calendar else ""
        self.message_id = new_message_id(self.from_email)
        self.dated_at = self.queued_at = now
        self.due_at = self.due_at or now
        return self

    def mark_sent(self, now: datetime) -> None:
        """The relay has taken it. That is a fact whatever else was written meanwhile, a cancellation included."""
        self._write(sent_at=now, failed_at=None, cancelled_at=None, cancel_reason="", last_error="", **_wiped())

    def put_off(self, now: datetime, reply: str) -> None:
        """The relay said "not now": try again later, for three days at most."""
        later = now + BACKOFF[min(self.attempts, len(BACKOFF)) - 1]
        if later > self.queued_at + (GIVE_UP_SECRET if self.secret else GIVE_UP):
            self.give_up(now, reply)
        else:
            self._write_if_mine(due_at=later, last_error=reply)

    def break_off(self, now: datetime, reply: str) -> None:
        """The attempt ended without an answer: try again later, but only a few times, for it may have arrived."""
        self.interruptions += 1
        if self.interruptions >= INTERRUPTIONS:
            self.give_up(now, reply)
        else:
            self.put_off(now, reply)

    def give_up(self, now: datetime, reply: str) -> None:
        """The relay said "never"."""
        self._write_if_mine(failed_at=now, last_error=reply, **_wiped())

    def _write(self, **columns: Any) -> None:
        Delivery.objects.filter(pk=self.pk).update(claimed_at=None, **columns)

    def _write_if_mine(self, **columns: Any) -> None:
        """Another pump may have taken over, or somebody cancelled: then what happened here no longer counts."""
        mine = Delivery.objects.filter(WAITING, pk=self.pk, attempts=self.attempts)
        mine.update(claimed_at=None, interruptions=self.interruptions, **columns)


def new_message_id(from_email: str) -> str:
    """Never seen before, and of the sender's own domain (RFC 5322, 3.6.4)."""
    unique = base64.b32encode(uuid.uuid4().bytes).decode().rstrip("=").lower()
    domain = from_email.rpartition("@")[2].rstrip(">")
    return f"<{unique}@{domain if domain.isascii() else domain.encode('idna').decode()}>"


def _wiped() -> dict[str, Any]:
    """The words of secret letters do not stay."""
    nothing = models.Value("", output_field=models.TextField())
    return {name: models.Case(models.When(secret=True, then=nothing), default=F(name)) for name in SECRETS}
