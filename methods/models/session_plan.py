"""Session plans: methods and breaks in order, with a clock that runs through them."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.models.method import Method
from methods.models.soft_delete import Removable, RemovableQuerySet

DEFAULT_MINUTES = 30


class Slot(NamedTuple):
    """A part with the times that the clock gives it."""

    part: "SessionPart"
    begins: time
    ends: time


class SessionPlanQuerySet(RemovableQuerySet):
    def of(self, person: Any) -> Self:
        return self.filter(owner=person)

    def latest_first(self) -> Self:
        return self.kept().order_by("-changed_at", "-pk")


class SessionPlan(Removable):
    """The plan of one session: a training, a group evening, a meeting."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="session_plans", verbose_name=_("owner"))
    title = models.CharField(_("title"), max_length=120)
    held_on = models.DateField(_("day"), null=True, blank=True)
    begins = models.TimeField(_("begins"), default=time(9))
    ends = models.TimeField(
        _("ends at the latest"), null=True, blank=True, help_text=_("The plan warns when its parts take longer.")
    )
    note = models.TextField(_("note"), blank=True, max_length=2000, help_text=_("Aim, place, what to bring."))
    created_at = models.DateTimeField(_("made"), editable=False)
    changed_at = models.DateTimeField(_("last changed"), editable=False)

    objects = SessionPlanQuerySet.as_manager()

    if TYPE_CHECKING:
        parts: Any

    class Meta:
        verbose_name = _("session plan")
        verbose_name_plural = _("session plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=models.F("begins")),
                name="session_plan_ends_after_it_begins",
                violation_error_message=_("The end is before the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("methods:session-plan-detail", args=[self.pk])

    # questions

    def schedule(self) -> list[Slot]:
        """The parts in order, each with when it begins and ends."""
        slots, now = [], datetime.combine(date(2000, 1, 1), self.begins)
        for part in self.parts.in_order():
            after = now + timedelta(minutes=part.minutes)
            slots.append(Slot(part, now.time(), after.time()))
            now = after
        return slots

    def minutes_over(self, minutes: int) -> int:
        """By how much a session of so many minutes goes over the given end."""
        return max(0, minutes - _between(self.begins, self.ends)) if self.ends else 0

    def as_agenda(self) -> list[tuple[str, int, str]]:
        """(title, minutes, text) of each part: what the agenda of a meeting is made of."""
        return [(part.title, part.minutes, part.agenda_text) for part in self.parts.in_order()]

    # verbs

    def start(self, owner: User, now: datetime) -> None:
        self.owner, self.created_at = owner, now
        self.save_changes(now)

    def save_changes(self, now: datetime) -> None:
        self.changed_at = now
        self.save()

    def add(self, method: Method, now: datetime) -> None:
        """Put a method at the end, with the time it takes at least."""
        with transaction.atomic():
            type(self).objects.select_for_update().get(pk=self.pk)
            last = self.parts.aggregate(last=Max("order"))["last"] or 0
            minutes = min(method.duration_min or DEFAULT_MINUTES, SessionPart.LONGEST)
            self.parts.create(method=method, title=method.title, minutes=minutes, order=last + 1)
            self.save_changes(now)

    def arrange(self, parts: "list[SessionPart]", dropped: "list[SessionPart]", now: datetime) -> None:
        """Keep these parts in this order, new ones with them, and drop those."""
        with transaction.atomic():
            self.parts.filter(pk__in=[part.pk for part in dropped if part.pk]).delete()
            for number, part in enumerate(parts, start=1):
                part.plan, part.order = self, number
                part.save()
            self.save_changes(now)

    def copy(self, now: datetime) -> "SessionPlan":
        """The same plan again, for another day."""
        title = gettext("%(title)s (copy)") % {"title": self.title[:100]}
        twin = SessionPlan(title=title, begins=self.begins, ends=self.ends, note=self.note)
        with transaction.atomic():
            twin.start(self.owner, now)
            parts = list(self.parts.in_order())
            for part in parts:
                part.pk, part.plan = None, twin
            self.parts.model.objects.bulk_create(parts)
        return twin


class SessionPartQuerySet(models.QuerySet["SessionPart"]):
    def in_order(self) -> Self:
        return self.select_related("method").order_by("order", "pk")


class SessionPart(models.Model):
    """A method, or something of one's own such as coffee. The title is copied: it outlives the method."""

    LONGEST = 480  # minutes
    FORMS = [
        ("individual", _("individual work")),
        ("pair", _("work in pairs")),
        ("group", _("group work")),
        ("discussion", _("discussion together")),
    ]
    ROLES = [
        ("facilitator", pgettext_lazy("role in a session", "facilitator")),
        ("expert", pgettext_lazy("role in a session", "expert by experience")),
        ("opener", pgettext_lazy("role in a session", "opener")),
        ("listener", pgettext_lazy("role in a session", "listener")),
        ("interpreter", pgettext_lazy("role in a session", "interpreter")),
    ]

    plan = models.ForeignKey(
        SessionPlan, on_delete=models.CASCADE, related_name="parts", verbose_name=_("session plan")
    )
    method = models.ForeignKey(
        Method, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("method")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("part"), max_length=120)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )
    form = models.CharField(_("form of work"), max_length=12, choices=FORMS, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=ROLES, blank=True)
    who = models.CharField(_("who"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SessionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a session")
        verbose_name_plural = _("parts of a session")
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="session_part_takes_time")]

    def __str__(self) -> str:
        return self.title

    @property
    def manner(self) -> str:
        """ "group work · opener: Aino", what is known of it."""
        whose = self.get_role_display()
        if self.who:
            whose = f"{whose}: {self.who}" if whose else self.who
        return " · ".join(words for words in (self.get_form_display(), whose) if words)

    @property
    def agenda_text(self) -> str:
        return "\n".join(words for words in (self.manner, self.note) if words)


def _between(begins: time, ends: time) -> int:
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
