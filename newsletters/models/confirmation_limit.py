"""Limit of letters to confirm: how often an address that has not answered may be written to."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lib.text.addresses import normal


class ConfirmationLimitQuerySet(models.QuerySet["ConfirmationLimit"]):
    def claim(self, email: str, now: datetime) -> bool:
        """May this address be sent one more letter to confirm? At most one a day and three without an answer."""
        limit, is_first = self.get_or_create(address_hmac=_hmac(email), defaults={"letters": 1, "last_at": now})
        again = self.filter(pk=limit.pk, letters__lt=ConfirmationLimit.MOST, last_at__lte=now - ConfirmationLimit.PAUSE)
        return is_first or again.update(letters=F("letters") + 1, last_at=now) == 1

    def forget(self, emails: Iterable[str]) -> None:
        """The owner answered: count from the beginning."""
        self.filter(address_hmac__in=[_hmac(email) for email in emails]).delete()


class ConfirmationLimit(models.Model):
    """How many letters to confirm were sent to an address without an answer. The address itself is not kept."""

    MOST = 3
    PAUSE = timedelta(hours=24)

    address_hmac = models.CharField(_("key of the address"), max_length=64, unique=True)
    letters = models.PositiveSmallIntegerField(_("letters"))
    last_at = models.DateTimeField(_("last letter"))

    objects = ConfirmationLimitQuerySet.as_manager()

    class Meta:
        db_table = "newsletters_lettertally"
        verbose_name = _("tally of letters to confirm")
        verbose_name_plural = _("tallies of letters to confirm")

    def __str__(self) -> str:
        return f"{self.letters}"


def _hmac(email: str) -> str:
    return salted_hmac("newsletters.tally", normal(email), algorithm="sha256").hexdigest()
