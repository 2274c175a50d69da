"""Guests who asked not to be invited by hand any more: known by the key of their address only."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from lib.querysets import InArea
from outbox.models.suppression import address_key

if TYPE_CHECKING:
    from meetings.models.participation import Participation


class InvitationOptOutQuerySet(InArea, models.QuerySet["InvitationOptOut"]):
    def of(self, area: CoordinationArea, email: str) -> "InvitationOptOutQuerySet":
        return self.filter(area=area, key=address_key(email))

    # verbs

    @transaction.atomic
    def add(self, guest: "Participation", now: datetime) -> None:
        """No more invitations by hand to this address in this area, from those that wait on. Again changes nothing."""
        area, email = guest.meeting.area, guest.address
        self.get_or_create(area=area, key=address_key(email), defaults={"since": now})
        unasked = type(guest).objects.at_address(email).filter(meeting__area=area, is_guest=True, asked_at=None)
        unasked.filter(answer="").delete()

    def lift(self, area: CoordinationArea, email: str) -> int:
        """The guest wants invitations after all."""
        return self.of(area, email).delete()[0]


class InvitationOptOut(models.Model):
    """One address in one area."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    key = models.BinaryField(_("key of the address"), max_length=32)
    since = models.DateTimeField(_("since"))

    objects = InvitationOptOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest who wants no invitations")
        verbose_name_plural = _("guests who want no invitations")
        constraints = [models.UniqueConstraint(fields=["area", "key"], name="opt_out_once_per_address")]

    def __str__(self) -> str:
        return f"{self.area}: {self.since:%Y-%m-%d}"
