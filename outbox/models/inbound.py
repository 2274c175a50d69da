"""The post that comes in: each message is kept once and understood once; a person's letter waits for a coordinator.

The words of machines are forgotten after thirty days, those of people thirty days after somebody has seen to them.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.masking import place_of, reason_of
from outbox.incoming import area_of_sender, bounce_parser, letter_text, match_delivery, verp
from outbox.models.delivery import Delivery
from outbox.models.event import MILDEST_FIRST, MailEvent
from outbox.models.suppression import Suppression

log = logging.getLogger(__name__)

# How much of a message is kept and read, in bytes: reports and answers stand at its beginning.
KEPT = 1_000_000
# How long the words of a message are kept: of a letter that waits for a person from when that was done, and at most.
KEEP, KEEP_WAITING = timedelta(days=30), timedelta(days=180)
MAIL = "mail"
REPORTS = (bounce_parser.Kind.BOUNCE, bounce_parser.Kind.DELAY, bounce_parser.Kind.COMPLAINT)


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    # questions

    def run_by(self, user: Any) -> "InboundMessageQuerySet":
        """Those of the areas that this person coordinates; messages of no area are the superuser's."""
        if user.is_superuser:
            return self
        areas = user.area_ids_run()
        return self.filter(Q(area_id__in=areas) | Q(area_id=None, delivery__area_id__in=areas))

    def unhandled(self) -> "InboundMessageQuerySet":
        """Letters on the desk that nobody has seen to."""
        return self.filter(on_desk_at__isnull=False, handled_at=None)

    def waiting(self) -> "InboundMessageQuerySet":
        """Those that nobody has read yet."""
        return self.filter(read_at=None)

    def oldest_first(self) -> "InboundMessageQuerySet":
        return self.order_by("received_at", "pk")

    def calendar_replies(self) -> "InboundMessageQuerySet":
        """Answers to invitations, the oldest first; their words are in `raw`."""
        return self.filter(kind=InboundMessage.Kind.CALENDAR, read_at__isnull=False).oldest_first()

    # verbs

    def receive(self, raw: bytes, source: str, now: datetime, size: int | None = None) -> bool:
        """Keep a message, or its beginning; `size` is that of the whole. False when it had come in before."""
        kept = raw[:KEPT]
        fingerprint = hashlib.sha256(kept).digest()
        fresh = {"source": source, "received_at": now, "raw": kept, "size": max(size or 0, len(raw))}
        return self.get_or_create(sha256=fingerprint, defaults=fresh)[1]

    def mark_handled(self, now: datetime) -> int:
        """Somebody has seen to these letters."""
        return self.update(handled_at=now)

    def forget(self, now: datetime) -> int:
        """Wipe the words of messages whose time is over; that they came, and what they were, stays."""
        of_machines = Q(on_desk_at=None, received_at__lte=now - KEEP)
        of_people = Q(handled_at__lte=now - KEEP) | Q(received_at__lte=now - KEEP_WAITING)
        old = self.filter(of_machines | of_people).exclude(raw=b"", sender="", subject="")
        return old.update(raw=b"", sender="", subject="")


class InboundMessage(models.Model):
    """One message that came in by mail or webhook. A person's letter stands on the desk until it has been seen to."""

    class Kind(models.TextChoices):
        BOUNCE = "bounce", pgettext_lazy("incoming mail", "a letter that came back")
        DELAY = "delay", pgettext_lazy("incoming mail", "word of a delay or of having arrived")
        COMPLAINT = "complaint", pgettext_lazy("incoming mail", "a complaint")
        AUTO_REPLY = "auto_reply", pgettext_lazy("incoming mail", "an answer of a machine")
        GONE = "gone", pgettext_lazy("incoming mail", "somebody has left the post")
        CALENDAR = "calendar", pgettext_lazy("incoming mail", "an answer of a calendar")
        LEAVING = "leaving", pgettext_lazy("incoming mail", "leaving a list")
        PERSON = "person", pgettext_lazy("incoming mail", "a person's letter")
        UNREADABLE = "unreadable", pgettext_lazy("incoming mail", "could not be read")

    sha256 = models.BinaryField(_("fingerprint"), max_length=32, unique=True)
    source = models.CharField(_("where from"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    sender = models.CharField(_("sender"), max_length=400, blank=True)
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    received_at = models.DateTimeField(_("received"))
    read_at = models.DateTimeField(_("understood"), null=True, blank=True)
    delivery = models.ForeignKey(
        "outbox.Delivery", on_delete=models.SET_NULL, null=True, related_name="replies", verbose_name=_("letter")
    )
    area_id = models.BigIntegerField(_("area"), null=True, blank=True)
    on_desk_at = models.DateTimeField(_("on the desk since"), null=True, blank=True)
    handled_at = models.DateTimeField(_("seen to"), null=True, blank=True)
    error = models.TextField(_("what was wrong"), blank=True)
    raw = models.BinaryField(_("the message"), blank=True, default=b"")

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        indexes = [
            models.Index("received_at", condition=Q(read_at=None), name="inbound_waiting"),
            models.Index("received_at", condition=Q(on_desk_at__isnull=False), name="inbound_on_desk"),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display() or f"{self.received_at:%Y-%m-%d %H:%M}"

    # questions

    @property
    def is_on_desk(self) -> bool:
        return self.on_desk_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.on_desk_at is not None and self.handled_at is None

    def letter(self) -> letter_text.LetterText:
        """What it says, and the names of what is attached; empty once its time is over."""
        return letter_text.read(bytes(self.raw))

    def reading(self) -> bounce_parser.Reading:
        return bounce_parser.read(bytes(self.raw))

    # verbs

    def read(self, now: datetime) -> None:
        """Understand it, or put it aside for good: only the database may ask for another attempt."""
        try:
            with transaction.atomic():
                self.understand(now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as wrong:
            log.error("message %s could not be understood: %s\n%s", self.pk, reason_of(wrong), place_of(wrong))
            self.mark_unreadable(now, wrong)

    def understand(self, now: datetime) -> None:
        """Find out what it is and which letter it is about, and take in what it says."""
        reading = self.reading()
        found = match_delivery.letter_named_by(reading)
        self.sender, self.subject = reading.sender[:400], reading.subject[:400]
        self.delivery = found.letter
        if self.size > KEPT:
            self.error = gettext("The message was too big (%(size)s): only its beginning was kept and read.") % {
                "size": filesizeformat(self.size)
            }
        if found.is_forged and reading.kind != bounce_parser.Kind.PERSON:
            self.kind, self.error = (
                self.Kind.UNREADABLE,
                gettext("It came to an address that this portal never gave out."),
            )
        else:
            self.kind = self._process(reading, now)
        self.area_id = self._area(reading, now)
        self.on_desk_at = now if self.kind in (self.Kind.PERSON, self.Kind.GONE) else None
        self.read_at = now
        self.save()

    def show_on_desk(self, now: datetime) -> None:
        """What no room knows what to do with is read by a person."""
        InboundMessage.objects.filter(pk=self.pk, on_desk_at=None).update(on_desk_at=now)

    def assign_area(self, area_id: int) -> None:
        """A room knows whose it is."""
        InboundMessage.objects.filter(pk=self.pk).update(area_id=area_id)

    def mark_handled(self, now: datetime) -> None:
        InboundMessage.objects.unhandled().filter(pk=self.pk).mark_handled(now)

    def reopen(self) -> None:
        """It was not seen to after all."""
        InboundMessage.objects.filter(pk=self.pk).update(handled_at=None)

    @transaction.atomic
    def stop_address(self, now: datetime) -> str:
        """The coordinator agrees that nobody reads the address any more: it is asked who follows. Gives the address.

        Empty when it is not known to whom the letter went that was answered so.
        """
        news = self.delivery and self.delivery.events.filter(type=MailEvent.Type.GONE).order_by("-pk").first()
        if not self.delivery or not news:
            return ""
        Suppression.objects.add(self.delivery.recipient, Suppression.Reason.DEAD, now, event=news)
        self.mark_handled(now)
        return self.delivery.recipient

    def mark_unreadable(self, now: datetime, wrong: Exception) -> None:
        """Nobody could read it; it is kept for whoever wants to try."""
        InboundMessage.objects.filter(pk=self.pk).update(
            kind=self.Kind.UNREADABLE,
            read_at=now,
            delivery=None,
            error=bounce_parser.mime_parser.clean(repr(wrong))[:1000],
        )

    def _process(self, reading: bounce_parser.Reading, now: datetime) -> str:
        token = next(filter(None, map(verp.unsubscribe_token, reading.addressed_to)), "")
        if token and reading.kind not in REPORTS:
            self._record(self.delivery, MailEvent.Type.LEFT, reading, now, detail=token[:200])
            return self.Kind.LEAVING
        if reading.kind in REPORTS:
            self._process_reports(reading, now)
        elif reading.kind == bounce_parser.Kind.AUTO_REPLY and self.delivery:
            self._record(self.delivery, MailEvent.Type.AUTO_REPLY, reading, now)
        elif reading.kind == bounce_parser.Kind.GONE:
            self._process_gone(reading, now)
        return self.Kind(reading.kind.value)

    def _process_gone(self, reading: bounce_parser.Reading, now: datetime) -> None:
        """The letter that was answered so, or else the newest one to that mailbox, knows which address is meant."""
        self.delivery = self.delivery or match_delivery.newest_letter_to(reading.mailbox, now)
        if self.delivery:
            self._record(self.delivery, MailEvent.Type.GONE, reading, now, detail=reading.gone)

    def _area(self, reading: bounce_parser.Reading, now: datetime) -> int | None:
        """Of the letter it answers; else of whoever wrote, or of whom it was written to."""
        if self.delivery and self.delivery.area_id:
            return self.delivery.area_id
        known = area_of_sender.area_of(reading.mailbox, reading.addressed_to)
        return known or match_delivery.area_of_newest_letter_to(reading.mailbox)

    def _process_reports(self, reading: bounce_parser.Reading, now: datetime) -> None:
        """A report on a letter that it names with our own mark counts in full.

        One that names only an address could come from anybody: a complaint of that sort counts nothing, and a bounce
        no more than a passing trouble.
        """
        if self.delivery:
            report = _about(self.delivery, reading.reports)
            if report:
                self._report(self.delivery, MailEvent.Type.of_report(report), report, reading, now)
            return
        for report in reading.reports:
            news = MailEvent.Type.of_report(report)
            letter = match_delivery.newest_letter_to(report.recipient, now)
            if letter and news != MailEvent.Type.COMPLAINT:
                self.delivery = self.delivery or letter
                weak = MailEvent.Type.SOFT if news == MailEvent.Type.HARD else news
                self._report(letter, weak, report, reading, now)

    def _report(
        self, letter: Delivery, news: str, report: bounce_parser.Report, reading: bounce_parser.Reading, now: datetime
    ) -> None:
        self._record(letter, news, reading, now, code=report.status[:20], detail=report.diagnostic)

    def _record(
        self, letter: Delivery | None, news: str, reading: bounce_parser.Reading, now: datetime, **more: str
    ) -> None:
        """The same message, come in twice on different ways, is one piece of news."""
        mark = reading.message_id or self.sha256.hex()
        mark = hashlib.sha256(f"{mark} {letter.pk if letter else ''} {news}".encode()).hexdigest()
        MailEvent.objects.record(letter, news, now, source=MAIL, external_id=mark, **more)


def _about(letter: Delivery, reports: tuple[bounce_parser.Report, ...]) -> bounce_parser.Report | None:
    """The report on its reader. Of several on others (the address was one of a group), the one that says least."""
    own = [report for report in reports if report.recipient.lower() == letter.recipient.lower()] or list(reports)
    return min(own, key=lambda report: MILDEST_FIRST.index(MailEvent.Type.of_report(report)), default=None)
