"""The round in which letters about meetings leave: each person gets one, however many meetings it is about.

What is due is gathered for each person: the meetings of one area whose letters come from the same sender. Invitations
and changes share a letter; cancellations have one of their own, which passes the stop list.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from meetings.calendar.event_of_meeting import organiser_of
from meetings.invitations import combined_email, emails
from meetings.invitations.combined_email import Word
from meetings.invitations.emails import CANCELLATION, INVITATION, SEVERAL, UPDATE
from meetings.models import Dispatch, Letter, Meeting, Participation
from outbox.models import Delivery, LeftOut

log = logging.getLogger(__name__)

# Participations that make one letter: their numbers, and whether each is told of a change or asked for the first time.
Heap = dict[int, bool]
SINGLE = {INVITATION: emails.invitation, UPDATE: emails.update}


def send_due(now: datetime) -> None:
    """Let go what was held long enough, and hand what is due to the outbox."""
    Dispatch.objects.release(now)
    tear(now)
    for heap in heaps(now):
        _try(heap, now)


def tear(now: datetime) -> None:
    """A letter about several meetings that still waits, while one of them has news, is stopped; all fall due again.

    One that a pump holds at this moment is left alone: it may have left.
    """
    news = list(Participation.objects.telling_due(now).values_list("pk", flat=True))
    waiting = Letter.objects.waiting().filter(delivery__kind=SEVERAL, participation__in=news)
    for pk in set(waiting.values_list("delivery", flat=True)) if news else ():
        with transaction.atomic():
            free = Delivery.objects.filter(pk=pk, claimed_at=None)
            if free.leave_out(LeftOut.SUPERSEDED, now):
                for letter in Letter.objects.filter(delivery=pk).select_related("participation").order_by("pk"):
                    letter.participation.requeue(is_invitation=letter.kind == INVITATION)


def heaps(now: datetime) -> list[Heap]:
    """The rows that are due, by the letters they make; the earliest meeting first."""
    senders: dict[int, str] = {}
    found: dict[tuple[Any, ...], Heap] = {}
    due = Participation.objects
    for is_told, rows in ((True, due.telling_due(now)), (False, due.asking_due(now))):
        for row in rows.select_related("meeting").order_by("meeting__starts_at", "pk"):
            meeting = row.meeting
            if meeting.pk not in senders:
                senders[meeting.pk] = _sender(meeting)
            reader = row.user_id or row.email.lower()
            key = (reader, meeting.area_id, senders[meeting.pk], meeting.is_cancelled)
            found.setdefault(key, {}).setdefault(row.pk, is_told)
    return list(found.values())


def _sender(meeting: Meeting) -> str:
    return organiser_of(emails.inviting_network(meeting)).address


def _try(heap: Heap, now: datetime) -> None:
    """Write one letter. When it fails each meeting is tried by itself, so that one holds up no other."""
    try:
        with transaction.atomic():
            _write(heap, now)
    except Exception:
        if len(heap) == 1:
            log.exception("participation %s waits for the next round", next(iter(heap)))
        else:
            for pk, is_told in heap.items():
                _try({pk: is_told}, now)


def _write(heap: Heap, now: datetime) -> None:
    """Whoever gets the first row gets the heap: two rounds never share one."""
    if len(heap) > 1 and not _taken(Participation.objects.all(), list(heap)[:1]):
        return
    told = [pk for pk, is_told in heap.items() if is_told]
    asked = [pk for pk, is_told in heap.items() if not is_told]
    words = [word_of(row, now) for row in _taken(Participation.objects.telling_due(now), told)]
    for row in _taken(Participation.objects.asking_due(now), asked):
        words.append(Word(row, INVITATION, emails.request_of(row)))
    words.sort(key=lambda word: (word.participation.meeting.starts_at, word.participation.pk))
    _hand_over([word for word in words if word.kind])
    for word in words:
        mark = word.participation.mark_asked if word.kind == INVITATION else word.participation.mark_told
        mark(now)


def _hand_over(words: list[Word]) -> None:
    if len(words) > 1:
        combined_email.several(words)
    elif words and words[0].kind == CANCELLATION:
        emails.cancellation(words[0].participation, in_calendar=bool(words[0].method))
    elif words:
        SINGLE[words[0].kind](words[0].participation)


def word_of(participation: Participation, now: datetime) -> Word:
    """What one person must hear of a change or a cancellation; the kind is empty when it is nothing.

    Who has not heard anything yet is invited, or left in peace. A CANCEL goes only to those whose REQUEST really left;
    who answered on the page alone gets the words.
    """
    has_heard, in_calendar = emails.left_the_house(participation), emails.is_in_calendar(participation)
    emails.overtake(participation, now)
    if participation.meeting.is_cancelled:
        said = participation.answer in (Participation.YES, Participation.MAYBE) or participation.is_queued
        kind = CANCELLATION if in_calendar or said or has_heard else ""
        return Word(participation, kind, "CANCEL" if in_calendar else "")
    known = has_heard or participation.has_place or participation.is_queued
    return Word(participation, UPDATE if known else INVITATION, emails.request_of(participation))


def _taken(due: Any, pks: Iterable[int]) -> list[Participation]:
    """The rows that nobody else holds, held until the transaction ends."""
    pks = list(pks)
    if not pks:
        return []
    rows = due.filter(pk__in=pks).select_related("meeting__area", "meeting__signup", "user")
    return list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
