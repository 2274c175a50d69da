"""What has been done with an operating model: actions that can be counted, and dated events."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from contacts.models.term import term_field
from lib.querysets import InArea
from methods.models.method import Method
from methods.models.soft_delete import Removable, RemovableQuerySet


class ActionQuerySet(InArea, RemovableQuerySet):
    area_path = "method__area"

    def editable_by(self, user: Any) -> Self:
        """Those of the models this person may edit."""
        return self.filter(method__in=Method.objects.editable_by(user))

    def for_page(self) -> Self:
        return self.kept().select_related("kind").order_by("-starts_on", "-pk")

    def in_period(self, start: date, end: date) -> Self:
        """Those that were over within these days, so that each is counted in one period only."""
        over = self.kept().annotate(last_on=Coalesce("ends_on", "starts_on"))
        return over.filter(last_on__range=(start, end))

    def totals(self) -> dict[str, int]:
        """rows, occasions and people of all of them."""
        counted = self.aggregate(rows=Count("pk"), occasions=Sum("occasions"), people=Sum("people"))
        return {name: number or 0 for name, number in counted.items()}

    def by_kind(self) -> list[tuple[str, dict[str, int]]]:
        """(kind in words, its totals), the most occasions first."""
        found: dict[str, dict[str, int]] = {}
        for row in self.select_related("kind"):
            sums = found.setdefault(row.kind_words, {"rows": 0, "occasions": 0, "people": 0})
            sums["rows"] += 1
            sums["occasions"] += row.occasions
            sums["people"] += row.people or 0
        return sorted(found.items(), key=lambda each: (-each[1]["occasions"], each[0]))


class Action(Removable):
    """One row: a survey, ten workshops of a spring, the day a board took it up. Also what happened elsewhere counts."""

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="actions", verbose_name=_("model"))
    kind = term_field("action_kinds", _("kind"), null=True, blank=True)
    other_kind = models.CharField(_("other kind"), max_length=60, blank=True)
    what = models.CharField(_("what was done"), max_length=200)
    starts_on = models.DateField(_("day, or the first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    occasions = models.PositiveIntegerField(_("occasions"), default=1, help_text=_("How many times."))
    people = models.PositiveIntegerField(_("people"), null=True, blank=True, help_text=_("How many took part in all."))
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Where the figure comes from."))
    source_url = models.URLField(_("link"), blank=True)
    added_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    added_at = models.DateTimeField(_("written"), editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action done")
        verbose_name_plural = _("actions done")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="action_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=None) | ~Q(other_kind=""),
                name="action_has_a_kind",
                violation_error_message=_("Choose a kind, or write one of your own."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return f"{reverse('methods:method-detail', args=[self.method.slug])}#actions"

    @property
    def kind_words(self) -> str:
        return self.other_kind or str(self.kind)

    def record(self, method: Method, by: User, now: datetime) -> None:
        self.method, self.added_by, self.added_at = method, by, now
        self.save()
