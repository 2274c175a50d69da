"""The key to a person's own calendar feed: a secret address that a calendar program fetches again and again."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Coordinator, User
from networks.models import Membership

BYTES = 32


class CalendarKeyQuerySet(models.QuerySet["CalendarKey"]):
    def opening(self, secret: str) -> "CalendarKeyQuerySet":
        """The key with this secret, as long as its owner belongs to a network or coordinates an area."""
        member = Membership.objects.active().filter(user=OuterRef("user"))
        runs = Coordinator.objects.current(timezone.localdate()).filter(user=OuterRef("user"))
        alive = self.filter(Exists(member) | Exists(runs), user__is_active=True)
        return alive.filter(digest=_digest(secret)).select_related("user")

    def with_answers(self) -> "CalendarKeyQuerySet":
        """Each with how many answers its owner has given (`answers`) and when the latest (`answered_at`)."""
        given = Q(user__participations__answered_at__isnull=False)
        return self.annotate(
            answers=Count("user__participations", filter=given), answered_at=Max("user__participations__answered_at")
        )


class CalendarKey(models.Model):
    """One person's key. The secret itself is shown once and never stored, so nobody can read it from the database."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_key", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))

    objects = CalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def renew(cls, user: Any, now: datetime) -> str:
        """A new secret for this person, to be shown now; the old address dies."""
        secret = secrets.token_urlsafe(BYTES)
        cls.objects.update_or_create(user=user, defaults={"digest": _digest(secret), "made_at": now})
        return secret


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
