"""Rows whose free text is held back until a coordinator has read it: it may hold somebody's personal data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


def labelled(row: Any, names: Sequence[str]) -> list[tuple[str, str]]:
    """(label, text) of some boxes of a row, as whoever reads it for others sees them."""
    return [(str(row._meta.get_field(name).verbose_name), getattr(row, name)) for name in names]


class HeldTextQuerySet:
    """To be mixed into the QuerySet of a model whose text may be held."""

    def held_back(self: Any) -> Any:
        """Those that only their writer and the coordinators of the area see."""
        return self.exclude(held_at=None)

    def oldest_held_first(self: Any) -> Any:
        """Those that wait for the coordinator, then those that wait for their writer."""
        return self.order_by(models.F("mend_asked_at").asc(nulls_first=True), "held_at", "pk")


class HeldText(models.Model):
    """Held since a moment. A coordinator lets it through, or asks its writer to mend it."""

    held_at = models.DateTimeField(_("held for the coordinator"), null=True, blank=True, editable=False)
    mend_asked_at = models.DateTimeField(_("asked to mend"), null=True, blank=True, editable=False)

    FREE_TEXTS: ClassVar[Sequence[str]] = ()
    objects: Any

    class Meta:
        abstract = True

    def texts(self) -> list[tuple[str, str]]:
        return labelled(self, self.FREE_TEXTS)

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

    def hold(self, now: datetime) -> bool:
        """Show it to nobody else for now. True when this call did it; a held one waits for the coordinator again."""
        type(self).objects.filter(pk=self.pk).update(mend_asked_at=None)
        return self._take(held_at=None, to={"held_at": now})

    def release(self) -> bool:
        """A coordinator has read it, or its writer has mended it: others see it. True when this call did it."""
        return self._take(held_at__isnull=False, to={"held_at": None, "mend_asked_at": None})

    def ask_to_mend(self, now: datetime) -> bool:
        """Its writer is to change it first. True when this call did it."""
        return self._take(held_at__isnull=False, mend_asked_at=None, to={"mend_asked_at": now})

    def _take(self, to: dict[str, Any], **standing: Any) -> bool:
        """Only a row that stands as expected is changed, so that a second click finds nothing to do."""
        taken = type(self).objects.filter(pk=self.pk, **standing).update(**to)
        self.refresh_from_db(fields=["held_at", "mend_asked_at"])
        return bool(taken)
