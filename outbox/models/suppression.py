"""The suppression list: addresses that get no letters, known by a keyed hash only, so it may outlive an erasure."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.text.addresses import normal
from outbox.models.delivery import Delivery

BLOCK = 64  # of SHA-256, in bytes (RFC 2104)


def address_key(email: str) -> bytes:
    """HMAC-SHA256 of the address in its one spelling, 32 bytes."""
    return hmac.digest(settings.ADDRESS_KEY.encode(), normal(email).encode(), "sha256")


def rekey(rows: "models.QuerySet[Any]", mended: Mapping[str, str]) -> None:
    """Stops of addresses that were kept in another spelling hold for the mended one; for migrations.

    Where the mended one is stopped too, both stay.
    """
    for before, address in mended.items():
        key = hmac.digest(settings.ADDRESS_KEY.encode(), before.strip().encode().lower(), "sha256")
        try:
            with transaction.atomic():
                rows.filter(key=key).update(key=address_key(address))
        except IntegrityError:
            continue


@lru_cache
def pads(key: str) -> tuple[bytes, bytes]:
    """The inner and the outer half of the key, for a database that can hash but not HMAC (RFC 2104, 2)."""
    secret = key.encode()
    secret = (hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in secret), bytes(byte ^ 0x5C for byte in secret)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def current(self, now: datetime) -> "SuppressionQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)

    def for_letters_of(self, area_id: int | None) -> "SuppressionQuerySet":
        """Those that hold for the letters of an area."""
        return self.filter(Q(area_id=None) | Q(area_id=area_id))

    def run_by(self, user: Any) -> "SuppressionQuerySet":
        """Stops of the areas that this person coordinates, and what is known of addresses those areas wrote to."""
        if user.is_superuser:
            return self
        areas = user.area_ids_run()
        bounced = self.filter(area_id=None).annotate(address=Lower("event__delivery__recipient"))
        letters = Delivery.objects.annotate(address=Lower("recipient")).filter(area_id__in=areas)
        written_to = bounced.filter(Exists(letters.filter(address=OuterRef("address")))).order_by().values("pk")
        return self.filter(Q(area_id__in=areas) | Q(pk__in=written_to))

    def lifted_by(self, user: Any) -> "SuppressionQuerySet":
        """Those that this person may lift: what a reader wished is not a coordinator's to undo."""
        return self if user.is_superuser else self.run_by(user).exclude(reason__in=WISHES)

    def of_the_address(self) -> "SuppressionQuerySet":
        """Those that say something about the address itself, not about its owner's wish."""
        return self.filter(reason__in=[Suppression.Reason.DEAD, Suppression.Reason.FULL])

    def of_areas(self, areas: "list[int | None]") -> "SuppressionQuerySet":
        """Those that speak of just these areas' letters; None stands for the letters of all."""
        return self.filter(area_id=None) if None in areas else self.filter(area_id__in=areas)

    def of(self, email: str) -> "SuppressionQuerySet":
        return self.filter(key=address_key(email))

    def add(self, email: str, reason: str, now: datetime, area_id: int | None = None, **more: Any) -> "Suppression":
        """Write to this address no more. A second reason does not make a second row, but may make the stop wider.

        With an area it holds for the letters of that area alone: what one coordinator stops, others may still send.
        """
        self.of(email).filter(lifted_at=None, until__lte=now).update(lifted_at=F("until"))
        fresh = {"reason": reason, "since": now, **more}
        row, is_new = self.get_or_create(key=address_key(email), lifted_at=None, area_id=area_id, defaults=fresh)
        if not is_new and row.is_weaker_than(fresh.get("scope", Suppression.Scope.ALL), fresh.get("until")):
            self.filter(pk=row.pk).update(**{"until": None, "scope": Suppression.Scope.ALL, **fresh})
            row.refresh_from_db()
        return row

    def lift(self, now: datetime) -> int:
        """The addresses may be written to again."""
        return self.filter(lifted_at=None).update(lifted_at=now)


# Reasons that a reader gave.
WISHES = ("complaint", "erased")


class Suppression(models.Model):
    """One stop. Urgent letters (codes, cancellations of meetings) pass it."""

    class Reason(models.TextChoices):
        DEAD = "dead", pgettext_lazy("stop list", "the address does not exist")
        FULL = "full", pgettext_lazy("stop list", "letters keep coming back")
        COMPLAINT = "complaint", pgettext_lazy("stop list", "the reader reported a letter as unwanted")
        MANUAL = "manual", pgettext_lazy("stop list", "the coordinator stopped it")
        ERASED = "erased", pgettext_lazy("stop list", "the person asked to be forgotten")

    class Scope(models.TextChoices):
        ALL = "all", pgettext_lazy("stop list", "all but urgent letters")
        BULK = "bulk", pgettext_lazy("stop list", "newsletters only")

    key = models.BinaryField(_("key of the address"), max_length=32)
    # Of which area's letters it speaks; empty: of all, for it says something of the address or is its owner's wish.
    area_id = models.BigIntegerField(_("area"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    scope = models.CharField(_("what is stopped"), max_length=8, choices=Scope.choices, default=Scope.ALL)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    event = models.ForeignKey(
        "outbox.MailEvent", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("stopped address")
        verbose_name_plural = _("stopped addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(lifted_at=None, area_id=None), name="suppression_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["key", "area_id"], condition=Q(lifted_at=None), name="suppression_once_per_area"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())

    def is_weaker_than(self, scope: str, until: datetime | None) -> bool:
        """Would a stop of this scope and end stop more?"""
        is_wider = scope == Suppression.Scope.ALL and self.scope == Suppression.Scope.BULK
        is_longer = self.until is not None and (until is None or until > self.until)
        return is_wider or is_longer
