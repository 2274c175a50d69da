"""News of letters after they left: kept once, and what follows from it for the address."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.querysets import InArea
from lib.text.addresses import normal
from outbox.incoming import bounce_parser, mime_parser, smtp_status
from outbox.incoming.smtp_status import AddressEffect, Cause, SmtpStatus
from outbox.message import validation
from outbox.models.delivery import Delivery
from outbox.models.suppression import Suppression

# Trouble with an address adds up, at most once a day, and is forgotten after a week without (GNU Mailman, 2.8).
THRESHOLD = 5
FORGOTTEN = timedelta(days=7)
PERMANENT, PASSING = 1.0, 0.5
LONGEST_DETAIL = 1000


class MailEventQuerySet(InArea, models.QuerySet["MailEvent"]):
    area_path = "delivery__area_id"

    # questions

    def refused_by_rules(self, now: datetime, within: timedelta = timedelta(days=7)) -> "MailEventQuerySet":
        """Refusals of our letters as such: they count against nobody, but somebody should look."""
        return self.filter(type=MailEvent.Type.POLICY, at__gt=now - within)

    def score(self, email: str, now: datetime) -> float:
        """How much trouble there has been with an address, day by day back to the first week without any."""
        days: dict[Any, float] = {}
        for at, code, detail in self._troubles(email, now).values_list("at", "code", "detail"):
            if weight := _weight(smtp_status.of_reply(detail, code)):
                days[at.date()] = max(days.get(at.date(), 0), weight)
        total, last = 0.0, now.date()
        for day in sorted(days, reverse=True):
            if last - day > FORGOTTEN:
                break
            total, last = total + days[day], day
        return total

    def _troubles(self, email: str, now: datetime) -> "MailEventQuerySet":
        """What came back for now since the address was last let off the stop list."""
        lifted = Suppression.objects.of(email).aggregate(at=models.Max("lifted_at"))["at"]
        found = self.annotate(to=Lower("delivery__recipient")).filter(to=normal(email), at__lte=now)
        found = found.filter(type=MailEvent.Type.SOFT, at__gt=now - FORGOTTEN * 2 * THRESHOLD)
        return found.filter(at__gt=lifted) if lifted else found

    # verbs

    def record(self, delivery: Delivery | None, type: str, now: datetime, **more: str) -> "MailEvent | None":
        """Store one piece of news with all that follows from it. `more`: source, external_id, code, detail.

        None when the same news is known already.
        """
        detail = validation.body(more.pop("detail", ""))[:LONGEST_DETAIL]
        known_by = {"source": more.pop("source"), "external_id": more.pop("external_id")}
        fresh = {"delivery": delivery, "type": type, "at": now, "detail": detail, **more}
        with transaction.atomic():
            event, is_new = self.get_or_create(**known_by, defaults=fresh)
            if is_new:
                event.apply(now)
        return event if is_new else None

    def record_refusal(self, delivery: Delivery, reply: str, now: datetime) -> "MailEvent | None":
        """The relay said "never" to a letter while it was being handed over; once a day it counts."""
        news = MailEvent.Type.of_refusal(smtp_status.of_reply(reply))
        mark = f"{delivery.pk} {now:%Y-%m-%d}"
        code = smtp_status.enhanced_code(reply) or reply[:3]
        return self.record(delivery, news, now, source=AT_THE_DOOR, external_id=mark, code=code, detail=reply)


AT_THE_DOOR = "smtp"


class MailEvent(models.Model):
    """One piece of news about one letter: it came back, was reported as unwanted, was answered by a machine."""

    class Type(models.TextChoices):
        HARD = "bounce_hard", pgettext_lazy("news of a letter", "came back for good")
        SOFT = "bounce_soft", pgettext_lazy("news of a letter", "came back for now")
        POLICY = "bounce_policy", pgettext_lazy("news of a letter", "refused by a rule of the receiving house")
        DELAYED = "delayed", pgettext_lazy("news of a letter", "is late")
        COMPLAINT = "complaint", pgettext_lazy("news of a letter", "reported as unwanted")
        DELIVERED = "delivered", pgettext_lazy("news of a letter", "arrived")
        AUTO_REPLY = "auto_reply", pgettext_lazy("news of a letter", "answered by a machine")
        GONE = "gone", pgettext_lazy("news of a letter", "whoever had the mailbox has left the post")
        LEFT = "left", pgettext_lazy("news of a letter", "the reader left the list by letter")

        @classmethod
        def of_refusal(cls, meaning: SmtpStatus) -> "MailEvent.Type":
            by_effect = {AddressEffect.DEAD: cls.HARD, AddressEffect.TROUBLE: cls.SOFT, AddressEffect.NONE: cls.POLICY}
            return by_effect[meaning.effect]

        @classmethod
        def of_report(cls, report: bounce_parser.Report) -> "MailEvent.Type":
            if report.action in ("delivered", "relayed", "expanded"):
                return cls.DELIVERED
            known = {"complaint": cls.COMPLAINT, "delayed": cls.DELAYED}
            return known.get(report.action) or cls.of_refusal(report.meaning)

    delivery = models.ForeignKey(
        "outbox.Delivery", on_delete=models.SET_NULL, null=True, related_name="events", verbose_name=_("letter")
    )
    type = models.CharField(pgettext_lazy("of a letter", "what happened"), max_length=16, choices=Type.choices)
    at = models.DateTimeField(_("when"))
    source = models.CharField(_("where from"), max_length=40)
    external_id = models.CharField(_("mark at the source"), max_length=200)
    code = models.CharField(_("code"), max_length=20, blank=True)
    detail = models.TextField(_("in the sender's words"), blank=True)

    objects = MailEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("news of a letter")
        verbose_name_plural = _("news of letters")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="mail_event_once")]
        indexes = [models.Index(fields=["type", "-at"], name="mail_event_type")]

    def __str__(self) -> str:
        return str(self.get_type_display())

    @property
    def in_words(self) -> str:
        """What was said, with what it means where a mail server refused the letter."""
        if self.type in BACK or self.type == MailEvent.Type.DELAYED:
            return smtp_status.in_words(self.detail, self.code)
        return f"{self.code} {self.detail}".strip()

    def addresses(self) -> list[str]:
        """The addresses in the sender's words, but for the one that the letter went to."""
        own = self.delivery.recipient.lower() if self.delivery else ""
        found = (each.rstrip(".").lower() for each in mime_parser.ADDRESS.findall(self.detail))
        return [each for each in dict.fromkeys(found) if each != own]

    def apply(self, now: datetime) -> None:
        """What the news means for the letter and for its address."""
        delivery = Delivery.objects.filter(events=self)
        if self.type in BACK and self.source != AT_THE_DOOR:
            delivery.filter(bounced_at=None).update(bounced_at=now)
        if self.type == MailEvent.Type.COMPLAINT:
            delivery.filter(complained_at=None).update(complained_at=now)
        reason = self._suppression_reason(now)
        if reason and self.delivery:
            Suppression.objects.add(self.delivery.recipient, reason, now, event=self)

    def _suppression_reason(self, now: datetime) -> str:
        if self.type == MailEvent.Type.HARD:
            return Suppression.Reason.DEAD
        if self.type == MailEvent.Type.COMPLAINT:
            return Suppression.Reason.COMPLAINT
        if self.type == MailEvent.Type.SOFT and self.delivery:
            score = MailEvent.objects.score(self.delivery.recipient, now)
            return Suppression.Reason.FULL if score >= THRESHOLD else ""
        return ""


# The news of a letter that did not arrive.
BACK = (MailEvent.Type.HARD, MailEvent.Type.SOFT, MailEvent.Type.POLICY)
# From the news that counts least against an address to the news that counts most.
MILDEST_FIRST = (
    MailEvent.Type.DELIVERED,
    MailEvent.Type.DELAYED,
    MailEvent.Type.POLICY,
    MailEvent.Type.SOFT,
    MailEvent.Type.HARD,
    MailEvent.Type.COMPLAINT,
)


def _weight(meaning: SmtpStatus) -> float:
    """How much one day's trouble counts. Half, as long as nobody says for good and why."""
    if meaning.effect is AddressEffect.NONE:
        return 0
    return PERMANENT if meaning.is_permanent and meaning.cause is not Cause.REFUSED else PASSING
