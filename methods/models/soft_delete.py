"""Soft delete: rows that their owner removes and may put back for a while, undo instead of "Are you sure?"."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class RemovableQuerySet(models.QuerySet[Any]):
    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)

    def removed_before(self, moment: datetime) -> Self:
        """Those that nobody has put back since."""
        return self.filter(removed_at__lt=moment)


class Removable(models.Model):
    """Taken away by a date; the daily round forgets the row a month later."""

    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects: Any

    class Meta:
        abstract = True

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    def remove(self, now: datetime) -> bool:
        """True when this call did it."""
        return self._marked(type(self).objects.kept(), now)

    def put_back(self) -> bool:
        """Undo. True when this call did it."""
        return self._marked(type(self).objects.removed(), None)

    def _marked(self, standing: Any, value: datetime | None) -> bool:
        """Only a row that stands as expected is changed, so that a second click finds nothing to do."""
        taken = standing.filter(pk=self.pk).update(removed_at=value)
        self.refresh_from_db()
        return bool(taken)
