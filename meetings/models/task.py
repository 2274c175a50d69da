"""What somebody promised to do: who, until when, and what became of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, User
from lib.querysets import InArea
from meetings.exceptions import AlreadyDecided, ReasonNeeded
from meetings.models.minutes import Minutes
from networks.models import Network
from search.searchable import Searchable, SearchableQuerySet

if TYPE_CHECKING:
    from meetings.models.agenda import AgendaItem
    from meetings.models.meeting import Meeting

# The owner hears this many days before the day, and once more when it has passed.
NEAR = timedelta(days=3)
# So long a finished task stays on one's page with a button to open it again.
UNDO = timedelta(days=14)


class TaskQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "TaskQuerySet":
        """One's own, those of one's networks, and those of minutes that one may read."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        own = Q(owner=user) | Q(network__in=user.network_ids()) | Q(area__in=user.area_ids_run())
        return self.filter(own | Q(meeting__kept_minutes__in=Minutes.objects.visible_to(user)))

    def handled_by(self, user: Any) -> "TaskQuerySet":
        """Those that a person may call done: one's own, those of minutes one writes, and those of the own areas."""
        if user.is_superuser:
            return self
        taker = Q(meeting__kept_minutes__taker=user)
        return self.filter(Q(owner=user) | Q(area__in=user.area_ids_run()) | taker)

    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None, dropped_at=None)

    def over(self, today: date) -> "TaskQuerySet":
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def just_closed(self, now: datetime) -> "TaskQuerySet":
        """Done or dropped so lately that one may want to take it back."""
        return self.filter(Q(done_at__gte=now - UNDO) | Q(dropped_at__gte=now - UNDO)).order_by("-pk")

    def carried_to(self, meeting: Any) -> "TaskQuerySet":
        """Open tasks of earlier meetings of the same networks: they stand on the next agenda by themselves."""
        mine = self.open().filter(network__in=meeting.networks.all())
        return mine.exclude(meeting=meeting).filter(Q(meeting=None) | Q(meeting__starts_at__lt=meeting.starts_at))

    def reminding_due(self, today: date) -> "TaskQuerySet":
        """Open tasks whose owner has not heard yet that the day is near, or that it has passed."""
        near = Q(near_told_at=None, over_told_at=None, due_on__gte=today, due_on__lte=today + NEAR)
        over = Q(over_told_at=None, due_on__lt=today)
        return self.open().filter(near | over, owner__is_active=True)

    @transaction.atomic
    def give(
        self,
        meeting: "Meeting",
        text: str,
        now: datetime,
        owner: User | None = None,
        owner_name: str = "",
        due_on: date | None = None,
        item: "AgendaItem | None" = None,
    ) -> "Task":
        """Write down who does what by when. Raises MinutesLocked."""
        Minutes.objects.start(meeting).refuse_if_locked()
        facts = {"owner": owner, "owner_name": "" if owner else owner_name, "due_on": due_on, "item": item}
        network = meeting.main_network()
        made = self.create(meeting=meeting, area=meeting.area, network=network, text=text, created_at=now, **facts)
        made.index()
        return made

    def with_places(self) -> "TaskQuerySet":
        return self.select_related("owner", "meeting", "network")

    def best(self) -> "TaskQuerySet":
        """The best match first, what is open before what is done; only after `matching`."""
        is_closed = Case(When(done_at=None, dropped_at=None, then=Value(0)), default=Value(1))
        return self.with_places().order_by(is_closed, "-rank", "-pk")

    def soonest(self) -> "TaskQuerySet":
        """Those with a day first."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Task(Searchable):
    """One promise. Done by one press, and opened again by another."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="meeting_tasks")
    network = models.ForeignKey(
        Network,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_tasks",
        verbose_name=_("network"),
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="tasks", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    text = models.CharField(_("task"), max_length=300)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks", verbose_name=_("who does it")
    )
    owner_name = models.CharField(_("who does it, in words"), max_length=120, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True, editable=False)
    drop_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True, editable=False)
    near_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    over_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            *Searchable.Meta.indexes,
            models.Index(fields=["due_on"], condition=Q(done_at=None, dropped_at=None), name="task_open_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(dropped_at=None), name="task_done_or_dropped"),
            models.CheckConstraint(
                condition=Q(dropped_at=None, drop_reason="") | (~Q(dropped_at=None) & ~Q(drop_reason="")),
                name="task_dropped_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        yield self.text, "fi", "A"

    # questions

    @property
    def doer(self) -> str:
        """Who does it, in words."""
        return str(self.owner) if self.owner else self.owner_name

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def is_over(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today

    # verbs

    def finish(self, now: datetime) -> None:
        """Call it done. Raises AlreadyDecided."""
        self._close(done_at=now)

    def drop(self, now: datetime, reason: str) -> None:
        """Let it be, with words. Raises ReasonNeeded or AlreadyDecided."""
        if not reason.strip():
            raise ReasonNeeded
        self._close(dropped_at=now, drop_reason=reason.strip())

    def open_again(self) -> None:
        """Take back what was said of it; again changes nothing."""
        Task.objects.filter(pk=self.pk).update(done_at=None, dropped_at=None, drop_reason="")
        self.refresh_from_db()

    def mend(self, text: str, owner: User | None, owner_name: str, due_on: date | None) -> None:
        """Say it otherwise. With another doer or another day the reminders begin anew."""
        is_new = (owner, due_on) != (self.owner, self.due_on)
        told: dict[str, Any] = {"near_told_at": None, "over_told_at": None} if is_new else {}
        facts = {"text": text, "owner": owner, "owner_name": "" if owner else owner_name, "due_on": due_on}
        Task.objects.filter(pk=self.pk).update(**facts, **told)
        self.refresh_from_db()
        self.index()

    def mark_told(self, now: datetime, today: date) -> None:
        """The owner was reminded."""
        column = "over_told_at" if self.is_over(today) else "near_told_at"
        Task.objects.filter(pk=self.pk).update(**{column: now})

    def _close(self, **values: Any) -> None:
        if not Task.objects.open().filter(pk=self.pk).update(**values):
            raise AlreadyDecided
        self.refresh_from_db()
