"""What a new coordination area still has to decide: five steps that stay on the desk until they are done."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models.coordination_area import CoordinationArea


class SetupStepQuerySet(models.QuerySet["SetupStep"]):
    def run_by(self, user: Any) -> "SetupStepQuerySet":
        """Those of the areas this person coordinates."""
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())

    def with_state(self) -> "SetupStepQuerySet":
        """With `is_done`. The last one is done by whoever makes a network."""
        networks = CoordinationArea.objects.filter(pk=OuterRef("area"), networks__isnull=False)
        made = Q(step=SetupStep.NETWORK) & Exists(networks)
        return self.annotate(is_done=ExpressionWrapper(Q(done_at__isnull=False) | made, models.BooleanField()))

    def in_order(self) -> "SetupStepQuerySet":
        """Area by area, as one takes them."""
        places = [When(step=step, then=Value(place)) for place, (step, _label) in enumerate(SetupStep.STEPS)]
        return self.order_by("area", Case(*places, output_field=IntegerField()), "pk")

    def start(self, area: CoordinationArea) -> None:
        """All steps of a new area. Doing it again changes nothing."""
        rows: Any = [SetupStep(area=area, step=step) for step, _label in SetupStep.STEPS]
        self.bulk_create(rows, ignore_conflicts=True)

    def finish(self, now: datetime) -> bool:
        """True when it was not done before."""
        return self.filter(done_at=None).update(done_at=now) > 0


class SetupStep(models.Model):
    """One step of one area. Areas that were there before the steps have none."""

    NAME, MUNICIPALITIES, LOOK, MAIL, NETWORK = "name", "municipalities", "look", "mail", "network"
    STEPS = [
        (NAME, _("Name and languages")),
        (MUNICIPALITIES, _("Municipalities")),
        (LOOK, _("Logo and colour")),
        (MAIL, _("A test of the mail")),
        (NETWORK, _("The first network")),
    ]

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="setup_steps", verbose_name=_("area")
    )
    step = models.CharField(_("step"), max_length=20, choices=STEPS)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = SetupStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("first step")
        verbose_name_plural = _("first steps")
        constraints = [
            models.UniqueConstraint(fields=["area", "step"], name="setup_step_once_per_area"),
            models.CheckConstraint(
                condition=Q(step__in=["name", "municipalities", "look", "mail", "network"]), name="setup_step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())

    def get_absolute_url(self) -> str:
        """Where it is done."""
        if self.step == self.NETWORK:
            return f"{reverse('admin:networks_network_add')}?area={self.area_id}"
        return reverse("setup-step", args=[self.area.slug, self.step])
