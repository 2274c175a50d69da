"""The rounds of the room: invitations and answers, sign-up and thanks, minutes on their way, tasks soon due."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.tasks import wake
from meetings.calendar.replies import process_reply
from meetings.certificates import emails as after_emails
from meetings.invitations.dispatch import send_due
from meetings.minutes import emails as minutes_emails
from meetings.models import (
    CalendarAnswer,
    Certificate,
    ExternalNotes,
    Material,
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
from outbox.models import InboundMessage

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
    _one_by_one(
        lambda: ReminderLetter.objects.due(now).with_all(),
        lambda letter: reminding.write(letter, now),
    )


@shared_task(name="meetings.tasks.heed_calendar_answers")
def heed_calendar_answers() -> None:
    """Read what people's calendars answered by mail; each message once, and one that fails holds up no other."""
    now = timezone.now()
    fresh = InboundMessage.objects.calendar_replies().exclude(pk__in=CalendarAnswer.objects.values("message"))
    for post in fresh[:HANDFUL]:
        try:
            with transaction.atomic():
                process_reply(post, now)
        except Exception:
            log.exception("the answer in message %s waits for the next round", post.pk)


@shared_task(name="meetings.tasks.send_signup_letters")
def send_signup_letters() -> None:
    """Each whose place, turn or offer has changed hears of it; sign-ups without an account get a letter to confirm."""
    now = timezone.now()
    _each(lambda _now: Participation.objects.wanting_letter(), notify_of_place, now)
    for pk in list(SignUpRequest.objects.wanting_letter(now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            asked = SignUpRequest.objects.wanting_letter(now).filter(pk=pk).select_for_update(skip_locked=True)
            if request := asked.first():
                signup_emails.ask_to_confirm(request)
                request.mark_sent(now)


def notify_of_place(participation: Participation, now: datetime) -> None:
    """Tell one person of the place, the turn or the offer."""
    signup_emails.place_status(participation)
    participation.mark_place_told(now)


@shared_task(name="meetings.tasks.send_thanks")
def send_thanks() -> None:
    """After a meeting, by its timeline, those who came get their certificates, thanks, and the question how it was."""
    now = timezone.now()
    thanked, quiet = reminding.thanks_due(now)
    reminding.give_certificates(thanked, quiet, now)
    _each(lambda now: Participation.objects.thanks_due(now).filter(meeting__in=thanked), thank, now)
    for pk in list(Certificate.objects.wanting_letter().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            wanted = Certificate.objects.wanting_letter().filter(pk=pk)
            if certificate := wanted.select_for_update(skip_locked=True, of=("self",)).first():
                after_emails.certificate(certificate, now)
                certificate.mark_sent(now)


def thank(participation: Participation, now: datetime) -> None:
    """Thank one person; the certificate comes along."""
    after_emails.thanks(participation)
    participation.mark_thanked(now)
    Certificate.objects.filter(participation=participation).update(letter_sent_at=now, letter_wanted_at=None)


@shared_task(name="meetings.tasks.lapse_offers")
def lapse_offers() -> None:
    """Offers past their deadline go to the next in line; places kept for other municipalities to those who wait."""
    now = timezone.now()
    for signup in SignUp.objects.with_due_rest(now).select_related("meeting"):
        if signup.give_rest(now):
            wake(send_signup_letters)
    for signup in SignUp.objects.with_due_offers(now).select_related("meeting"):
        if signup.expire_offers(now):
            wake(send_signup_letters)


@shared_task(name="meetings.tasks.forget_signup")
def forget_signup() -> None:
    """Delete replies kept as long as was promised, and sign-ups that nobody confirmed."""
    now = timezone.now()
    for question in SignUpQuestion.objects.to_forget(now).order_by("pk"):
        number, days = question.forget(now), question.keep_days
        log.info("sign-up question %s: %s replies deleted after %s days", question.pk, number, days)
    number, _rows = SignUpRequest.objects.unanswered(now).delete()
    if number:
        log.info("%s sign-ups that nobody confirmed were deleted", number)


@shared_task(name="meetings.tasks.forget_names")
def forget_names() -> None:
    """Names in reports of visits and in notes of others' meetings go after two years; the rest stays."""
    before = timezone.now() - NAMES_KEPT
    for rows in (VisitReport.objects.naming_before(before), ExternalNotes.objects.naming_before(before)):
        if number := rows.forget_names():
            log.info("%s: names removed from %s rows", rows.model.__name__, number)


def _each(due: Callable, act: Callable[[Participation, datetime], None], now: datetime) -> None:
    """Take the rows one by one; two rounds never take the same, and one that fails does not hold up the others."""
    for pk in list(due(now).order_by("meeting__starts_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = (
                    due(now)
                    .filter(pk=pk)
                    .select_related("meeting__area", "meeting__signup", "user")
                    .select_for_update(skip_locked=True, of=("self",))
                    .first()
                )
                if row:
                    act(row, now)
        except Exception:
            log.exception("participation %s waits for the next round", pk)


@shared_task(name="meetings.tasks.send_minutes")
def send_minutes() -> None:
    """Letters about minutes that were sent for comments or approved."""
    now = timezone.now()
    _one_by_one(lambda: Minutes.objects.telling_due(now).select_related("meeting__area"), lambda row: tell_of(row, now))


def tell_of(minutes: Minutes, now: datetime) -> None:
    """Hand over the letters to everybody of the meeting, in the transaction that stamps the minutes."""
    minutes_emails.to_everybody(minutes, now)
    minutes.mark_told(now)


@shared_task(name="meetings.tasks.close_comments")
def close_comments() -> None:
    """The seven days of comments are over: those who approve the minutes hear of it."""
    now = timezone.now()
    due = Minutes.objects.closing_due(timezone.localdate(now)).select_related("meeting__area", "taker")
    _one_by_one(lambda: due, lambda row: close(row, now))


def close(minutes: Minutes, now: datetime) -> None:
    """Close one, and tell those whose turn it is."""
    if minutes.close_comments(now):
        number = minutes.comments.filter(at__gte=minutes.sent_at).count()
        for person in minutes_emails.those_who_approve(minutes, now):
            minutes_emails.comments_over(minutes, person, number)


@shared_task(name="meetings.tasks.remind_of_tasks")
def remind_of_tasks() -> None:
    """Owners hear three days before the day of a task, and once when it has passed; never before seven."""
    now = timezone.now()
    today = timezone.localdate(now)
    if timezone.localtime(now).hour >= MORNING:
        due = Task.objects.reminding_due(today).select_related("area", "owner", "meeting")
        _one_by_one(lambda: due, lambda row: remind(row, now))


def remind(task: Task, now: datetime) -> None:
    """Write to one owner."""
    today = timezone.localdate(now)
    minutes_emails.task_reminder(task, today)
    task.mark_told(now, today)


@shared_task(name="meetings.tasks.answer_wishes")
def answer_wishes() -> None:
    """Those who wished for a training learn that it is arranged, or why it is not."""
    now = timezone.now()
    _one_by_one(lambda: Wish.objects.telling_due(now).with_places(), lambda wish: answer_wish(wish, now))


def answer_wish(wish: Wish, now: datetime) -> None:
    """Write to everybody whose wish it is, in the transaction that stamps it."""
    wish_emails.answered(wish, now)
    wish.mark_told(now)


@shared_task(name="meetings.tasks.sweep_files")
def sweep_files() -> None:
    """Throw away materials that were removed a week ago, and folders that no row speaks of."""
    Material.objects.all().sweep(timezone.now())


def _one_by_one(due: Callable[[], Any], act: Callable[[Any], None]) -> None:
    """Take rows one by one; two rounds never take the same, and one that fails does not hold up the others."""
    for pk in list(due().order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = due().filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
                if row:
                    act(row)
        except Exception:
            log.exception("row %s waits for the next round", pk)
