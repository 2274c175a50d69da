"""Invitations to coordinate an area: a letter to an address, and what became of it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.coordination_area import CoordinationArea
from contacts.models.user import User
from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField, NameField

VALID = timedelta(days=14)
AGAIN = timedelta(minutes=1)


class InvitationOver(Exception):
    """The invitation has been accepted, taken back, or is too old."""

    def __str__(self) -> str:
        return str(_("This invitation is no longer valid. Ask for a new one from whoever invited you."))


class CoordinatorInvitationQuerySet(models.QuerySet["CoordinatorInvitation"]):
    def waiting(self, now: datetime) -> "CoordinatorInvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(accepted_at=None, sent_at__gt=now - VALID)

    def unanswered(self) -> "CoordinatorInvitationQuerySet":
        """Also those that have grown too old."""
        return self.filter(accepted_at=None).select_related("area").order_by("-sent_at", "-pk")

    def invite(
        self, area: CoordinationArea, email: str, *, name: str, language: str, by: User | None, now: datetime
    ) -> "CoordinatorInvitation":
        """Invite an address, or invite it anew with a younger link. A second click within a minute changes nothing."""
        email = normal(email)
        if just_now := self.filter(area=area, email=email, accepted_at=None, sent_at__gt=now - AGAIN).first():
            return just_now
        words = {"name": name, "language": language, "invited_by": by, "sent_at": now}
        invitation, _is_new = self.update_or_create(area=area, email=email, accepted_at=None, defaults=words)
        return invitation


class CoordinatorInvitation(models.Model):
    """One address and one area. The link in the letter is signed; accepting it gives the rights."""

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="coordinator_invitations", verbose_name=_("area")
    )
    email = AddressField(_("e-mail"))
    name = NameField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=User.LANGUAGES, default="fi")
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    sent_at = models.DateTimeField(_("sent"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = CoordinatorInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator's invitation")
        verbose_name_plural = _("coordinators' invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "email"], condition=models.Q(accepted_at=None), name="coordinator_invited_once"
            )
        ]

    def __str__(self) -> str:
        return f"{readable(self.email)} – {self.area}"

    def is_over(self, now: datetime) -> bool:
        return self.accepted_at is not None or self.sent_at <= now - VALID

    @property
    def valid_until(self) -> datetime:
        return self.sent_at + VALID

    @transaction.atomic
    def accept(self, now: datetime) -> User:
        """Give the address an account, if it has none, and the area to coordinate. Raises InvitationOver."""
        mine: Any = CoordinatorInvitation.objects.filter(pk=self.pk).waiting(now)
        if mine.update(accepted_at=now) != 1:
            raise InvitationOver
        person = User.objects.filter(email__iexact=self.email).first()
        if person is None:
            person = User.objects.create_user(self.email, name=self.name, language=self.language)
        if not person.is_active:
            raise InvitationOver
        self.area.appoint(person, on=timezone.localdate(now))
        return person
