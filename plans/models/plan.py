"""The action plan of a period, of an area or one of its networks."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Organisation, Term
from lib.exceptions import Refused
from lib.querysets import InArea
from lib.text.richtext import RichTextField, words_only
from networks.models import Network
from plans.models.goal import Goal, Indicator, Measure
from search.searchable import Searchable, SearchableQuerySet


class PeriodTaken(Refused):
    """The next period has a plan already."""

    words = _("The next plan has been started already. Open it instead of starting another.")


class PlanQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "PlanQuerySet":
        """Published plans, for everybody."""
        return self.filter(published_at__lte=timezone.now())

    def current(self, today: date) -> "PlanQuerySet":
        """Those whose period goes on."""
        return self.filter(starts_on__lte=today, ends_on__gte=today)

    def best(self) -> "PlanQuerySet":
        """The best match first; only after `matching`."""
        return self.order_by("-rank", "-starts_on", "-pk")

    def newest(self) -> "PlanQuerySet":
        return self.order_by("-starts_on", "title", "pk")

    def with_content(self) -> "PlanQuerySet":
        """Everything its page shows, in a few queries however long the plan is."""
        measures = Measure.objects.select_related("status", "owner_role", "owner").in_order()
        return self.select_related("area", "network", "funder", "approved_by").prefetch_related(
            models.Prefetch("goals", Goal.objects.select_related("status").in_order()),
            models.Prefetch("goals__measures", measures.prefetch_related("partners")),
            models.Prefetch("goals__indicators", Indicator.objects.select_related("unit").in_order()),
        )


class Plan(Searchable):
    """The plan of one period of an area or of one of its networks."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="plans", verbose_name=_("area"))
    network = models.ForeignKey(
        Network,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("network"),
        help_text=_("Leave empty when the plan is for the whole area."),
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("plan before"),
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    mission = models.TextField(_("mission"), blank=True)
    text = RichTextField(_("text"), blank=True)
    funder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("funder")
    )
    funding_instrument = models.CharField(_("grant"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        Network, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, help_text=_("Empty is a draft."))

    objects = PlanQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="plan_ends_after_start",
                violation_error_message=_("The period must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:plan-detail", args=[self.slug])

    # questions

    def is_over(self, today: date) -> bool:
        return self.ends_on < today

    def progress(self) -> int | None:
        """How far the plan is on average of its goals, in per cent. Reads what `with_content` fetched."""
        known = [done for goal in self.goals.all() if (done := goal.progress()) is not None]
        return round(sum(known) / len(known)) if known else None

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """What its page shows: the title, the mission, its goals with their measures, the text; no person in charge."""
        yield self.title, "fi", "A"
        yield self.mission, "fi", "B"
        for goal in self.goals.prefetch_related("measures", "indicators").in_order():
            yield goal.title, "fi", "B"
            yield goal.description, "fi", "C"
            for part in (*goal.measures.all(), *goal.indicators.all()):
                yield part.title, "fi", "C"
        yield words_only(self.text), "fi", "C"

    # verbs

    def publish(self, now: datetime) -> None:
        """Show it to everybody."""
        self.published_at = now
        self.save(update_fields=["published_at"])

    @transaction.atomic
    def start_next(self) -> "Plan":
        """A draft for the period of the same length that follows, with the same goals, all at their beginning.

        Raises PeriodTaken when this plan has its follower already.
        """
        Plan.objects.select_for_update().get(pk=self.pk)
        if self.followers.exists():
            raise PeriodTaken
        starts_on, ends_on = self._next_period()
        following = Plan.objects.create(
            area=self.area,
            network=self.network,
            previous=self,
            slug=f"{self.slug[:60]}-{starts_on.isoformat()}",
            title=_with_years(self.title, self, starts_on, ends_on),
            starts_on=starts_on,
            ends_on=ends_on,
            mission=self.mission,
            text=self.text,
            funder=self.funder,
            funding_instrument=self.funding_instrument,
        )
        planned = Term.objects.in_list("goal_statuses").first()
        for goal in self.goals.in_order():
            goal.copy_to(following, planned)
        following.index()
        return following

    def _next_period(self) -> tuple[date, date]:
        """Whole months follow whole months: 1.1.2026–31.12.2027 is followed by 1.1.2028–31.12.2029."""
        starts_on = self.ends_on + timedelta(days=1)
        months = (starts_on.year - self.starts_on.year) * 12 + starts_on.month - self.starts_on.month
        if starts_on.day != self.starts_on.day:
            return starts_on, starts_on + (self.ends_on - self.starts_on)
        years, month = divmod(starts_on.month - 1 + months, 12)
        last_day = monthrange(starts_on.year + years, month + 1)[1]
        after = date(starts_on.year + years, month + 1, min(starts_on.day, last_day))
        return starts_on, after - timedelta(days=1)


def _with_years(title: str, plan: Plan, starts_on: date, ends_on: date) -> str:
    """The same name with the years of another period, where the name holds years."""
    years = {str(plan.starts_on.year): str(starts_on.year), str(plan.ends_on.year): str(ends_on.year)}
    return re.sub(r"\b\d{4}\b", lambda found: years.get(found[0], found[0]), title)
