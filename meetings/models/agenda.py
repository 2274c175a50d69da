"""What a meeting will speak of, one item after the other, and what was written under each."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Max, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from lib.querysets import InArea
from meetings.agenda.timetable import DEFAULT_MINUTES, LONGEST_MINUTES
from meetings.exceptions import ItemInUse
from meetings.models.decision import Decision
from meetings.models.minutes import Minutes
from meetings.models.shared_note import Note
from meetings.models.task import Task
from search.searchable import Searchable, SearchableQuerySet

WITHIN_REASON = [MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting


class AgendaQuerySet(InArea, SearchableQuerySet):
    area_path = "meeting__area"

    def visible_to(self, user: Any) -> "AgendaQuerySet":
        """What stands on the agendas of meetings that a person sees; items for members where the person is inside."""
        meetings = self.model._meta.get_field("meeting").related_model._default_manager
        shown = Q(visibility=AgendaItem.EVERYBODY, meeting__in=meetings.visible_to(user))
        return self.current().filter(shown | Q(meeting__in=meetings.inside_for(user)))

    def current(self) -> "AgendaQuerySet":
        return self.filter(removed_at=None)

    def in_order(self) -> "AgendaQuerySet":
        """What stands on the agenda, as it will be dealt with, each with its owner."""
        return self.current().select_related("owner").order_by("order", "pk")

    def best(self) -> "AgendaQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("meeting").order_by("-rank", "-meeting__starts_at", "order", "pk")

    def shown_to(self, is_inside: bool) -> "AgendaQuerySet":
        """Items of a meeting that a reader may see: those for members only when the meeting is the reader's own."""
        return self if is_inside else self.filter(visibility=AgendaItem.EVERYBODY)

    def with_rows(self) -> "AgendaQuerySet":
        """Each with the decisions and tasks written under it."""
        tasks = Prefetch("tasks", Task.objects.with_places().order_by("pk"))
        return self.prefetch_related(Prefetch("decisions", Decision.objects.in_order()), tasks)

    # verbs

    @transaction.atomic
    def add(self, meeting: "Meeting", title: str, **facts: Any) -> "AgendaItem":
        """Put one more item at the end of a meeting's agenda. Raises MinutesLocked."""
        Minutes.objects.of(meeting).refuse_if_locked()
        last = self.filter(meeting=meeting).current().aggregate(last=Max("order"))["last"] or 0
        made = self.create(meeting=meeting, title=title[:160], order=last + 1, **facts)
        made.index()
        return made

    @transaction.atomic
    def add_rows(self, meeting: "Meeting", rows: Iterable[tuple[str, int | None, str]]) -> "list[AgendaItem]":
        """Put (title, minutes, text) rows at the end: a plan of a session, or the usual skeleton."""
        return [
            self.add(meeting, title, minutes=min(max(minutes or DEFAULT_MINUTES, 1), LONGEST_MINUTES), text=text or "")
            for title, minutes, text in rows
        ]

    @transaction.atomic
    def copy(self, earlier: "Meeting", meeting: "Meeting") -> "list[AgendaItem]":
        """Put the items of an earlier meeting at the end; what was written under them stays behind."""
        kept = ("kind", "minutes", "owner", "owner_name", "text", "visibility")
        return [
            self.add(meeting, item.title, **{name: getattr(item, name) for name in kept})
            for item in self.filter(meeting=earlier).in_order()
        ]

    def lock(self, meeting: "Meeting") -> "list[AgendaItem]":
        """The items of a meeting in order, held until the transaction ends."""
        return list(self.filter(meeting=meeting).current().order_by("order", "pk").select_for_update())


class AgendaItem(Note, Searchable):
    """One item of an agenda, with its minutes underneath. A removed one can be put back."""

    INFORMATION, DISCUSSION, DECISION, PROPOSAL = "information", "discussion", "decision", "proposal"
    WORK, BREAK = "work", "break"
    KINDS = [
        (INFORMATION, _("for information")),
        (DISCUSSION, _("discussion")),
        (DECISION, _("for decision")),
        (PROPOSAL, _("proposal of a member")),
        (WORK, _("working together")),
        (BREAK, _("break")),
    ]
    EVERYBODY, MEMBERS = "everybody", "members"
    VISIBILITIES = [(EVERYBODY, _("everybody who sees the meeting")), (MEMBERS, _("those whom the meeting is for"))]

    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="agenda", verbose_name=_("meeting")
    )
    # A row added on the desk without a number comes last.
    order = models.PositiveSmallIntegerField(_("order"), default=99)
    title = models.CharField(pgettext_lazy("of an agenda", "item"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default=DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=DEFAULT_MINUTES, validators=WITHIN_REASON)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="agenda_items", verbose_name=_("who leads")
    )
    owner_name = models.CharField(
        _("who leads, in words"), max_length=120, blank=True, help_text=_("For somebody who is not a member.")
    )
    text = models.TextField(_("what it is about"), blank=True, max_length=3000)
    visibility = models.CharField(_("shown to"), max_length=10, choices=VISIBILITIES, default=EVERYBODY)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        indexes = [*Searchable.Meta.indexes, models.Index(fields=["meeting", "order"], name="agenda_by_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
                name="agenda_minutes_within_reason",
                violation_error_message=_("An item takes at least one minute and at most ten hours."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#agenda"

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """Not what was written under it: that belongs to the minutes, which fewer may read."""
        yield self.title, "fi", "A"
        yield self.text, "fi", "C"

    @property
    def leader(self) -> str:
        """Who leads the item, in words."""
        return str(self.owner) if self.owner else self.owner_name

    @property
    def is_break(self) -> bool:
        return self.kind == self.BREAK

    # verbs

    def refuse_if_locked(self) -> None:
        Minutes.objects.of(self.meeting).refuse_if_locked()

    def change(self, **facts: Any) -> None:
        """Keep new facts. Raises MinutesLocked."""
        self.refuse_if_locked()
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))
        self.index()

    @transaction.atomic
    def move(self, step: int) -> None:
        """One place up (-1) or down (+1); at the end nothing happens. Raises MinutesLocked."""
        self.refuse_if_locked()
        items = AgendaItem.objects.lock(self.meeting)
        here = items.index(self)
        there = here + step
        if 0 <= there < len(items):
            items.insert(there, items.pop(here))
            for order, item in enumerate(items, start=1):
                item.order = order
            AgendaItem.objects.bulk_update(items, ["order"])

    def remove(self, now: datetime) -> None:
        """Take it off the agenda. Raises MinutesLocked, or ItemInUse when something was written under it."""
        self.refuse_if_locked()
        if self.notes or self.decisions.exists() or self.tasks.exists():
            raise ItemInUse
        AgendaItem.objects.filter(pk=self.pk).update(removed_at=now)

    def put_back(self) -> None:
        """Undo the removal. Raises MinutesLocked."""
        self.refuse_if_locked()
        AgendaItem.objects.filter(pk=self.pk).update(removed_at=None)
