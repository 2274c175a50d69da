"""What belongs to a meeting to be read: slides, papers, recordings, as links."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models.agenda import AgendaItem


class MaterialQuerySet(models.QuerySet["Material"]):
    def shown_to(self, is_inside: bool) -> "MaterialQuerySet":
        """Materials of a meeting that a reader may see; those for members only when the meeting is the reader's own."""
        return self if is_inside else self.filter(visibility=AgendaItem.EVERYBODY)

    def run_by(self, user: Any) -> "MaterialQuerySet":
        return self if user.is_superuser else self.filter(meeting__area__in=user.area_ids_run())

    def in_order(self) -> "MaterialQuerySet":
        return self.order_by("added_at", "pk")


class Material(models.Model):
    """One link with words that say what is behind it."""

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("what it is"), max_length=160, help_text=_("For example: slides of the opening (PDF)."))
    url = models.URLField(_("link"), max_length=1000)
    visibility = models.CharField(
        _("shown to"), max_length=10, choices=AgendaItem.VISIBILITIES, default=AgendaItem.MEMBERS
    )
    added_at = models.DateTimeField(_("added"), editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a meeting", "material")
        verbose_name_plural = pgettext_lazy("of a meeting", "materials")
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="material_link_is_of_the_web",
                violation_error_message=_("The link must begin with https:// or http://."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
