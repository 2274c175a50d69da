"""A free place offered to the first in line: good until its deadline, then it goes to the next."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> "OfferQuerySet":
        """Those that nobody has answered and no round has taken back."""
        return self.filter(accepted_at=None, declined_at=None, lapsed_at=None)

    def due(self, now: datetime) -> "OfferQuerySet":
        """Open ones past their deadline."""
        return self.open().filter(expires_at__lte=now)

    # verbs: an offer ends once

    def accept(self, now: datetime) -> int:
        return self.open().update(accepted_at=now)

    def decline(self, now: datetime) -> int:
        return self.open().update(declined_at=now)

    def expire(self, now: datetime) -> int:
        """Nobody answered in time."""
        return self.due(now).update(lapsed_at=now)


class Offer(models.Model):
    """One place held for one person. It ends in one of three ways: accepted, declined or lapsed."""

    participation = models.ForeignKey(
        "meetings.Participation", on_delete=models.CASCADE, related_name="offers", verbose_name=_("participant")
    )
    made_at = models.DateTimeField(_("offered"))
    expires_at = models.DateTimeField(_("answer by"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("lapsed"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    if TYPE_CHECKING:
        participation_id: int

    class Meta:
        verbose_name = _("offer of a place")
        verbose_name_plural = _("offers of places")
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(accepted_at=None, declined_at=None, lapsed_at=None),
                name="offer_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, declined_at=None)
                | Q(accepted_at=None, lapsed_at=None)
                | Q(declined_at=None, lapsed_at=None),
                name="offer_ends_one_way",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="offer_by_deadline")]

    def __str__(self) -> str:
        return f"{self.participation} – {self.expires_at:%Y-%m-%d %H:%M}"
