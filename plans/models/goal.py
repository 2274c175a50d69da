"""The parts of a plan: goals, the measures that carry them out, and the indicators that tell how it went."""

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Organisation, Term, User
from contacts.models.term import term_field
from lib.querysets import InArea

if TYPE_CHECKING:
    from plans.models.plan import Plan


class OrderedQuerySet(models.QuerySet[Any]):
    def in_order(self) -> "OrderedQuerySet":
        return self.order_by("order", "code", "pk")


class GoalQuerySet(InArea, OrderedQuerySet):
    area_path = "plan__area"


class Goal(models.Model):
    """What the plan aims at."""

    plan = models.ForeignKey("plans.Plan", on_delete=models.CASCADE, related_name="goals", verbose_name=_("plan"))
    code = models.CharField(_("number"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    status = term_field("goal_statuses", pgettext_lazy("goal", "status"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="goal_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def progress(self) -> int | None:
        """How far its measures are on average, in per cent; None without measures. Reads what was prefetched."""
        done = [measure.progress for measure in self.measures.all()]
        return round(sum(done) / len(done)) if done else None

    def copy_to(self, plan: "Plan", planned: Term | None) -> None:
        """The same goal in another plan, at its beginning."""
        copy = Goal.objects.create(
            plan=plan, code=self.code, title=self.title, description=self.description, status=planned, order=self.order
        )
        for measure in self.measures.in_order():
            measure.copy_to(copy, planned)
        Indicator.objects.bulk_create(indicator.begun_again(copy) for indicator in self.indicators.in_order())


class Measure(models.Model):
    """What is done for a goal, by whom and until when."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures", verbose_name=_("goal"))
    code = models.CharField(_("number"), max_length=10)
    title = models.CharField(_("title"), max_length=240)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    owner_role = term_field(
        "contact_roles",
        _("post in charge"),
        null=True,
        blank=True,
        help_text=_("Shown to everybody. The post stays when its holder changes."),
    )
    owner = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("person in charge"),
        help_text=_("Seen on the desk only."),
    )
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("partners"))
    status = term_field("goal_statuses", pgettext_lazy("measure", "status"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0, validators=[MaxValueValidator(100)])
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.UniqueConstraint(fields=["goal", "code"], name="measure_once_per_goal"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="measure_progress_in_per_cent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def copy_to(self, goal: Goal, planned: Term | None) -> None:
        """The same measure under another goal, not begun and without a day."""
        copy = Measure.objects.create(
            goal=goal,
            code=self.code,
            title=self.title,
            owner_role=self.owner_role,
            owner=self.owner,
            status=planned,
            order=self.order,
        )
        copy.partners.set(self.partners.all())


class Indicator(models.Model):
    """A number that tells how a goal is doing. Computed ones are counted by the portal and never typed in."""

    COMPUTED, ENTERED, SURVEY = "computed", "entered", "survey"
    SOURCES = [
        (COMPUTED, _("counted by the portal")),
        (ENTERED, _("entered by the coordinator")),
        (SURVEY, _("from a survey")),
    ]

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("goal"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    unit = term_field("indicator_units", _("unit"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=SOURCES, default=ENTERED)
    baseline = models.DecimalField(_("at the start"), max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    current = models.DecimalField(_("now"), max_digits=12, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["goal", "code"], name="indicator_once_per_goal"),
            models.CheckConstraint(
                condition=~Q(source="computed") | Q(current=None),
                name="indicator_computed_is_not_entered",
                violation_error_message=_("The portal counts this number itself: leave “now” empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_computed(self) -> bool:
        return self.source == self.COMPUTED

    def begun_again(self, goal: Goal) -> "Indicator":
        """For the next period, not yet stored: what was reached is the new starting point."""
        return Indicator(
            goal=goal,
            code=self.code,
            title=self.title,
            unit=self.unit,
            source=self.source,
            baseline=self.baseline if self.current is None else self.current,
            order=self.order,
        )
