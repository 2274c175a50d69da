"""The rounds of the room: asking those who wait to be asked, telling of changes, heeding what calendars answer."""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from meetings import emails
from meetings.models import CalendarAnswer, Participation
from meetings.replies import heed
from outbox.models import InboundMessage

HANDFUL = 200
log = logging.getLogger(__name__)


@shared_task(name="meetings.tasks.send_invitations")
def send_invitations() -> None:
    """Hand every letter that is due to the outbox, each in the transaction that stamps its row."""
    now = timezone.now()
    _each(Participation.objects.telling_due, tell, now)
    _each(Participation.objects.asking_due, ask, now)


@shared_task(name="meetings.tasks.heed_calendar_answers")
def heed_calendar_answers() -> None:
    """Read what people's calendars answered by mail; each message once, and one that fails holds up no other."""
    now = timezone.now()
    fresh = InboundMessage.objects.calendar_replies().exclude(pk__in=CalendarAnswer.objects.values("message"))
    for post in fresh[:HANDFUL]:
        try:
            with transaction.atomic():
                heed(post, now)
        except Exception:
            log.exception("the answer in message %s waits for the next round", post.pk)


def ask(participation: Participation, now: datetime) -> None:
    """Invite one person."""
    emails.invitation(participation)
    participation.mark_asked(now)


def tell(participation: Participation, now: datetime) -> None:
    """Tell one person of a change or a cancellation. Who has not heard anything yet is invited, or left in peace."""
    has_heard = emails.left_the_house(participation)
    emails.overtake(participation, now)
    if participation.meeting.is_cancelled:
        _tell_cancellation(participation, has_heard)
    elif has_heard:
        emails.update(participation)
    else:
        return ask(participation, now)
    return participation.mark_told(now)


def _tell_cancellation(participation: Participation, has_heard: bool) -> None:
    """A CANCEL goes only to those whose REQUEST really left; who answered on the page alone gets the words."""
    if has_heard or participation.answer in (Participation.YES, Participation.MAYBE):
        emails.cancellation(participation, in_calendar=has_heard)


def _each(due: Callable, act: Callable[[Participation, datetime], None], now: datetime) -> None:
    """Take the rows one by one; two rounds never take the same, and one that fails does not hold up the others."""
    for pk in list(due(now).order_by("meeting__starts_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = (
                    due(now)
                    .filter(pk=pk)
                    .select_related("meeting__area", "user")
                    .select_for_update(skip_locked=True, of=("self",))
                    .first()
                )
                if row:
                    act(row, now)
        except Exception:
            log.exception("participation %s waits for the next round", pk)
