"""How a published method lives on: how often it has been tried, and whether its authors still stand by it."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MONTHS = 24  # a published method is checked again this long after the last check
PATIENCE = timedelta(days=30)  # between the two letters


class ShelfLifeQuerySet(models.QuerySet[Any]):
    """Which methods are old enough to be looked at again. All of them are published."""

    def old(self, today: date) -> Self:
        """Not checked for 24 months."""
        limit = Q(verified_on__lte=months_before(today, MONTHS))
        return self.filter(limit, published_at__isnull=False, archived_at=None)

    def to_ask(self, now: datetime) -> Self:
        """Old ones whose authors have not been asked yet."""
        return self.old(timezone.localdate(now)).filter(check_asked_at=None)

    def to_remind(self, now: datetime) -> Self:
        """Old ones whose authors were asked a month ago and have said nothing."""
        asked = Q(check_asked_at__lte=now - PATIENCE, check_reminded_at=None)
        return self.old(timezone.localdate(now)).filter(asked)

    def unanswered(self, now: datetime) -> Self:
        """Old ones whose authors were asked twice: the coordinator decides."""
        old = self.old(timezone.localdate(now)).exclude(check_reminded_at=None)
        return old.order_by("verified_on", "pk")


class ShelfLife(models.Model):
    """The count of trials is kept by the verbs of `Trial`, so that long lists need not count."""

    trial_count = models.PositiveIntegerField(_("times tried"), default=0, db_default=0, editable=False)
    check_asked_at = models.DateTimeField(_("authors asked to check"), null=True, blank=True, editable=False)
    check_reminded_at = models.DateTimeField(_("authors asked again"), null=True, blank=True, editable=False)

    objects: Any

    class Meta:
        abstract = True

    def is_old(self: Any, today: date) -> bool:
        """Published, and nobody has checked it for 24 months."""
        return bool(self.is_published and self.verified_on and self.verified_on <= months_before(today, MONTHS))

    def verify(self, now: datetime) -> None:
        """Somebody who may edit this has read it and it is still right."""
        self._set(verified_on=timezone.localdate(now), check_asked_at=None, check_reminded_at=None)

    def ask_to_check(self, now: datetime) -> bool:
        """Take the turn to write to the authors. True when this call took it."""
        return bool(type(self).objects.to_ask(now).filter(pk=self.pk).update(check_asked_at=now))

    def remind_to_check(self, now: datetime) -> bool:
        """Take the turn to write once more. True when this call took it."""
        return bool(type(self).objects.to_remind(now).filter(pk=self.pk).update(check_reminded_at=now))

    def give_up_asking(self, now: datetime) -> None:
        """There is no author left to write to: it becomes the coordinator's at once."""
        self._set(check_reminded_at=now)

    def _set(self, **values: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
