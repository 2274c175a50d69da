"""Notification preferences, the rounds in which digests are sent, and who got one in which round."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, Coordinator, User
from networks.models import Membership, Network
from newsletters.notices import frequency
from outbox.models import Delivery, LeftOut

DIGEST = "digest"  # the kind of its letters in the outbox
# After a long standstill people are told of the last days only.
MOST = timedelta(days=14)
KEPT = timedelta(days=60)

Cell = tuple[int, int | None, str]  # area, network or None for the rest of the area, kind


class Frequency(models.TextChoices):
    NOW = frequency.NOW, pgettext_lazy("how often", "at once")
    DAILY = frequency.DAILY, pgettext_lazy("how often", "daily")
    WEEKLY = frequency.WEEKLY, pgettext_lazy("how often", "weekly")
    NEVER = frequency.NEVER, pgettext_lazy("how often", "never")


class NoticeRuleQuerySet(models.QuerySet["NoticeRule"]):
    @transaction.atomic
    def choose(self, person: User, rule: str, cells: Mapping[Cell, str], now: datetime) -> None:
        """From now on this person is told by the rule, and otherwise where a cell says so. Again changes nothing."""
        before = self.filter(user=person).first() or NoticeRule(user=person)
        if before.pk and (before.rhythm, before.cells()) == (rule, dict(cells)):
            return
        self.update_or_create(user=person, defaults={"rhythm": rule, "changed_at": now})
        person.notice_choices.all().delete()
        NoticeChoice.objects.bulk_create(
            NoticeChoice(user=person, area_id=area, network_id=network, kind=kind, rhythm=chosen)
            for (area, network, kind), chosen in cells.items()
        )

    def reset(self, person: User, now: datetime) -> None:
        """Everything weekly again, as for people who have chosen nothing."""
        self.choose(person, Frequency.WEEKLY, {}, now)

    def stop(self, person: User, now: datetime) -> None:
        """No notices at all, also of networks still to come; those on their way are taken back."""
        self.choose(person, Frequency.NEVER, {}, now)
        letters = Delivery.objects.filter(kind=DIGEST).alias(address=Lower("recipient"))
        letters.filter(address=person.email.lower()).leave_out(LeftOut.SKIPPED, now)


class NoticeRule(models.Model):
    """How often a person is notified of everything that has no choice of its own. Without a row it is weekly."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_rule", verbose_name=_("person"))
    rhythm = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY)
    changed_at = models.DateTimeField(_("last changed"))

    objects = NoticeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of notices")
        verbose_name_plural = _("rules of notices")

    def __str__(self) -> str:
        return str(self.get_rhythm_display())

    def cells(self) -> dict[Cell, str]:
        """The person's exceptions."""
        return {choice.cell: choice.rhythm for choice in self.user.notice_choices.all()}


class NoticeChoice(models.Model):
    """One exception to a person's rule: a kind of thing in one network, or in the rest of the area."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices", verbose_name=_("person"))
    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    network = models.ForeignKey(
        Network, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("network")
    )
    kind = models.CharField(_("what"), max_length=20)
    rhythm = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area", "network", "kind"], nulls_distinct=False, name="notice_choice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_rhythm_display()}"

    @property
    def cell(self) -> Cell:
        return self.area_id, self.network_id, self.kind


class NoticeRoundQuerySet(models.QuerySet["NoticeRound"]):
    def due(self, now: datetime) -> list["NoticeRound"]:
        """Rounds to be made now, the oldest first. What was missed is caught up in one."""
        for each in (Frequency.NOW, Frequency.DAILY, Frequency.WEEKLY):
            self._open(each, now)
        return list(self.filter(ended_at=None).order_by("until", "pk"))

    def _open(self, each: str, now: datetime) -> None:
        zone: Any = timezone.get_default_timezone()
        until = frequency.last_due_at(each, now, zone)
        last = self.filter(rhythm=each).order_by("-until").first()
        if last and last.until >= until:
            return
        since = max(last.until, until - MOST) if last else frequency.due_before(each, until, zone)
        self.get_or_create(rhythm=each, until=until, defaults={"since": since})
        self.filter(rhythm=each, until__lt=until - KEPT).exclude(ended_at=None).delete()


class NoticeRound(models.Model):
    """One period of one frequency. `reached` is the last person dealt with: an interrupted round goes on there."""

    rhythm = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    reached = models.BigIntegerField(_("last person dealt with"), default=0)
    ended_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = NoticeRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of notices")
        verbose_name_plural = _("rounds of notices")
        constraints = [models.UniqueConstraint(fields=["rhythm", "until"], name="notice_round_once")]

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()} {self.until:%Y-%m-%d %H:%M}"

    # questions

    @property
    def reference(self) -> str:
        """Its name in the outbox."""
        return f"{self.rhythm} {self.until.astimezone(timezone.get_default_timezone()):%Y-%m-%d %H:%M%z}"

    def people(self) -> models.QuerySet[User]:
        """Those who may be due a letter: active, belonging to something, with a choice of this frequency."""
        today = timezone.localdate(self.until)
        member = Membership.objects.active().filter(user=OuterRef("pk"))
        runs = Coordinator.objects.current(today).filter(user=OuterRef("pk"))
        own = Exists(NoticeChoice.objects.filter(user=OuterRef("pk"), rhythm=self.rhythm))
        ruled = Q(notice_rule__rhythm=self.rhythm)
        if self.rhythm == Frequency.WEEKLY:
            ruled |= Q(notice_rule=None)
        return User.objects.active().filter(Exists(member) | Exists(runs), ruled | own).order_by("pk")

    def earliest(self) -> datetime:
        """Whoever changed the choices in this stretch is told from the beginning of that week: nothing is missed."""
        changed = NoticeRule.objects.filter(changed_at__gt=self.since, changed_at__lte=self.until)
        first = changed.order_by("changed_at").values_list("changed_at", flat=True).first()
        return min(self.since, _week_of(first)) if first else self.since

    def since_for(self, person: User) -> datetime:
        rule = getattr(person, "notice_rule", None)
        if rule and self.since < rule.changed_at <= self.until:
            return min(self.since, _week_of(rule.changed_at))
        return self.since

    # verbs

    def advance_to(self, person: User) -> None:
        self.reached = person.pk
        self.save(update_fields=["reached"])

    def end(self, now: datetime) -> None:
        self.ended_at = now
        self.save(update_fields=["ended_at"])


class DigestQuerySet(models.QuerySet["Digest"]):
    def run_by(self, user: Any) -> "DigestQuerySet":
        """Letters to the people of the areas that this person coordinates."""
        return self.filter(user__in=User.objects.run_by(user))

    def queued_singly(self) -> "DigestQuerySet":
        """Those that could not be written together with the others, the oldest first."""
        return self.filter(written_at=None).order_by("round__until", "pk")

    def queue_singly(self, round: NoticeRound, people: Iterable[User]) -> None:
        """The letters of these people could not be written together: each is queued to be written by itself."""
        rows: Any = [Digest(round=round, user=person) for person in people]
        self.bulk_create(rows, ignore_conflicts=True)


class Digest(models.Model):
    """One person's letter of one round: never two."""

    round = models.ForeignKey(NoticeRound, on_delete=models.CASCADE, related_name="digests", verbose_name=_("round"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests", verbose_name=_("person"))
    items = models.PositiveSmallIntegerField(_("things told"), default=0)
    written_at = models.DateTimeField(_("written"), null=True, blank=True)  # empty while it is queued singly

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of notices")
        verbose_name_plural = _("letters of notices")
        constraints = [models.UniqueConstraint(fields=["user", "round"], name="digest_once_per_round")]
        indexes = [models.Index(fields=["round"], condition=Q(written_at=None), name="digest_owed")]

    def __str__(self) -> str:
        return f"{self.user} {self.round}"

    def mark_written(self, items: int, now: datetime) -> None:
        """The letter that was queued singly was handed to the outbox."""
        self.items, self.written_at = items, now
        self.save(update_fields=["items", "written_at"])


def _week_of(moment: datetime) -> datetime:
    return frequency.last_due_at(Frequency.WEEKLY, moment, timezone.get_default_timezone())
