"""Rows about the portal's own work: what a round could not deal with, and which forms have been sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

STUCK = 3  # failures after which a person should look
LONGEST_REST = timedelta(hours=1)
# A failed row is tried again within the hour, by a daily round the next day: later than this nobody tries it any more.
TRIED = timedelta(days=2)
# A form that was sent is recognised for this long: who comes back to its page later gets a new one.
RECOGNISED = timedelta(days=2)


class FailedRowQuerySet(models.QuerySet["FailedRow"]):
    def of(self, round: str, model: type[models.Model]) -> "FailedRowQuerySet":
        """What failed in one round, of one model."""
        return self.filter(round=round, model=model._meta.label_lower)

    def stuck(self, now: datetime) -> "FailedRowQuerySet":
        """Those that failed three times and are still tried."""
        return self.filter(times__gte=STUCK, last_failed_at__gt=now - TRIED)

    def abandoned(self, now: datetime) -> "FailedRowQuerySet":
        """Those that nobody tries any more: their round is gone, or what they belonged to."""
        return self.filter(last_failed_at__lte=now - TRIED)

    def oldest_first(self) -> "FailedRowQuerySet":
        return self.order_by("first_failed_at", "pk")

    def record(self, round: str, model: type[models.Model], key: Any, reason: str, now: datetime) -> None:
        """A row failed, once more or for the first time."""
        row = {"round": round, "model": model._meta.label_lower, "key": str(key)}
        facts = {"last_failed_at": now, "reason": reason}
        if not self.filter(**row).update(times=F("times") + 1, **facts):
            self.get_or_create(**row, defaults={"first_failed_at": now, **facts})

    def forget(self, keys: Collection[Any]) -> None:
        """These have succeeded, or are due no more."""
        if keys:
            self.filter(key__in=[str(key) for key in keys]).delete()


class FailedRow(models.Model):
    """One row of any model on which one round fails. It goes when the row succeeds, or is due or there no more."""

    round = models.CharField(max_length=100)
    model = models.CharField(max_length=100)  # as "meetings.participation"
    key = models.CharField(max_length=40)  # its primary key as text
    first_failed_at = models.DateTimeField()
    last_failed_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300)

    objects = FailedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row that fails")
        verbose_name_plural = _("rows that fail")
        constraints = [models.UniqueConstraint(fields=["round", "model", "key"], name="failed_row_once_per_round")]

    def __str__(self) -> str:
        return f"{self.round}: {self.model} {self.key}"

    def rests_at(self, now: datetime) -> bool:
        """Whether it is left alone still: two minutes after the first failure, then twice as long, an hour at most."""
        return now < self.last_failed_at + min(timedelta(minutes=2 ** min(self.times, 10)), LONGEST_REST)


class SentFormQuerySet(models.QuerySet["SentForm"]):
    def over(self, now: datetime) -> "SentFormQuerySet":
        return self.filter(sent_at__lte=now - RECOGNISED)


class SentForm(models.Model):
    """A form that was sent and how it was answered: who sends it again gets the same answer (lib/forms/once.py)."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of its token, its address, its content and the person
    sent_at = models.DateTimeField(db_index=True)
    location = models.TextField(blank=True)
    body = models.TextField(blank=True)  # of the small page that closes a window of the admin; it leads nowhere
    messages = models.JSONField(default=list, encoder=MessageEncoder, decoder=MessageDecoder)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")

    def __str__(self) -> str:
        return self.key

    def answer(self, location: str, body: str, messages: list[Any]) -> None:
        """Remember where it led, and what the next page says."""
        self.location, self.body, self.messages = location, body, messages
        self.save(update_fields=["location", "body", "messages"])
