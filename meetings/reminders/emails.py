"""Letters of the timeline before a meeting: to those who have not answered, and to those who may come.

They bring no calendar entry: that came with the invitation, and a second one would only ask calendars to answer again.
"""

from datetime import datetime
from typing import Any

from lib.text.dates import format_period
from meetings.invitations.emails import language_of, meeting_letter, reference_of
from meetings.models import Participation, ReminderLetter
from meetings.models.reminder_rule import Step
from outbox.models import Delivery

UNANSWERED, COMING = "meeting-reminder-unanswered", "meeting-reminder-coming"
KINDS = {Step.UNANSWERED: UNANSWERED, Step.COMING: COMING}


def reminder(letter: ReminderLetter, now: datetime) -> Delivery:
    """One person's reminder of one time of a meeting."""
    person, step = letter.participation, Step(letter.reminder.step)
    words = _unanswered(person) if step == Step.UNANSWERED else _coming(person, now)
    template = f"meetings/reminders/emails/{KINDS[step].removeprefix('meeting-').replace('-', '_')}"
    return meeting_letter(person, KINDS[step], template, "", version=_version(letter), words=words)


def take_back(now: datetime, reason: str) -> int:
    """Stop reminders that still wait in the outbox and that the meeting has overtaken."""
    waiting = Delivery.objects.waiting().filter(kind__in=KINDS.values())
    if not waiting.exists():
        return 0
    pointless = ReminderLetter.objects.pointless(now).select_related("reminder", "participation")
    references = [reference_of(letter.participation, _version(letter)) for letter in pointless]
    return waiting.filter(reference__in=references).stop(now, reason)


def _unanswered(person: Participation) -> dict[str, Any]:
    """Until when one can sign up, if that ends before the meeting begins."""
    meeting = person.meeting
    closes_at = getattr(meeting.rules_of_signup(), "closes_at", None)
    return {"closes": format_period(closes_at, None, meeting.time_zone, language_of(person)) if closes_at else ""}


def _version(letter: ReminderLetter) -> str:
    """One letter per step (that is its kind), person and time of the meeting."""
    return f"reminder-{letter.reminder.starts_at:%Y%m%d%H%M%S}"


def _coming(person: Participation, now: datetime) -> dict[str, Any]:
    """How near the meeting is on the clocks of its place, and what belongs to it to be read."""
    meeting = person.meeting
    days = (meeting.starts_at.astimezone(meeting.zone).date() - now.astimezone(meeting.zone).date()).days
    return {
        "is_today": days == 0,
        "is_tomorrow": days == 1,
        "materials": meeting.materials.shown_to(True).in_order(),
        "is_coming": person.has_place or person.answer == Participation.YES,
        "is_unsure": person.answer == Participation.MAYBE,
    }
