"""The round of reminders: steps whose moment has come are taken up, and each person on them is written to."""

import logging
from datetime import datetime

from meetings.models import Participation, Reminder, ReminderLetter
from meetings.models.certificate import Certificate, entitled, give_for_series, issue_all
from meetings.models.reminder import meetings_to_thank
from meetings.models.reminder_rule import Step, is_waking_hour
from meetings.reminders import emails as reminder_emails

log = logging.getLogger(__name__)


def take_up(now: datetime) -> bool:
    """Every step that is due, one that fails holding up no other; whether somebody is to be invited by one of them."""
    invites = False
    for pk, step in Reminder.objects.due(now):
        try:
            taken = Reminder.objects.take_up(pk, step, now)
        except Exception:
            log.exception("reminder %s of meeting %s waits for the next round", step, pk)
        else:
            invites = invites or bool(taken and step == Step.INVITATION and not taken.skipped)
    return invites


def write(letter: ReminderLetter, now: datetime) -> None:
    """Write to one person, unless the person has answered meanwhile."""
    if letter.is_wanted(now):
        reminder_emails.reminder(letter, now)
        letter.mark_written(now)
    else:
        letter.delete()


def thanks_due(now: datetime) -> "tuple[list[int], list[int]]":
    """The meetings whose people are thanked now, and those where the timeline thanks nobody."""
    thanked, quiet = meetings_to_thank(now) if is_waking_hour(now) else (set(), set())
    return list(thanked), list(quiet)


def give_certificates(thanked: list[int], quiet: list[int], now: datetime) -> None:
    """They come with the letter of thanks; where nobody is thanked, by a letter of their own."""
    came = Participation.objects.thanks_due(now)
    told = came.filter(meeting__in=[*thanked, *quiet])
    issue_all(entitled().filter(pk__in=told), now)
    give_for_series(told, now)
    new = Certificate.objects.filter(participation__in=came.filter(meeting__in=quiet), letter_sent_at=None)
    new.filter(letter_wanted_at=None).update(letter_wanted_at=now)
