"""A meeting that somebody else holds: who holds it, what the network brought along, and what came out."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Organisation

LONGEST = 5_000


class MayBeExternal(models.Model):
    """Mixed into Meeting: facts of the public page."""

    held_by = models.CharField(
        _("who holds it"),
        max_length=160,
        blank=True,
        db_default="",
        help_text=_("The network or body as people know it. Only for a meeting held by somebody else."),
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("organisation that holds it"),
        help_text=_("When it is in the register. Its name is shown if the box above is empty."),
    )

    class Meta:
        abstract = True

    def taken_home(self, user: Any) -> "ExternalNotes | None":
        """What was brought and what came out, if there is something and a person may read it."""
        meeting: Any = self
        if not meeting.is_external:
            return None
        return ExternalNotes.objects.visible_to(user).filter(meeting=meeting).first()


class ExternalNotesQuerySet(models.QuerySet["ExternalNotes"]):
    def visible_to(self, user: Any) -> "ExternalNotesQuerySet":
        """Those of meetings one may see: the marked ones for everybody, the others for members of the area."""
        from meetings.models.meeting import Meeting  # a meeting stands on this module

        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        if user.is_authenticated and user.is_superuser:
            return seen
        marked = Q(visibility=ExternalNotes.PUBLIC)
        return seen.filter(marked | Q(meeting__area__in=user.area_ids()) if user.is_authenticated else marked)

    def run_by(self, user: Any) -> "ExternalNotesQuerySet":
        return self if user.is_superuser else self.filter(meeting__area__in=user.area_ids_run())

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
