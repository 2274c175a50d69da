"""What became of the timeline: a step of one time of a meeting is taken up once, and a person written to once."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.querysets import InArea
from meetings.models.dispatch import Dispatch
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.reminder_rule import MOST_DAYS, Plan, ReminderRule, Step

log = logging.getLogger(__name__)

# After a standstill a step is caught up for so long; later it would only confuse.
LATE = {Step.INVITATION: timedelta(days=3), Step.UNANSWERED: timedelta(days=3), Step.COMING: timedelta(days=1)}
BEFORE = [Step.INVITATION, Step.UNANSWERED, Step.COMING]
# A letter that cannot be written is tried for a day; one that was written is watched for as long as it may wait.
TRIED, WATCHED = timedelta(days=1), timedelta(days=3)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    # questions

    def due(self, now: datetime) -> list[tuple[int, str]]:
        """(meeting, step) pairs whose moment has come and that nobody has taken up."""
        horizon = now + timedelta(days=MOST_DAYS + 1)
        meetings = list(Meeting.objects.published().upcoming(now).filter(starts_at__range=(now, horizon)).next_first())
        timelines, known = ReminderRule.objects.timelines(meetings), self.by_step(meetings)
        return [
            (meeting.pk, step)
            for meeting in meetings
            for step in BEFORE
            if _is_due(meeting, timelines[meeting.pk][step], known.get((meeting.pk, step)), now)
        ]

    def by_step(self, meetings: Iterable[Meeting]) -> "dict[tuple[int, str], Reminder]":
        """What has been taken up, by (meeting, step), of the meetings' present times."""
        of_now = self.filter(meeting__in=list(meetings), starts_at=F("meeting__starts_at"))
        return {(each.meeting_id, each.step): each for each in of_now}

    # verbs

    @transaction.atomic
    def take_up(self, meeting: Meeting, step: str, now: datetime) -> "Reminder | None":
        """Do one step of a meeting that the caller holds: invite, or list those to write to; or write down why not.

        None when another round was quicker. Whoever it reaches is decided here, once.
        """
        if not meeting.is_coming(now):
            return None
        plan = ReminderRule.objects.timeline_of(meeting)[step]
        if not _is_due(meeting, plan, self.by_step([meeting]).get((meeting.pk, step)), now):
            return None
        reminder = self._write_down(meeting, plan, why_not(meeting, plan, now), now)
        if reminder.skipped:
            log.info("reminder %s of meeting %s was left out: %s", step, meeting.pk, reminder.skipped)
        elif step == Step.INVITATION:
            meeting.invite(now)
            # It stood in the timeline all the time: there is nothing to recall.
            meeting.dispatches.of_kind(Dispatch.INVITE).send_now(now)
        else:
            people = meeting.participations.to_remind(step, now)
            ReminderLetter.objects.bulk_create(ReminderLetter(reminder=reminder, participation=each) for each in people)
        return reminder

    @transaction.atomic
    def follow_network(self, meeting: Meeting, now: datetime) -> None:
        """The meeting has no timeline of its own any more. What that makes due in the past is not caught up."""
        ReminderRule.objects.filter(meeting=meeting).delete()
        timeline, known = ReminderRule.objects.timeline_of(meeting), self.by_step([meeting])
        for step in BEFORE:
            if _is_due(meeting, timeline[step], known.get((meeting.pk, step)), now):
                self._write_down(meeting, timeline[step], Reminder.PASSED, now)

    def _write_down(self, meeting: Meeting, plan: Plan, skipped: str, now: datetime) -> "Reminder":
        """One row for each step and time; what was left out before at another moment makes room."""
        key = {"meeting": meeting, "step": plan.step, "starts_at": meeting.starts_at}
        self.filter(**key).exclude(skipped="").delete()
        return self.create(**key, due_at=plan.due_at(meeting), taken_at=now, skipped=skipped)


class Reminder(models.Model):
    """One step of one time of a meeting: when it was taken up, or why it was left out."""

    PASSED, NOBODY, CLOSED = "passed", "nobody", "closed"
    REASONS = [
        (PASSED, pgettext_lazy("why no reminder", "the moment had passed already")),
        (NOBODY, pgettext_lazy("why no reminder", "there was nobody to write to")),
        (CLOSED, pgettext_lazy("why no reminder", "sign-up was not open, or the places were taken")),
    ]

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("meeting"))
    step = models.CharField(pgettext_lazy("of a timeline", "step"), max_length=12, choices=Step.choices)
    starts_at = models.DateTimeField(_("begins"))
    due_at = models.DateTimeField(pgettext_lazy("of a timeline", "planned for"))
    taken_at = models.DateTimeField(pgettext_lazy("of a timeline", "done"))
    skipped = models.CharField(pgettext_lazy("of a timeline", "left out"), max_length=8, choices=REASONS, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "step", "starts_at"], name="reminder_once_per_time"),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())

    def settles(self, due_at: datetime) -> bool:
        """What was done is done; what was left out is left out until the step is moved to another moment."""
        return not self.skipped or self.due_at == due_at


class ReminderLetterQuerySet(InArea, models.QuerySet["ReminderLetter"]):
    area_path = "reminder__meeting__area"

    def due(self, now: datetime) -> "ReminderLetterQuerySet":
        """Those still to be written, of meetings that are still to be held at that time."""
        stands = Q(reminder__meeting__cancelled_at=None, reminder__meeting__starts_at__gt=now)
        same_time = Q(reminder__meeting__starts_at=F("reminder__starts_at"))
        return self.filter(stands, same_time, written_at=None, reminder__taken_at__gt=now - TRIED)

    def pointless(self, now: datetime) -> "ReminderLetterQuerySet":
        """Those written of late for a meeting that has begun since, was called off, or got another time."""
        over = Q(reminder__meeting__starts_at__lte=now) | Q(reminder__meeting__cancelled_at__isnull=False)
        moved = ~Q(reminder__meeting__starts_at=F("reminder__starts_at"))
        return self.filter(over | moved, written_at__gt=now - WATCHED)

    def with_all(self) -> "ReminderLetterQuerySet":
        return self.select_related(
            "reminder", "participation__meeting__area", "participation__meeting__signup", "participation__user"
        )


class ReminderLetter(models.Model):
    """One person to whom a step is written."""

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="letters")
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="reminder_letters", verbose_name=_("participant")
    )
    written_at = models.DateTimeField(_("written"), null=True, blank=True)

    objects = ReminderLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of a reminder")
        verbose_name_plural = _("letters of reminders")
        constraints = [
            models.UniqueConstraint(fields=["reminder", "participation"], name="reminder_letter_once_per_person"),
        ]

    def __str__(self) -> str:
        return str(self.participation)

    def is_wanted(self, now: datetime) -> bool:
        """Whether the step still reaches the person, who may have answered meanwhile."""
        meeting = self.participation.meeting
        return meeting.participations.to_remind(self.reminder.step, now).filter(pk=self.participation_id).exists()

    def mark_written(self, now: datetime) -> None:
        """The letter was handed to the outbox."""
        self.written_at = now
        self.save(update_fields=["written_at"])


def why_not(meeting: Meeting, plan: Plan, now: datetime) -> str:
    """Why a step whose moment has come is left out; empty when it is not.

    Nothing is caught up because a coordinator changed the timeline, nor is anybody invited because the meeting was
    published or moved after the day: that would come as a surprise.
    """
    due_at = plan.due_at(meeting)
    if has_passed(meeting, plan, due_at) or now - due_at > LATE[Step(plan.step)] or meeting.starts_at <= now:
        return Reminder.PASSED
    if plan.step == Step.UNANSWERED and not can_sign_up(meeting, now):
        return Reminder.CLOSED
    return "" if people_of(meeting, plan.step, now) else Reminder.NOBODY


def has_passed(meeting: Meeting, plan: Plan, due_at: datetime) -> bool:
    """Whether the moment was over before the step became what it is."""
    known_at = [plan.changed_at] if plan.changed_at else []
    known_at += [meeting.changed_at] if plan.step == Step.INVITATION else []
    return any(due_at < moment for moment in known_at)


def people_of(meeting: Meeting, step: str, moment: datetime) -> list[Any]:
    """Whom a step before the meeting would reach at this moment."""
    if step == Step.INVITATION:
        return Participation.objects.to_invite(meeting, moment)
    return list(meeting.participations.to_remind(step, moment).select_related("user").in_order())


def can_sign_up(meeting: Meeting, moment: datetime) -> bool:
    """Whether an answer still leads to a place: no sign-up, or one that is open and has room."""
    signup = meeting.rules_of_signup()
    return signup is None or (signup.is_open(moment) and any(pool["free"] != 0 for pool in signup.figures()))


def is_effective(meeting: Meeting, plan: Plan) -> bool:
    """Whether a step does anything for this meeting; nobody is invited twice, or in the name of somebody else."""
    if plan.step == Step.INVITATION and (meeting.invited_at or meeting.is_external):
        return False
    return plan.is_on


def meetings_to_thank(now: datetime) -> tuple[set[int], set[int]]:
    """Meetings whose people are to be thanked now; and those where nobody is, though the moment has come."""
    came = Participation.objects.thanks_due(now)
    meetings = list(Meeting.objects.filter(pk__in=came.values("meeting")))
    plans = {pk: timeline[Step.THANKS] for pk, timeline in ReminderRule.objects.timelines(meetings).items()}
    due = [meeting for meeting in meetings if plans[meeting.pk].due_at(meeting) <= now]
    thanked = {meeting.pk for meeting in due if _thanks(meeting, plans[meeting.pk])}
    return thanked, {meeting.pk for meeting in due} - thanked


def _thanks(meeting: Meeting, plan: Plan) -> bool:
    return plan.is_on and not has_passed(meeting, plan, plan.due_at(meeting))


def _is_due(meeting: Meeting, plan: Plan, known: Reminder | None, now: datetime) -> bool:
    due_at = plan.due_at(meeting)
    return is_effective(meeting, plan) and due_at <= now and (known is None or not known.settles(due_at))
