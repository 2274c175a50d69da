"""News of letters after they left, and the post that comes in: each message is kept once and understood once."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailEventQuerySet(models.QuerySet["MailEvent"]):
    def run_by(self, user: Any) -> "MailEventQuerySet":
        return self if user.is_superuser else self.filter(delivery__area_id__in=user.area_ids_run())


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
        LEFT = "left", pgettext_lazy("news of a letter", "the reader left the list by letter")

    delivery = models.ForeignKey(
        "outbox.Delivery", on_delete=models.SET_NULL, null=True, related_name="events", verbose_name=_("letter")
    )
    type = models.CharField(_("news"), max_length=16, choices=Type.choices)
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


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    def waiting(self) -> "InboundMessageQuerySet":
        """Those that nobody has read yet."""
        return self.filter(read_at=None)


class InboundMessage(models.Model):
    """One message that came in by mail or webhook. Its words are kept for thirty days."""

    class Kind(models.TextChoices):
        BOUNCE = "bounce", pgettext_lazy("incoming mail", "a letter that came back")
        COMPLAINT = "complaint", pgettext_lazy("incoming mail", "a complaint")
        AUTO_REPLY = "auto_reply", pgettext_lazy("incoming mail", "an answer of a machine")
        CALENDAR = "calendar", pgettext_lazy("incoming mail", "an answer of a calendar")
        LEAVING = "leaving", pgettext_lazy("incoming mail", "leaving a list")
        PERSON = "person", pgettext_lazy("incoming mail", "a person's letter")
        UNREADABLE = "unreadable", pgettext_lazy("incoming mail", "could not be read")

    sha256 = models.BinaryField(_("fingerprint"), max_length=32, unique=True)
    source = models.CharField(_("where from"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    received_at = models.DateTimeField(_("received"))
    read_at = models.DateTimeField(_("understood"), null=True, blank=True)
    delivery = models.ForeignKey(
        "outbox.Delivery", on_delete=models.SET_NULL, null=True, related_name="replies", verbose_name=_("letter")
    )
    error = models.TextField(_("what was wrong"), blank=True)
    raw = models.BinaryField(_("the message"), blank=True, default=b"")

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        indexes = [models.Index("received_at", condition=Q(read_at=None), name="inbound_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_at:%Y-%m-%d %H:%M}"
