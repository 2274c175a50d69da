"""Who coordinates which area, from when to when."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.coordination_area import CoordinationArea
from contacts.models.user import User


class CoordinatorQuerySet(models.QuerySet["Coordinator"]):
    def current(self, on: date) -> "CoordinatorQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)


class Coordinator(models.Model):
    """Who coordinates which area, from when to when."""

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="coordinators", verbose_name=_("area")
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="coordinations", verbose_name=_("person"))
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        constraints = [
            models.UniqueConstraint(fields=["area", "user"], condition=Q(ended_on=None), name="coordinator_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="coordinator_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.area}"
