"""The round of reminders: steps whose moment has come are taken up, and each person on them is written to."""

from datetime import datetime

from lib.tasks import for_each_locked
from meetings.models import Meeting, Participation, Reminder, ReminderLetter
from meetings.models.certificate import Certificate, entitled, give_for_series, issue_all
from meetings.models.reminder import BEFORE, meetings_to_thank
from meetings.models.reminder_rule import Step
from meetings.reminders import emails as reminder_emails


def take_up(now: datetime) -> bool:
    """Every step that is due; whether somebody is to be invited by one of them."""
    due = Reminder.objects.due(now)
    taken = {step: _take_up(step, [pk for pk, each in due if each == step], now) for step in BEFORE}
    return any(reminder and not reminder.skipped for reminder in taken[Step.INVITATION])


def _take_up(step: str, meetings: list[int], now: datetime) -> "list[Reminder | None]":
    """One step of these meetings. The meeting is held, so that no other round takes the same step."""
    return for_each_locked(
        lambda: Meeting.objects.filter(pk__in=meetings),
        lambda meeting: Reminder.objects.take_up(meeting, step, now),
        round=f"meetings.timeline/{step}",
        now=now,
    )


def write(letter: ReminderLetter, now: datetime) -> None:
    """Write to one person, unless the person has answered meanwhile."""
    if letter.is_wanted(now):
        reminder_emails.reminder(letter, now)
        letter.mark_written(now)
    else:
        letter.delete()


def give_all_certificates(now: datetime) -> list[int]:
    """The certificates of meetings whose moment has come; the meetings whose people may now be thanked."""
    thanked, quiet = meetings_to_thank(now)

    def give(meeting: Meeting) -> int:
        mine = {meeting.pk}
        give_certificates(list(mine & thanked), list(mine & quiet), now)
        return meeting.pk

    given = for_each_locked(
        lambda: Meeting.objects.filter(pk__in=thanked | quiet), give, round="meetings.certificates", now=now
    )
    return [pk for pk in given if pk in thanked]


def give_certificates(thanked: list[int], quiet: list[int], now: datetime) -> None:
    """They come with the letter of thanks; where nobody is thanked, by a letter of their own."""
    came = Participation.objects.thanks_due(now)
    told = came.filter(meeting__in=[*thanked, *quiet])
    issue_all(entitled().filter(pk__in=told), now)
    give_for_series(told, now)
    Certificate.objects.filter(participation__in=came.filter(meeting__in=quiet)).ask_letters(now)
