"""A text that several people may write during a meeting, saved as they type; nobody overwrites another unknowingly."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from meetings.exceptions import OtherWords

LONGEST = 20_000


class Note(models.Model):
    """Notes with a number that grows at every save (an optimistic lock, as HTTP's If-Match: RFC 9110, 13.1.1)."""

    notes = models.TextField(_("notes"), blank=True, editable=False)
    notes_version = models.PositiveIntegerField(default=0, editable=False)
    notes_at = models.DateTimeField(_("written"), null=True, blank=True, editable=False)
    notes_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    def refuse_if_locked(self) -> None:
        """Raises MinutesLocked."""
        raise NotImplementedError

    def write(self, notes: str, version: int, now: datetime, by: Any) -> None:
        """Keep the text if it still is the one that was opened. Raises OtherWords or MinutesLocked.

        The same text again is no conflict: an answer that was lost on the way is simply repeated.
        """
        self.refuse_if_locked()
        kept = {"notes": notes, "notes_version": F("notes_version") + 1, "notes_at": now, "notes_by": by}
        rows = type(self)._default_manager.filter(pk=self.pk)
        taken = rows.filter(notes_version=version).update(**kept)
        self.refresh_from_db(fields=["notes", "notes_version", "notes_at"])
        if not taken and self.notes != notes:
            raise OtherWords(self.notes, self.notes_version)
