"""Notes of a meeting that somebody else holds: what the network brought along, and what came out."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.querysets import InArea
from meetings.models.meeting import Meeting

LONGEST = 5_000


class ExternalNotesQuerySet(InArea, models.QuerySet["ExternalNotes"]):
    area_path = "meeting__area"

    def visible_to(self, user: Any) -> "ExternalNotesQuerySet":
        """Those of meetings one may see: the marked ones for everybody, the others for members of the area."""
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        if user.is_authenticated and user.is_superuser:
            return seen
        marked = Q(visibility=ExternalNotes.PUBLIC)
        return seen.filter(marked | Q(meeting__area__in=user.area_ids()) if user.is_authenticated else marked)

    def shown_beside(self, meeting: Meeting, user: Any) -> "ExternalNotes | None":
        """What was brought to this meeting and what came out, if there is something and a person may read it."""
        return self.visible_to(user).filter(meeting=meeting).first() if meeting.is_external else None

    def naming_before(self, moment: datetime) -> "ExternalNotesQuerySet":
        """Those that still name who went, of meetings that ended before a moment."""
        return self.exclude(represented_by="").filter(meeting__ends_at__lt=moment)

    def forget_names(self) -> int:
        """Take the names away; what was brought and what came out stay. Returns how many."""
        return self.update(represented_by="")


class ExternalNotes(models.Model):
    """One meeting held by others, seen from here."""

    MEMBERS, PUBLIC = "members", "public"
    VISIBILITIES = [(MEMBERS, _("members in the area")), (PUBLIC, _("everybody who sees the meeting"))]

    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="external_notes", verbose_name=_("meeting")
    )
    represented_by = models.CharField(
        _("who went for us"),
        max_length=200,
        blank=True,
        help_text=_("A post is enough. Names are removed by themselves two years after the meeting."),
    )
    brought = models.TextField(_("what we brought"), max_length=LONGEST, blank=True)
    came_out = models.TextField(_("what came out"), max_length=LONGEST, blank=True)
    visibility = models.CharField(_("who reads these notes"), max_length=10, choices=VISIBILITIES, default=MEMBERS)

    objects = ExternalNotesQuerySet.as_manager()

    class Meta:
        verbose_name = _("notes of a meeting held by others")
        verbose_name_plural = _("notes of meetings held by others")

    def __str__(self) -> str:
        return str(self.meeting)
