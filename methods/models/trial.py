"""I tried this: who used a method, where, with how many, and what came of it."""

from datetime import date, datetime
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Count, F, Q, Sum, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, HeldText, HeldTextQuerySet, Municipality, Organisation, User
from contacts.models.term import term_field
from lib.querysets import InArea
from methods.models.findable import Findable
from methods.models.method import Method
from methods.models.soft_delete import Removable, RemovableQuerySet


class TrialQuerySet(HeldTextQuerySet, InArea, RemovableQuerySet):
    def kept(self) -> Self:
        """Those that count and are shown: neither removed nor held for the coordinator."""
        return super().kept().filter(held_at=None)

    def not_removed(self) -> Self:
        """Those that count, and those that may once the coordinator has read them."""
        return self.filter(removed_at=None)

    def held_back(self) -> Any:
        return super().held_back().not_removed()

    def visible_to(self, user: Any) -> Self:
        """Whoever sees a method sees how it went; names are another matter."""
        return self.kept().filter(method__in=Method.objects.visible_to(user))

    def of(self, person: Any) -> Self:
        """A person's own."""
        return self.filter(person=person) if person.is_authenticated else self.none()

    def told_to(self, person: Any) -> Self:
        """What others have told of this person's methods: the news for an author."""
        written = Method.objects.written_by(person).visible_to(person)
        return self.kept().filter(method__in=written).exclude(person=person)

    def fresh(self, since: datetime, until: datetime) -> Self:
        """What was told after `since`, up to `until`; `fresh_at` is when."""
        told = self.kept().filter(created_at__gt=since, created_at__lte=until).select_related("method")
        return told.annotate(fresh_at=F("created_at"))

    def for_page(self) -> Self:
        """The newest first, with what is shown of each."""
        return self.kept().with_places().order_by("-tried_on", "-pk")

    def for_own_page(self) -> Self:
        """As their own person sees them, held ones with them."""
        return self.not_removed().with_places().select_related("method").order_by("-tried_on", "-pk")

    def with_places(self) -> Self:
        return self.select_related("person", "municipality", "organisation", "setting")

    def telling_first(self) -> Self:
        """Those that tell something in words before bare figures."""
        return self.for_page().order_by(Case(When(note="", change="", then=1), default=0), "-tried_on", "-pk")

    def in_period(self, start: date, end: date) -> Self:
        """Those of a stretch of days, both ends included."""
        return self.kept().filter(tried_on__range=(start, end))

    def totals(self) -> dict[str, int]:
        """trials, people reached, and the municipalities and organisations that tried or took into use."""
        counted = self.aggregate(
            trials=Count("pk"),
            people=Sum("group_size"),
            municipalities=Count("municipality", distinct=True),
            adopters=Count("organisation", distinct=True, filter=Q(adopted_on__isnull=False)),
        )
        return {name: number or 0 for name, number in counted.items()}


class Trial(Removable, HeldText):
    """One use of one method. Municipality and organisation are copied: a change of job rewrites no statistics."""

    WORKED = [
        (5, _("very well")),
        (4, _("well")),
        (3, _("partly")),
        (2, _("rather badly")),
        (1, _("not at all")),
    ]

    FREE_TEXTS = ("note", "change")
    TOLD = ["tried_on", "setting", "group_size", "worked", "note", "change", "adopted_on"]

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="trials", verbose_name=_("method"))
    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    person = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="trials", verbose_name=_("who")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    tried_on = models.DateField(_("day"))
    setting = term_field("settings", _("where"), null=True, blank=True)
    group_size = models.PositiveSmallIntegerField(
        _("size of the group"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    worked = models.PositiveSmallIntegerField(_("did it work"), choices=WORKED)
    note = models.TextField(_("what worked"), blank=True, max_length=2000)
    change = models.TextField(_("what I changed"), blank=True, max_length=2000)
    adopted_on = models.DateField(_("taken into use"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), editable=False)

    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        indexes = [models.Index(fields=["method", "-tried_on"], name="trial_of_method")]
        constraints = [
            models.CheckConstraint(condition=Q(worked__range=(1, 5)), name="trial_worked_from_1_to_5"),
            models.UniqueConstraint(
                fields=["method", "person", "tried_on"],
                condition=Q(removed_at=None),
                name="trial_once_a_day",
                violation_error_message=_("You have told of a trial on that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method}: {self.get_worked_display()}"

    def get_absolute_url(self) -> str:
        return f"{reverse('methods:method-detail', args=[self.method.slug])}#trials"

    @property
    def network_id(self) -> int | None:
        """The network that its method belongs to, if it is one network's."""
        return self.method.network_id

    @property
    def summary(self) -> str:
        """What was told in words."""
        return self.note or self.change

    def record(self, method: Method, person: User, now: datetime, is_held: bool = False) -> bool:
        """Store a new trial with where the person works at this moment, and count it unless it is held.

        False when it is there already.
        """
        self.held_at = now if is_held else None
        self.method, self.area, self.person, self.created_at = method, method.area, person, now
        self.municipality, self.organisation = person.municipality_of_work(), person.organisation
        try:
            with transaction.atomic():
                self.save()
                return is_held or self._count(1)
        except IntegrityError:  # the button was clicked twice at once
            return False

    def change_to(self, now: datetime, is_held: bool) -> None:
        """Store what its person has changed; it is held, or shown again, by what it says now."""
        with transaction.atomic():
            self.save(update_fields=self.TOLD)
            if is_held:
                self.hold(now)
            else:
                self.release()

    def hold(self, now: datetime) -> bool:
        with transaction.atomic():
            return super().hold(now) and (self.is_removed or self._count(-1))

    def release(self) -> bool:
        with transaction.atomic():
            return super().release() and (self.is_removed or self._count(1))

    def remove(self, now: datetime) -> bool:
        with transaction.atomic():
            return self._marked(Trial.objects.not_removed(), now) and (self.is_held or self._count(-1))

    def put_back(self) -> bool:
        with transaction.atomic():
            return super().put_back() and (self.is_held or self._count(1))

    def _count(self, change: int) -> bool:
        """By addition in the database: trials told of at the same moment are all counted."""
        for model in (Method, Findable):
            model.objects.filter(pk=self.method_id).update(trial_count=F("trial_count") + change)
        Findable.renew(self.method_id)
        return True
