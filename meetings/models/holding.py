"""How a meeting's letters are dispatched, held, sent at once and recalled; `Meeting` stands on this."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F

from meetings.exceptions import LettersHaveLeft, MeetingCancelled
from meetings.models.dispatch import Dispatch

if TYPE_CHECKING:
    from contacts.models import User
    from meetings.models.participation import Participation
    from meetings.models.participation_queryset import ParticipationQuerySet

# The column of the meeting that says when each was pressed last.
STAMPS = {Dispatch.INVITE: "invited_at", Dispatch.TELL: "announced_at", Dispatch.CANCEL: "announced_at"}


class HoldsLetters(models.Model):
    """A meeting whose letters leave a while after the press."""

    class Meta:
        abstract = True

    # questions

    def people_to_ask(self: Any, now: datetime) -> "list[Participation]":
        """Whom an invitation sent now would reach, newcomers of the networks included."""
        listed = self.participations.to_ask().select_related("user").in_order()
        return [*listed, *self.participations.newcomers(self, now)]

    def people_to_tell(self: Any) -> "list[Participation]":
        """Whom word of a change would reach."""
        return list(self.participations.to_tell().standing().select_related("user").in_order())

    def held(self: Any) -> list[Dispatch]:
        """What waits, one of a kind, the oldest; while a cancellation waits, nothing else does."""
        return Dispatch.objects.held_by([self])

    def people_of(self: Any, kind: str) -> "ParticipationQuerySet":
        """Whom the letters of a dispatch would reach as things stand now."""
        if kind == Dispatch.INVITE:
            return self.participations.to_ask().filter(added_at__lte=self.invited_at)
        told = self.participations.to_tell()
        return told if kind == Dispatch.CANCEL else told.standing()

    # verbs

    @transaction.atomic
    def dispatch(self: Any, kind: str, now: datetime, by: "User | None" = None) -> Dispatch:
        """Keep a press and hold its letters: those of an earlier press of the same kind leave no later."""
        stamp = STAMPS[kind]
        stood_at = getattr(self._take(), stamp)
        leaves_at = Dispatch.objects.moment_for(self, kind, now)
        self.dispatches.open().filter(kind=kind, leaves_at__gt=leaves_at).update(leaves_at=leaves_at)
        self._stamp(**{stamp: now})
        return self.dispatches.create(kind=kind, pressed_at=now, by=by, leaves_at=leaves_at, stood_at=stood_at)

    def ask_again(self: Any, now: datetime) -> None:
        """Make the answers old, so that calendars ask anew: SEQUENCE grows though the time stays.

        Raises NotPublished, MeetingOver or MeetingCancelled.
        """
        self._refuse_unless_coming(now)
        self._stamp(sequence=F("sequence") + 1, changed_at=now)

    def send_now(self: Any, now: datetime) -> None:
        """Hold the letters no longer. Raises LettersHaveLeft."""
        if not self.dispatches.all().send_now(now):
            raise LettersHaveLeft

    @transaction.atomic
    def recall(self: Any, kind: str, now: datetime, by: "User | None" = None) -> None:
        """Take a press back before its letters leave; what stood before stands again.

        Raises LettersHaveLeft when it is too late, MeetingCancelled when the cancellation must be recalled first.
        """
        present = self._take()
        if present.is_cancelled and kind != Dispatch.CANCEL:
            raise MeetingCancelled
        taken = list(self.dispatches.open().filter(kind=kind).select_for_update().order_by("pressed_at", "pk"))
        if not taken:
            raise LettersHaveLeft
        self.dispatches.filter(pk__in=[dispatch.pk for dispatch in taken]).update(recalled_at=now, recalled_by=by)
        self._stamp(**{STAMPS[kind]: taken[0].stood_at})
        if kind == Dispatch.CANCEL:
            self._stand_again(present.sequence, now)

    def drop_dispatches(self: Any, now: datetime, by: "User | None") -> None:
        """Called off quietly: what waits does not leave either, and what was told before stays told."""
        told = self.dispatches.open().of_kind(Dispatch.TELL).order_by("pressed_at", "pk").first()
        if told is not None:
            self._stamp(announced_at=told.stood_at)
        self.dispatches.open().update(recalled_at=now, recalled_by=by)

    # the parts of the verbs

    def _take(self: Any) -> Any:
        """Until the transaction ends nobody else sends, recalls or changes a place of this meeting."""
        return type(self)._default_manager.select_for_update(no_key=True).get(pk=self.pk)

    def _stand_again(self: Any, sequence: int, now: datetime) -> None:
        """Not cancelled after all. Feeds may have shown the higher SEQUENCE, so it stays; answers to the same time are
        answers to this version too (RFC 5546, 2.1.4)."""
        self._stamp(cancelled_at=None, cancel_reason="", changed_at=now)
        answered = self.participations.filter(answered_sequence=sequence - 1)
        answered.update(answered_sequence=F("answered_sequence") + 1)
        self.refresh_from_db(fields=["sequence"])
