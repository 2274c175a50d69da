"""A delivery: one letter to one person, and what became of it."""

import base64
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox.incoming import smtp_status
from outbox.message import builder, merge_fields, validation
from outbox.models.delivery_queryset import DeliveryQuerySet, wiped
from outbox.models.delivery_state import (
    BACKOFF,
    GIVE_UP,
    GIVE_UP_SECRET,
    INTERRUPTIONS,
    UNCERTAIN_PAUSE,
    WAITING,
    LeftOut,
    Priority,
    State,
)


class Delivery(models.Model):
    """One letter to one person. Its Message-ID and Date stay the same at every attempt, so that repeats are known.

    A letter of its own holds its words; one of many points to the wording of its mailing.
    """

    kind = models.CharField(_("kind of letter"), max_length=40)
    reference = models.CharField(_("about"), max_length=200, blank=True)
    area_id = models.BigIntegerField(_("area"), null=True, blank=True)
    mailing = models.ForeignKey(
        "outbox.Mailing",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("mailing"),
    )
    wording = models.ForeignKey(
        "outbox.Wording",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("wording"),
    )
    origin_id = models.BigIntegerField(_("row that the letter is owed to"), null=True, blank=True)
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
    # Of a letter about several meetings: a list of {name, method, text}, as outbox/message/body.py:CalendarFile.
    calendar_files = models.JSONField(_("calendar files"), null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    secret = models.BooleanField(_("wiped once sent"), default=False)

    message_id = models.CharField(max_length=320, blank=True)
    dated_at = models.DateTimeField(_("dated"))
    queued_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("next attempt"))
    claimed_at = models.DateTimeField(_("taken for sending"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    interruptions = models.PositiveSmallIntegerField(_("attempts broken off"), default=0)
    uncertain_at = models.DateTimeField(_("may have arrived"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)
    complained_at = models.DateTimeField(_("reported as unwanted"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("left out"), null=True, blank=True)
    left_out = models.CharField(_("why left out"), max_length=12, choices=LeftOut.choices, blank=True)
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
            models.UniqueConstraint(
                Lower("recipient"), "mailing", condition=Q(mailing__isnull=False), name="delivery_once_per_mailing"
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="delivery_message_id_is_its_own"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, failed_at=None)
                | Q(sent_at=None, cancelled_at=None)
                | Q(failed_at=None, cancelled_at=None),
                name="delivery_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, left_out="") | Q(cancelled_at__isnull=False) & ~Q(left_out=""),
                name="delivery_left_out_says_why",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | WAITING | Q(text="", html="", calendar=""), name="delivery_secret_is_wiped"
            ),
        ]
        indexes = [
            # what the worker takes next: letters of their own by priority, those of a mailing by their turn
            models.Index("priority", "due_at", "id", condition=WAITING & Q(mailing=None), name="delivery_single_due"),
            models.Index(
                "mailing", "due_at", "id", condition=WAITING & Q(mailing__isnull=False), name="delivery_mailing_due"
            ),
            models.Index(Lower("recipient"), condition=Q(mailing=None), name="delivery_recipient"),
            # the rows of a mailing lie together, and an index of ranges costs nothing when they change
            BrinIndex(fields=["mailing"], name="delivery_of_mailing", autosummarize=True),
            models.Index("area_id", "queued_at", condition=Q(mailing=None), name="delivery_area"),
        ]

    def __str__(self) -> str:
        return self.subject

    # questions

    @property
    def state(self) -> State:
        if self.sent_at:
            after = {State.COMPLAINED: self.complained_at, State.BOUNCED: self.bounced_at}
            return next((state for state, moment in after.items() if moment), State.SENT)
        if self.failed_at:
            return State.FAILED
        if self.cancelled_at:
            return State(self.left_out)
        if self.claimed_at:
            return State.SENDING
        if self.attempts:
            return State.UNCERTAIN if self.uncertain_at else State.DEFERRED
        return State.WAITING

    @property
    def reason(self) -> str:
        """Why it is not there yet, in the reader's words."""
        return self.cancel_reason or smtp_status.in_words(self.last_error)

    @property
    def own_message_id(self) -> str:
        """Its Message-ID (RFC 5322, 3.6.4): its own, or made of its mailing's key and its number."""
        if self.mailing is None:
            return self.message_id
        return builder.message_id(self.mailing.key, self.pk, builder.domain_of(self.mailing.from_email))

    def as_letter(self) -> builder.Letter:
        """What travels."""
        if self.wording:
            own = {"recipient": self.recipient, "recipient_name": self.recipient_name}
            letter = self.wording.as_letter(message_id=self.own_message_id, **own)
            return builder.filled(letter, merge_fields.values_for(self.kind, self.origin_id, self.language))
        return builder.Letter(
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
            calendar_files=tuple(builder.CalendarFile(**each) for each in self.calendar_files or ()),
            headers=self.headers,
            message_id=self.message_id,
            dated_at=self.dated_at,
        )

    # verbs

    def seal(self, now: datetime) -> "Delivery":
        """Check a draft and give it the identity that it keeps. Raises LetterRefused."""
        name, self.recipient = validation.name_and_address(self.recipient)
        self.recipient_name = validation.one_line(_("recipient's name"), self.recipient_name or name)[:200]
        self.subject = validation.one_line(_("subject"), self.subject)
        self.from_email = validation.mailbox(self.from_email or settings.DEFAULT_FROM_EMAIL)
        self.reply_to = validation.mailboxes(self.reply_to)
        self.headers = validation.extra(self.headers)
        self.text, self.html = validation.body(self.text), validation.body(self.html)
        self.calendar_method = validation.calendar_method(self.calendar_method) if self.calendar else ""
        validation.calendar_files(self.calendar_files, self.secret)
        self.message_id = new_message_id(self.from_email)
        self.dated_at = self.queued_at = now
        self.due_at = self.due_at or now
        return self

    def mark_sent(self, now: datetime) -> None:
        Delivery.objects.mark_sent([self.pk], now)

    def defer(self, now: datetime, reply: str, wait: Any = None) -> None:
        """The relay said "not now": try again later, for three days at most."""
        later = now + (wait or BACKOFF[min(self.attempts, len(BACKOFF)) - 1])
        if later > self.queued_at + (GIVE_UP_SECRET if self.secret else GIVE_UP):
            self.mark_failed(now, reply)
        else:
            self._write_if_mine(due_at=later, last_error=reply)

    def mark_uncertain(self, now: datetime, reply: str) -> None:
        """The connection broke while the letter travelled: it may have arrived, so it is repeated a few times only."""
        self.interruptions += 1
        Delivery.objects.filter(pk=self.pk).update(uncertain_at=now)
        if self.interruptions >= INTERRUPTIONS:
            self.mark_failed(now, reply)
        else:
            self.defer(now, reply, max(UNCERTAIN_PAUSE, BACKOFF[min(self.attempts, len(BACKOFF)) - 1]))

    def fail_to_build(self, now: datetime, reply: str) -> None:
        """The letter could not be put into bytes: it has not left, and a later version of the house may do better."""
        self.interruptions += 1
        if self.interruptions >= INTERRUPTIONS:
            self.mark_failed(now, reply)
        else:
            self.defer(now, reply)

    def mark_failed(self, now: datetime, reply: str) -> None:
        """The relay said "never"."""
        self._write_if_mine(failed_at=now, last_error=reply, **wiped())

    def _write_if_mine(self, **columns: Any) -> None:
        """Another worker may have taken over, or somebody cancelled: then what happened here no longer counts."""
        mine = Delivery.objects.filter(WAITING, pk=self.pk, attempts=self.attempts)
        mine.update(claimed_at=None, interruptions=self.interruptions, **columns)


def new_message_id(from_email: str) -> str:
    """Never seen before, and of the sender's own domain (RFC 5322, 3.6.4)."""
    unique = base64.b32encode(uuid.uuid4().bytes).decode().rstrip("=").lower()
    return f"<{unique}@{builder.domain_of(from_email)}>"
