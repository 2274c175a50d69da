"""The rounds of the room: invitations and answers, sign-up and thanks, minutes on their way, tasks soon due."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.tasks import for_each_locked, wake
from meetings.calendar.replies import process_reply, unprocessed
from meetings.certificates import emails as after_emails
from meetings.invitations.dispatch import send_due
from meetings.minutes import emails as minutes_emails
from meetings.models import (
    Certificate,
    ExternalNotes,
    Material,
    Meeting,
    Minutes,
    Participation,
    ReminderLetter,
    SignUp,
    SignUpQuestion,
    SignUpRequest,
    Task,
    VisitReport,
    Wish,
)
from meetings.models.reminder_rule import is_waking_hour
from meetings.reminders import emails as reminder_emails
from meetings.reminders import send as reminding
from meetings.signup import emails as signup_emails
from meetings.wishes import emails as wish_emails

HANDFUL = 200
log = logging.getLogger(__name__)

# The hour from which people are reminded of tasks.
MORNING = 7
# So long the names of those whom a coordinator met, and of those who represented a network, are kept.
NAMES_KEPT = timedelta(days=730)


@shared_task(name="meetings.tasks.send_invitations")
def send_invitations() -> None:
    """Hand every letter whose hold is over to the outbox, one for each person."""
    send_due(timezone.now())


@shared_task(name="meetings.tasks.send_reminders")
def send_reminders() -> None:
    """Take up the steps of timelines whose moment has come, and write to the people on them; never at night."""
    now = timezone.now()
    reminder_emails.take_back(now, _("The meeting has begun, was moved or was cancelled meanwhile."))
    if not is_waking_hour(now):
        return
    if reminding.take_up(now):
        wake(send_invitations)
    for_each_locked(
        lambda: ReminderLetter.objects.due(now).with_all(),
        lambda letter: reminding.write(letter, now),
        round="meetings.reminders",
        now=now,
    )


@shared_task(name="meetings.tasks.heed_calendar_answers")
def process_calendar_answers() -> None:
    """Read what people's calendars answered by mail, each message once."""
    now = timezone.now()
    for_each_locked(
        unprocessed,
        lambda message: process_reply(message, now),
        round="meetings.calendar-answers",
        now=now,
        most=HANDFUL,
    )


@shared_task(name="meetings.tasks.send_signup_letters")
def send_signup_letters() -> None:
    """Each whose place, turn or offer has changed hears of it; sign-ups without an account get a letter to confirm."""
    now = timezone.now()
    for_each_locked(
        lambda: Participation.objects.wanting_letter().with_all(),
        lambda row: notify_of_place(row, now),
        round="meetings.places",
        now=now,
    )
    for_each_locked(
        lambda: SignUpRequest.objects.wanting_letter(now),
        lambda request: ask_to_confirm(request, now),
        round="meetings.confirmations",
        now=now,
    )


def notify_of_place(participation: Participation, now: datetime) -> None:
    """Tell one person of the place, the turn or the offer."""
    signup_emails.place_status(participation)
    participation.mark_place_told(now)


def ask_to_confirm(request: SignUpRequest, now: datetime) -> None:
    """Send one address the link that signs up."""
    signup_emails.ask_to_confirm(request)
    request.mark_sent(now)


@shared_task(name="meetings.tasks.send_thanks")
def send_thanks() -> None:
    """After a meeting, by its timeline, those who came get their certificates, thanks, and the question how it was."""
    now = timezone.now()
    if is_waking_hour(now):
        thanked = reminding.give_all_certificates(now)
        for_each_locked(
            lambda: Participation.objects.thanks_due(now).filter(meeting__in=thanked).with_all(),
            lambda row: thank(row, now),
            round="meetings.thanks",
            now=now,
        )
    for_each_locked(
        Certificate.objects.wanting_letter,
        lambda certificate: send_certificate(certificate, now),
        round="meetings.certificate-letters",
        now=now,
    )


def thank(participation: Participation, now: datetime) -> None:
    """Thank one person; the certificate comes along."""
    after_emails.thanks(participation)
    participation.mark_thanked(now)
    Certificate.objects.filter(participation=participation).mark_sent(now)


def send_certificate(certificate: Certificate, now: datetime) -> None:
    """Send one person the link to it."""
    after_emails.certificate(certificate, now)
    certificate.mark_sent(now)


@shared_task(name="meetings.tasks.lapse_offers")
def expire_offers() -> None:
    """Offers past their deadline go to the next in line; places kept for other municipalities to those who wait.

    The meeting is held, as by every verb that changes a place.
    """
    now = timezone.now()
    given = for_each_locked(
        lambda: Meeting.objects.filter(signup__in=SignUp.objects.with_due_rest(now)),
        lambda meeting: meeting.signup.give_rest(now),
        round="meetings.fair-places",
        now=now,
    )
    lapsed = for_each_locked(
        lambda: Meeting.objects.filter(signup__in=SignUp.objects.with_due_offers(now)),
        lambda meeting: meeting.signup.expire_offers(now),
        round="meetings.offers",
        now=now,
    )
    if any(given + lapsed):
        wake(send_signup_letters)


@shared_task(name="meetings.tasks.forget_signup")
def forget_signup() -> None:
    """Delete replies kept as long as was promised, and sign-ups that nobody confirmed."""
    now = timezone.now()
    for_each_locked(
        lambda: SignUpQuestion.objects.to_forget(now),
        lambda question: forget_replies(question, now),
        round="meetings.replies",
        now=now,
    )
    number, _rows = SignUpRequest.objects.unanswered(now).delete()
    if number:
        log.info("%s sign-ups that nobody confirmed were deleted", number)


def forget_replies(question: SignUpQuestion, now: datetime) -> None:
    """Delete the replies to one question; the log tells how many."""
    number, days = question.forget(now), question.keep_days
    log.info("sign-up question %s: %s replies deleted after %s days", question.pk, number, days)


@shared_task(name="meetings.tasks.forget_names")
def forget_names() -> None:
    """Names in reports of visits and in notes of others' meetings go after two years; the rest stays."""
    now = timezone.now()
    models: list[Any] = [VisitReport, ExternalNotes]
    for model in models:
        naming = partial(model.objects.naming_before, now - NAMES_KEPT)
        rows = for_each_locked(naming, forget_names_of, round="meetings.names", now=now)
        if rows:
            log.info("%s: names removed from %s rows", model.__name__, sum(rows))


def forget_names_of(row: Any) -> int:
    """Take the names out of one row."""
    return type(row).objects.filter(pk=row.pk).forget_names()


@shared_task(name="meetings.tasks.send_minutes")
def send_minutes() -> None:
    """Letters about minutes that were sent for comments or approved."""
    now = timezone.now()
    for_each_locked(
        lambda: Minutes.objects.telling_due(now).select_related("meeting__area"),
        lambda minutes: notify_of_minutes(minutes, now),
        round="meetings.minutes",
        now=now,
    )


def notify_of_minutes(minutes: Minutes, now: datetime) -> None:
    """Hand over the letters to everybody of the meeting; when each has one, the minutes are stamped."""
    if minutes_emails.to_everybody(minutes, now):
        minutes.mark_told(now)


@shared_task(name="meetings.tasks.close_comments")
def close_comments() -> None:
    """The seven days of comments are over: those who approve the minutes hear of it."""
    now = timezone.now()
    for_each_locked(
        lambda: Minutes.objects.closing_due(timezone.localdate(now)).select_related("meeting__area", "taker"),
        lambda minutes: close(minutes, now),
        round="meetings.comments",
        now=now,
    )
    for_each_locked(
        lambda: Minutes.objects.approval_due(now).select_related("meeting__area", "taker"),
        lambda minutes: minutes_emails.comments_over(minutes, now),
        round="meetings.approval",
        now=now,
    )


def close(minutes: Minutes, now: datetime) -> None:
    """Close one, and tell those whose turn it is; whom a letter could not be written is told by the next round."""
    if minutes.close_comments(now):
        minutes_emails.comments_over(minutes, now)


@shared_task(name="meetings.tasks.remind_of_tasks")
def remind_of_tasks() -> None:
    """Owners hear three days before the day of a task, and once when it has passed; never before seven."""
    now = timezone.now()
    today = timezone.localdate(now)
    if timezone.localtime(now).hour >= MORNING:
        for_each_locked(
            lambda: Task.objects.reminding_due(today).select_related("area", "owner", "meeting"),
            lambda task: remind(task, now),
            round="meetings.tasks",
            now=now,
        )


def remind(task: Task, now: datetime) -> None:
    """Write to one owner."""
    today = timezone.localdate(now)
    minutes_emails.task_reminder(task, today)
    task.mark_told(now, today)


@shared_task(name="meetings.tasks.answer_wishes")
def answer_wishes() -> None:
    """Those who wished for a training learn that it is arranged, or why it is not."""
    now = timezone.now()
    for_each_locked(
        lambda: Wish.objects.telling_due(now).with_places(),
        lambda wish: answer_wish(wish, now),
        round="meetings.wishes",
        now=now,
    )


def answer_wish(wish: Wish, now: datetime) -> None:
    """Write to everybody whose wish it is; when each has a letter, the wish is stamped."""
    if wish_emails.answered(wish, now):
        wish.mark_told(now)


@shared_task(name="meetings.tasks.sweep_files")
def sweep_files() -> None:
    """Throw away materials that were removed a week ago, and folders that no row speaks of."""
    Material.objects.all().purge(timezone.now())
