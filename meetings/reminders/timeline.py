"""A meeting's timeline in words: what leaves when and to whom at this moment, what left, and what was left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from lib.text.dates import format_period
from meetings.models import Dispatch, Meeting, Participation, Reminder, ReminderRule
from meetings.models.participation_queryset import THANKS_UNTIL
from meetings.models.reminder import LATE, can_sign_up, has_passed, is_effective, people_of
from meetings.models.reminder_rule import Plan, Step, waking_from

LEFT, WAITS, OUT = "left", "waits", "out"


@dataclass(frozen=True)
class TimelineRow:
    """One step: its state (LEFT, WAITS or OUT), a sentence, and the people it reached or would reach now."""

    plan: Plan
    state: str
    words: str
    people: list[Any] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.plan.label

    @property
    def days(self) -> str:
        return days_of(self.plan)


def timeline_rows(meeting: Meeting, now: datetime) -> list[TimelineRow]:
    """The four steps in order, in a constant number of queries."""
    timeline = ReminderRule.objects.timeline_of(meeting)
    known = Reminder.objects.by_step([meeting])
    return [_row(meeting, timeline[step], known.get((meeting.pk, step)), now) for step in Step]


def next_invitation(meeting: Meeting, now: datetime) -> str:
    """When people will be invited by themselves if nobody does it before; empty when that will not happen."""
    plan = ReminderRule.objects.timeline_of(meeting)[Step.INVITATION]
    return _moment(plan.due_at(meeting)) if _will_invite(meeting, plan, now) else ""


def inviting_by_themselves(meetings: Iterable[Meeting], now: datetime) -> set[int]:
    """Those whose people will be invited by the timeline if nobody does it before. Three queries at most."""
    rows = list(meetings)
    timelines = ReminderRule.objects.timelines(rows)
    return {row.pk for row in rows if _will_invite(row, timelines[row.pk][Step.INVITATION], now)}


def _will_invite(meeting: Meeting, plan: Plan, now: datetime) -> bool:
    return is_effective(meeting, plan) and not meeting.is_cancelled and plan.due_at(meeting) > now


def days_of(plan: Plan) -> str:
    """How far from the meeting a step stands."""
    if plan.is_after:
        words = ngettext("%(number)d day after", "%(number)d days after", plan.days)
    else:
        words = ngettext("%(number)d day before", "%(number)d days before", plan.days)
    return words % {"number": plan.days}


def _row(meeting: Meeting, plan: Plan, known: Reminder | None, now: datetime) -> TimelineRow:
    if plan.step == Step.THANKS:
        return _thanks(meeting, plan, now)
    if plan.step == Step.INVITATION and meeting.invited_at:
        return _invited(meeting, plan, known)
    if known and not known.skipped:
        return _left(plan, known)
    due_at = plan.due_at(meeting)
    reason = _why_never(meeting, plan)
    if not reason and known and known.settles(due_at):
        reason = _left_out(known.skipped)
    if not reason and _is_too_late(meeting, plan, due_at, now):
        reason = _left_out(Reminder.PASSED)
    return TimelineRow(plan, OUT, reason) if reason else _waits(meeting, plan, due_at, now)


def _why_never(meeting: Meeting, plan: Plan) -> str:
    """Reasons that stand in the meeting itself."""
    if meeting.is_cancelled:
        return _("Does not leave: the meeting has been cancelled.")
    if not plan.is_on:
        return pgettext("step of reminders", "Turned off.")
    if plan.step == Step.INVITATION and meeting.is_external:
        return _("Does not leave by itself: somebody else holds this meeting.")
    return ""


def _left_out(reason: str) -> str:
    return _("Left out: %(reason)s.") % {"reason": dict(Reminder.REASONS)[reason]}


def _is_too_late(meeting: Meeting, plan: Plan, due_at: datetime, now: datetime) -> bool:
    """Nobody has written it down yet, but this step will not be caught up."""
    moment = waking_from(max(due_at, now))
    unseen = meeting.is_draft and due_at <= now and plan.step == Step.INVITATION
    has_begun = meeting.starts_at <= moment
    return unseen or has_begun or has_passed(meeting, plan, due_at) or moment - due_at > LATE[Step(plan.step)]


def _waits(meeting: Meeting, plan: Plan, due_at: datetime, now: datetime) -> TimelineRow:
    moment = waking_from(max(due_at, now))
    if plan.step == Step.UNANSWERED and not can_sign_up(meeting, moment):
        reason = dict(Reminder.REASONS)[Reminder.CLOSED]
        return TimelineRow(plan, OUT, _("Will be left out if nothing changes: %(reason)s.") % {"reason": reason})
    people = people_of(meeting, plan.step, moment)
    told = _planned(len(people)) % {"when": _moment(moment), "number": len(people)}
    if meeting.is_draft:
        told = " ".join([told, _("The meeting has to be published first.")])
    return TimelineRow(plan, WAITS, told, people)


def _planned(number: int) -> str:
    if not number:
        return _("Leaves %(when)s if there is anybody to write to by then. At this moment there is nobody.")
    return ngettext(
        "Leaves %(when)s, at this moment to %(number)d person.",
        "Leaves %(when)s, at this moment to %(number)d people.",
        number,
    )


def _left(plan: Plan, known: Reminder) -> TimelineRow:
    written = known.letters.exclude(written_at=None).select_related("participation__user").order_by("pk")
    return _sent(plan, known.taken_at, [letter.participation for letter in written])


def _invited(meeting: Meeting, plan: Plan, known: Reminder | None) -> TimelineRow:
    """By the timeline, or by the coordinator's hand before it."""
    held = meeting.dispatches.open().of_kind(Dispatch.INVITE).order_by("leaves_at").first()
    if held:
        return _held(meeting, plan, held)
    asked = list(meeting.participations.exclude(asked_at=None).select_related("user").in_order())
    row = _sent(plan, meeting.invited_at, asked)
    if known and not known.skipped:
        return row
    return TimelineRow(plan, LEFT, " ".join([row.words, _("The coordinator sent it by hand.")]), asked)


def _held(meeting: Meeting, plan: Plan, held: Dispatch) -> TimelineRow:
    """Pressed by the coordinator, and still to be recalled."""
    people = list(Participation.objects.recipients_of(meeting, Dispatch.INVITE).select_related("user").in_order())
    return TimelineRow(
        plan, WAITS, _planned(len(people)) % {"when": _moment(held.leaves_at), "number": len(people)}, people
    )


def _thanks(meeting: Meeting, plan: Plan, now: datetime) -> TimelineRow:
    """They leave as people are marked as present, from their moment on."""
    due_at = plan.due_at(meeting)
    came = list(meeting.participations.came().reachable().select_related("user").in_order())
    thanked = [person for person in came if person.thanked_at]
    if thanked:
        return _sent(plan, max(person.thanked_at for person in thanked if person.thanked_at), thanked)
    reason = _why_never(meeting, plan)
    if not reason and (has_passed(meeting, plan, due_at) or now - meeting.ends_at > THANKS_UNTIL):
        reason = _left_out(Reminder.PASSED)
    if reason:
        return TimelineRow(plan, OUT, reason)
    return TimelineRow(plan, WAITS, _from(len(came)) % {"when": _moment(due_at), "number": len(came)}, came)


def _from(number: int) -> str:
    if not number:
        return _("From %(when)s on to those who are marked as present. Nobody is yet.")
    return ngettext(
        "From %(when)s on to those who are marked as present, now %(number)d person.",
        "From %(when)s on to those who are marked as present, now %(number)d people.",
        number,
    )


def _sent(plan: Plan, at: Any, people: list[Any]) -> TimelineRow:
    words = ngettext("Left %(when)s to %(number)d person.", "Left %(when)s to %(number)d people.", len(people))
    return TimelineRow(plan, LEFT, words % {"when": _moment(at), "number": len(people)}, people)


def _moment(at: datetime) -> str:
    return format_period(at, None, timezone.get_default_timezone_name(), get_language() or "fi")
