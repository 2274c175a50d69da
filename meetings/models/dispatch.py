"""Scheduled letters of a meeting: who pressed what and when, until when it can be recalled, and that it left.

After the press the letters are held: five minutes for invitations and cancellations, so that a slip can be recalled;
ten for changes, so that several of them make one letter. The round of invitations lets a dispatch go when its time has
come (`DispatchQuerySet.release`); until that very moment it can be recalled, however late the clock is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from lib.querysets import InArea
from meetings.exceptions import LettersHaveLeft, MeetingCancelled

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting

RECALL, GATHER = timedelta(minutes=5), timedelta(minutes=10)
# When a meeting begins within this time, its letters do not wait.
HURRY = timedelta(hours=1)


class DispatchQuerySet(InArea, models.QuerySet["Dispatch"]):
    area_path = "meeting__area"

    def open(self) -> "DispatchQuerySet":
        """Those whose letters are still held."""
        return self.filter(left_at=None, recalled_at=None)

    def of_kind(self, *kinds: str) -> "DispatchQuerySet":
        return self.filter(kind__in=kinds)

    def newest_first(self) -> "DispatchQuerySet":
        return self.order_by("-pressed_at", "-pk")

    def held_by(self, meetings: "Iterable[Meeting]") -> "list[Dispatch]":
        """What waits of these meetings, one of a kind for each, the oldest; beside a cancellation nothing else."""
        by_pk = {meeting.pk: meeting for meeting in meetings}
        found: dict[tuple[int, str], Dispatch] = {}
        for dispatch in self.open().filter(meeting__in=by_pk).select_related("by").order_by("pressed_at", "pk"):
            dispatch.meeting = by_pk[dispatch.meeting_id]
            if dispatch.kind == Dispatch.CANCEL or not dispatch.meeting.is_cancelled:
                found.setdefault((dispatch.meeting_id, dispatch.kind), dispatch)
        return list(found.values())

    # verbs

    @transaction.atomic
    def schedule(self, meeting: "Meeting", kind: str, now: datetime, by: User | None = None) -> "Dispatch":
        """Store a press and hold its letters: those of an earlier press of the same kind leave no later."""
        stamp = STAMPS[kind]
        stood_at = getattr(meeting.lock(), stamp)
        leaves_at = self.moment_for(meeting, kind, now)
        self.open().filter(meeting=meeting, kind=kind, leaves_at__gt=leaves_at).update(leaves_at=leaves_at)
        meeting.stamp(**{stamp: now})
        return self.create(meeting=meeting, kind=kind, pressed_at=now, by=by, leaves_at=leaves_at, stood_at=stood_at)

    def send_now(self, now: datetime) -> int:
        """Hold these no longer; tells how many were held."""
        return self.open().update(leaves_at=now)

    def skip_hold(self, meeting: "Meeting", now: datetime) -> None:
        """Hold the letters of a meeting no longer. Raises LettersHaveLeft."""
        if not self.filter(meeting=meeting).send_now(now):
            raise LettersHaveLeft

    @transaction.atomic
    def recall(self, meeting: "Meeting", kind: str, now: datetime, by: User | None = None) -> None:
        """Take a press back before its letters leave; what stood before stands again.

        Raises LettersHaveLeft when it is too late, MeetingCancelled when the cancellation must be recalled first.
        """
        present = meeting.lock()
        if present.is_cancelled and kind != Dispatch.CANCEL:
            raise MeetingCancelled
        held = self.open().filter(meeting=meeting, kind=kind)
        taken = list(held.select_for_update().order_by("pressed_at", "pk"))
        if not taken:
            raise LettersHaveLeft
        self.filter(pk__in=[dispatch.pk for dispatch in taken]).update(recalled_at=now, recalled_by=by)
        meeting.stamp(**{STAMPS[kind]: taken[0].stood_at})
        if kind == Dispatch.CANCEL:
            meeting.reinstate(present.sequence, now)

    def drop(self, meeting: "Meeting", now: datetime, by: User | None) -> None:
        """Called off quietly: what waits does not leave either, and what was told before stays told."""
        held = self.open().filter(meeting=meeting)
        told = held.of_kind(Dispatch.TELL).order_by("pressed_at", "pk").first()
        if told is not None:
            meeting.stamp(announced_at=told.stood_at)
        held.update(recalled_at=now, recalled_by=by)

    def release(self, now: datetime) -> int:
        """What has been held long enough leaves, and cannot be recalled from now on."""
        with transaction.atomic():
            due = self.open().filter(leaves_at__lte=now).select_for_update(skip_locked=True)
            return self.filter(pk__in=due.values_list("pk")).update(left_at=now)

    def moment_for(self, meeting: "Meeting", kind: str, now: datetime) -> datetime:
        """When letters wished now would leave: those of a change together with changes that wait already."""
        if meeting.starts_at - now <= HURRY:
            return now
        if kind != Dispatch.TELL:
            return now + RECALL
        own = self.open().filter(meeting=meeting, kind=kind)
        # A change of another meeting that the same people may hear of waits too: one letter tells of both.
        near = self.open().filter(meeting__area=meeting.area_id, kind=kind, leaves_at__gte=now + RECALL)
        first = (own.order_by("leaves_at").first()) or near.order_by("leaves_at").first()
        return first.leaves_at if first else now + GATHER


class Dispatch(models.Model):
    """One press."""

    INVITE, TELL, CANCEL = "invite", "tell", "cancel"
    KINDS = [
        (INVITE, pgettext_lazy("a dispatch", "invitation")),
        (TELL, pgettext_lazy("a dispatch", "word of a change")),
        (CANCEL, pgettext_lazy("a dispatch", "cancellation")),
    ]

    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="dispatches", verbose_name=_("meeting")
    )
    kind = models.CharField(_("what leaves"), max_length=6, choices=KINDS)
    pressed_at = models.DateTimeField(_("pressed"))
    by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who pressed")
    )
    leaves_at = models.DateTimeField(_("leaves"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    recalled_at = models.DateTimeField(_("recalled"), null=True, blank=True)
    recalled_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who recalled")
    )
    # What stood in the meeting before: a recall puts it back.
    stood_at = models.DateTimeField(_("pressed the time before"), null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch of letters")
        verbose_name_plural = _("dispatches of letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(recalled_at=None), name="dispatch_leaves_or_is_recalled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["leaves_at", "id"], condition=Q(left_at=None, recalled_at=None), name="dispatch_held_until"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.left_at is None and self.recalled_at is None


# The column of the meeting that says when each was pressed last.
STAMPS = {Dispatch.INVITE: "invited_at", Dispatch.TELL: "announced_at", Dispatch.CANCEL: "announced_at"}


def is_held(*kinds: str) -> Exists:
    """For rows with a meeting: whether its letters of these kinds are still held."""
    return Exists(Dispatch.objects.open().of_kind(*kinds).filter(meeting=OuterRef("meeting")))
