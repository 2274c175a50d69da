"""A mailing: one thing said to many. Its wordings are frozen once; each reader is one row of the queue."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.querysets import InArea
from outbox.message import builder, validation
from outbox.models.delivery import Delivery
from outbox.models.delivery_state import IN_STATE, WAITING, LeftOut, State
from outbox.sending.recipients import write_each, write_rows


class MailingState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("mailing", "being addressed")
    SENDING = "sending", pgettext_lazy("mailing", "on its way")
    PAUSED = "paused", pgettext_lazy("mailing", "paused")
    SENT = "sent", pgettext_lazy("mailing", "sent")
    CANCELLED = "cancelled", pgettext_lazy("mailing", "stopped")


class MailingQuerySet(InArea, models.QuerySet["Mailing"]):
    area_path = "area_id"

    def about(self, kind: str, reference: str) -> "MailingQuerySet":
        """The mailing of one origin."""
        return self.filter(kind=kind, reference=reference)

    def open(self, kind: str, reference: str, title: str, now: datetime, **more: Any) -> "Mailing":
        """The mailing about one thing: a new one, or the one that stands already, however often it is asked for."""
        sender = validation.mailbox(more.pop("from_email", "") or settings.DEFAULT_FROM_EMAIL)
        fresh = {
            "title": title,
            "from_email": sender,
            "reply_to": validation.mailboxes(more.pop("reply_to", ())),
            "created_at": now,
            "dated_at": now,
            "key": secrets.token_hex(6),
            **more,
        }
        return self.get_or_create(kind=kind, reference=reference, defaults=fresh)[0]

    def going(self) -> "MailingQuerySet":
        """Those whose letters may leave now, the oldest first."""
        return self.filter(finished_at=None, paused_at=None, cancelled_at=None).order_by("pk")

    def finish(self, now: datetime) -> int:
        """Stamp those of whose letters none waits any more: a fact of the queue, never a counter."""
        waiting = Delivery.objects.filter(WAITING, mailing=OuterRef("pk"))
        return self.filter(~Exists(waiting), finished_at=None, cancelled_at=None, addressed_at__isnull=False).update(
            finished_at=now
        )


class Mailing(models.Model):
    """One sending. Message-ID and Date come from it and from the row, so that they are the same at every attempt."""

    kind = models.CharField(_("kind of letter"), max_length=40)
    reference = models.CharField(_("about"), max_length=200)
    area_id = models.BigIntegerField(_("area"), null=True, blank=True, db_index=True)
    title = models.CharField(_("what is sent"), max_length=200)
    from_email = models.CharField(_("sender"), max_length=400)
    reply_to = models.JSONField(_("answers go to"), default=list, blank=True)
    key = models.CharField(max_length=16, unique=True)
    dated_at = models.DateTimeField(_("dated"))
    created_at = models.DateTimeField(_("begun"))
    addressed_at = models.DateTimeField(_("addressed"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("why paused"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("sent"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="mailing_once_per_reference"),
            models.CheckConstraint(condition=Q(finished_at=None) | Q(cancelled_at=None), name="mailing_ends_once"),
        ]

    def __str__(self) -> str:
        return self.title

    # questions

    @property
    def state(self) -> MailingState:
        if self.cancelled_at:
            return MailingState.CANCELLED
        if self.finished_at:
            return MailingState.SENT
        if self.paused_at:
            return MailingState.PAUSED
        return MailingState.SENDING if self.addressed_at else MailingState.PREPARING

    @property
    def is_over(self) -> bool:
        return bool(self.cancelled_at or self.finished_at)

    def progress(self) -> dict[str, int]:
        """What the queue knows: `total`, and how many letters in each state."""
        states = {state.value: Count("pk", filter=IN_STATE[state]) for state in State}
        return self.deliveries.aggregate(total=Count("pk"), **states)

    # verbs

    def add_wording(self, language: str, subject: str, text: str, html: str, headers: Mapping[str, str]) -> "Wording":
        """One wording, frozen. Words may hold merge fields (builder.merge_field) that each reader's own values fill."""
        wording = self.draft(language, subject, text, html, headers)
        wording.save()
        return wording

    def draft(self, language: str, subject: str, text: str, html: str, headers: Mapping[str, str]) -> "Wording":
        """A wording that is not stored yet, for those who store many at once."""
        return Wording(
            mailing=self,
            language=language,
            subject=validation.one_line(_("subject"), subject),
            text=validation.body(text),
            html=validation.body(html),
            headers=validation.extra(headers),
        )

    def address(self, wording: "Wording", readers: Any, now: datetime) -> int:
        """One row per reader; who has one already gets no second. Tells how many are new.

        `readers` is a QuerySet of three columns in this order: address, name, number of the row that the letter is
        owed to (it fills the merge fields, see message/merge_fields.py); or an iterable of such triples.
        """
        return write_rows(self, wording, readers, now)

    def address_each(self, letters: "Iterable[tuple[str, str, int, Wording]]", now: datetime) -> int:
        """The same for readers with a wording each: address, name, number of the row, and the wording."""
        return write_each(self, letters, now)

    def start(self, now: datetime) -> None:
        """All readers have their row."""
        Mailing.objects.filter(pk=self.pk, addressed_at=None).update(addressed_at=now)
        self.refresh_from_db()

    def reopen(self, now: datetime) -> None:
        """A reader's row came late: it leaves too, even when all the others have left."""
        self.start(now)
        self._changed(Mailing.objects.filter(pk=self.pk, cancelled_at=None).update(finished_at=None))

    def pause(self, now: datetime, reason: str = "") -> bool:
        """Hold the letters that have not left. True when it was going."""
        going = Mailing.objects.going().filter(pk=self.pk)
        return self._changed(going.update(paused_at=now, pause_reason=reason))

    def resume(self) -> bool:
        """Let them leave again. True when it was paused."""
        paused = Mailing.objects.filter(pk=self.pk, finished_at=None, cancelled_at=None).exclude(paused_at=None)
        return self._changed(paused.update(paused_at=None, pause_reason=""))

    def stop(self, now: datetime, reason: str = "") -> int:
        """Nobody else gets it. Tells how many letters had not left; what has left stays sent."""
        open_end = Mailing.objects.filter(pk=self.pk, finished_at=None, cancelled_at=None)
        if not self._changed(open_end.update(cancelled_at=now)):
            return 0
        return self.deliveries.leave_out(LeftOut.CANCELLED, now, reason)

    def _changed(self, rows: int) -> bool:
        self.refresh_from_db()
        return rows == 1


class Wording(models.Model):
    """What a mailing says in one language to readers with the same rights. Never changed once written."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("mailing"))
    language = models.CharField(_("language"), max_length=5)
    subject = models.TextField(_("subject"))
    text = models.TextField(_("text"))
    html = models.TextField(_("text with layout"))
    headers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")

    def __str__(self) -> str:
        return self.subject

    def as_letter(self, **own: Any) -> builder.Letter:
        """What travels; without the recipient and the Message-ID that a row brings."""
        mailing = self.mailing
        fields: dict[str, Any] = {
            "sender": mailing.from_email,
            "recipient": "",
            "reply_to": tuple(mailing.reply_to),
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "language": self.language,
            "headers": self.headers,
            "message_id": "",
            "dated_at": mailing.dated_at,
        }
        return builder.Letter(**fields | own)

    def template(self) -> builder.Template:
        """Compiled once for all readers."""
        return builder.build_template(self.as_letter(), boundary=f"{self.mailing.key}.{self.pk}")
