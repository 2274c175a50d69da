"""Whom a reminder reaches: those of a meeting who have not answered, and those who may come."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from meetings.models.reminder_rule import Step

if TYPE_CHECKING:
    from meetings.models.participation import Participation

# Whoever was written to this lately is left in peace.
ASKED_LATELY, TOLD_LATELY = timedelta(days=2), timedelta(hours=6)


class Remindable(models.QuerySet["Participation"]):
    """Questions of reminders; the QuerySet of participants stands on this."""

    def to_remind(self: Any, step: str, moment: datetime) -> Any:
        """Whom a step reaches at a moment: members and guests of the meeting who have an address."""
        people = self.not_answered(moment) if step == Step.UNANSWERED else self.near(moment)
        return people.standing().reachable()

    def not_answered(self, moment: datetime) -> "models.QuerySet[Participation]":
        """Those who were invited, have said nothing, and have had two days' peace from letters about this meeting."""
        lately = moment - ASKED_LATELY
        silent = self.filter(answer="", queued_at=None, asked_at__isnull=False)
        return silent.exclude(told_at__gt=lately).exclude(self._reminded_since(lately))

    def near(self, moment: datetime) -> "models.QuerySet[Participation]":
        """Those who need the link and the agenda now.

        Where there is sign-up, those with a place. Elsewhere those who come or perhaps come, and also the invited who
        have not answered, for many of them come all the same; those who have said no are left in peace. Whoever heard
        of this very time in the last six hours knows it.
        """
        open_door = Q(meeting__signup=None, queued_at=None)
        may_come = Q(answer__in=["yes", "maybe"]) | Q(answer="", asked_at__isnull=False)
        knows = Q(told_at__gt=moment - TOLD_LATELY, told_sequence=F("meeting__sequence"))
        return self.filter(~Q(placed_at=None) | (open_door & may_come)).exclude(knows)

    def _reminded_since(self, moment: datetime) -> Exists:
        from meetings.models.reminder import ReminderLetter  # letters point at participants, so this door opens late

        return Exists(ReminderLetter.objects.filter(participation=OuterRef("pk"), written_at__gt=moment))
