"""The timeline of a meeting's reminders: what leaves when, as the meeting, its network or the house says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from networks.models import Network

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting

# Nobody is written to before seven or from nine in the evening on, by the local clock.
FIRST_HOUR, LAST_HOUR = 7, 20
MOST_DAYS, MOST_DAYS_AFTER = 60, 13


class Step(models.TextChoices):
    """What leaves by itself, in the order of time."""

    INVITATION = "invitation", pgettext_lazy("step of reminders", "Invitation")
    UNANSWERED = "unanswered", pgettext_lazy("step of reminders", "To those who have not answered")
    COMING = "coming", pgettext_lazy("step of reminders", "The meeting is near")
    THANKS = "thanks", pgettext_lazy("step of reminders", "Thanks and the question how it was")


@dataclass(frozen=True)
class Plan:
    """One step as it holds for a meeting. `changed_at` is when a coordinator last changed it."""

    step: str
    is_on: bool
    days: int
    hour: int
    changed_at: datetime | None = None
    is_own: bool = False

    @property
    def facts(self) -> tuple[bool, int, int]:
        return self.is_on, self.days, self.hour

    @property
    def label(self) -> str:
        return str(Step(self.step).label)

    @property
    def is_after(self) -> bool:
        """Whether its days are counted from the end of the meeting."""
        return self.step == Step.THANKS

    def due_at(self, meeting: "Meeting") -> datetime:
        """The moment, by the clock of the area on that day: the hour stays when summer time begins or ends."""
        zone: Any = timezone.get_default_timezone()
        day = (meeting.ends_at if self.is_after else meeting.starts_at).astimezone(zone).date()
        shift = timedelta(days=self.days if self.is_after else -self.days)
        return datetime.combine(day + shift, time(self.hour), tzinfo=zone)


Timeline = dict[str, Plan]

# What holds for a network that has no timeline of its own.
USUAL: Timeline = {
    Step.INVITATION: Plan(Step.INVITATION, True, 21, 9),
    Step.UNANSWERED: Plan(Step.UNANSWERED, True, 7, 9),
    Step.COMING: Plan(Step.COMING, True, 1, 9),
    Step.THANKS: Plan(Step.THANKS, True, 1, 9),
}


def is_waking_hour(now: datetime) -> bool:
    """Whether letters that nobody waits for may leave now."""
    return FIRST_HOUR <= now.astimezone(timezone.get_default_timezone()).hour <= LAST_HOUR


def waking_from(moment: datetime) -> datetime:
    """The moment itself, or at night the next morning."""
    if is_waking_hour(moment):
        return moment
    zone: Any = timezone.get_default_timezone()
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.hour > LAST_HOUR else 0)
    return datetime.combine(day, time(FIRST_HOUR), tzinfo=zone)


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    # questions

    def timelines(self, meetings: "Iterable[Meeting]") -> dict[int, Timeline]:
        """The timeline of each meeting: its own steps, else its network's, else the usual ones. Three queries at most.

        Of several networks the first in order counts, the one in whose name the letters are written.
        """
        pks = [meeting.pk for meeting in meetings]
        network_of: dict[int, int] = {}
        for pk, network in Network.objects.filter(meetings__in=pks).in_order().values_list("meetings", "pk"):
            network_of.setdefault(pk, network)
        found: dict[tuple[int | None, int | None], Timeline] = {}
        for rule in self.filter(Q(meeting__in=pks) | Q(network__in=set(network_of.values()))):
            found.setdefault((rule.meeting_id, rule.network_id), {})[rule.step] = rule.as_plan()
        return {pk: USUAL | found.get((None, network_of.get(pk)), {}) | found.get((pk, None), {}) for pk in pks}

    def timeline_of(self, meeting: "Meeting") -> Timeline:
        return self.timelines([meeting])[meeting.pk]

    def timeline_of_network(self, network: Network) -> Timeline:
        return self.timeline_from(self.filter(network=network))

    def timeline_from(self, rules: "Iterable[ReminderRule]") -> Timeline:
        """The usual timeline with these steps changed."""
        return USUAL | {rule.step: rule.as_plan() for rule in rules}

    # verbs

    def store(self, before: Timeline, after: Timeline, now: datetime, **owner: Any) -> int:
        """Keep the steps that were changed, for `network=` or `meeting=`. Tells how many."""
        changed = [plan for step, plan in after.items() if plan.facts != before[step].facts]
        for plan in changed:
            facts = {"is_on": plan.is_on, "days": plan.days, "hour": plan.hour, "changed_at": now}
            self.update_or_create(step=plan.step, **owner, defaults=facts)
        return len(changed)

    def carry_over(self, from_meeting: "Meeting", to_meeting: "Meeting", now: datetime) -> None:
        """A copy of a meeting has the same timeline."""
        own = self.filter(meeting=from_meeting)
        facts = [{"step": each.step, "is_on": each.is_on, "days": each.days, "hour": each.hour} for each in own]
        copies: Any = [ReminderRule(meeting=to_meeting, changed_at=now, **each) for each in facts]
        self.bulk_create(copies)


class ReminderRule(models.Model):
    """One step of the timeline of a network, or of a meeting that has its own."""

    network = models.ForeignKey(
        Network,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name=_("network"),
    )
    meeting = models.ForeignKey(
        "meetings.Meeting",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name=_("meeting"),
    )
    step = models.CharField(pgettext_lazy("of a timeline", "step"), max_length=12, choices=Step.choices)
    is_on = models.BooleanField(_("leaves by itself"), default=True)
    days = models.PositiveSmallIntegerField(
        pgettext_lazy("of a timeline", "days"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    hour = models.PositiveSmallIntegerField(
        pgettext_lazy("of a timeline", "hour"),
        validators=[MinValueValidator(FIRST_HOUR), MaxValueValidator(LAST_HOUR)],
    )
    changed_at = models.DateTimeField(_("last changed"))

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of reminders")
        verbose_name_plural = _("rules of reminders")
        constraints = [
            models.CheckConstraint(
                condition=Q(network=None, meeting__isnull=False) | Q(network__isnull=False, meeting=None),
                name="reminder_rule_of_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(hour__range=(FIRST_HOUR, LAST_HOUR), days__range=(1, MOST_DAYS)),
                name="reminder_rule_by_day",
            ),
            models.UniqueConstraint(
                fields=["network", "meeting", "step"], nulls_distinct=False, name="reminder_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.days}"

    def as_plan(self) -> Plan:
        is_own = self.meeting_id is not None
        return Plan(self.step, self.is_on, self.days, self.hour, self.changed_at, is_own)
