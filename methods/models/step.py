"""The steps of a method, in order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from methods.models.method import Method


class MethodStepQuerySet(models.QuerySet["MethodStep"]):
    def in_order(self) -> "MethodStepQuerySet":
        return self.order_by("order", "pk")

    def replace(self, method: Method, steps: "list[MethodStep]") -> None:
        """Make these the steps of a method, in this order, in place of those it has."""
        self.filter(method=method).delete()
        for order, step in enumerate(steps, start=1):
            step.pk, step.method, step.order = None, method, order
        MethodStep.objects.bulk_create(steps)


class MethodStep(models.Model):
    """One step: what is done and, in a method, how many minutes it takes."""

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="steps", verbose_name=_("method"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("step"), max_length=120)
    text = models.TextField(_("what is done"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    is_in_advance = models.BooleanField(_("done in advance"), default=False)

    objects = MethodStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.title
