"""The round in which letters about meetings leave: each person gets one, however many meetings it is about.

What is due is gathered for each person: the meetings of one area whose letters come from the same sender. Invitations
and changes share a letter; cancellations have one of their own, which passes the suppression list.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from lib.tasks import LEFT, Attempts, for_each_locked, locked
from meetings.calendar.event_of_meeting import organiser_of
from meetings.invitations import combined_email, emails
from meetings.invitations.combined_email import Notice
from meetings.invitations.emails import CANCELLATION, INVITATION, SEVERAL, UPDATE
from meetings.models import Dispatch, Letter, Meeting, Participation
from outbox.models import Delivery, LeftOut

# Participations that make one letter: their numbers, and whether each is told of a change or asked for the first time.
Batch = dict[int, bool]
SINGLE = {INVITATION: emails.invitation, UPDATE: emails.update}


def send_due(now: datetime) -> None:
    """Let go what was held long enough, and hand what is due to the outbox."""
    Dispatch.objects.release(now)
    held_up = cancel_superseded_batches(now)
    found, attempts = batches(now), Attempts("meetings.invitations", Participation, now)
    ready = set(attempts.ready(pk for batch in found for pk in batch)) - held_up
    for batch in found:
        attempts.on([pk for pk in batch if pk in ready], partial(_write, batch, now))


def cancel_superseded_batches(now: datetime) -> set[int]:
    """A letter about several meetings that still waits, while one of them has news, is stopped; all fall due again.

    One that a worker holds at this moment is left alone: it may have left. Gives the participations whose letter could
    not be stopped: their news would leave before it, so they wait for the next round.
    """
    news = list(Participation.objects.telling_due(now).values_list("pk", flat=True))
    superseded = Letter.objects.waiting().filter(delivery__kind=SEVERAL, participation__in=news)
    for_each_locked(
        lambda: Delivery.objects.filter(pk__in=superseded.values("delivery"), claimed_at=None),
        lambda delivery: cancel_superseded_batch(delivery, now),
        round="meetings.overtaken",
        now=now,
    )
    return set(superseded.values_list("participation", flat=True))


def cancel_superseded_batch(delivery: Delivery, now: datetime) -> None:
    """Stop one letter; what it told is owed again."""
    if Delivery.objects.filter(pk=delivery.pk, claimed_at=None).leave_out(LeftOut.SUPERSEDED, now):
        for letter in Letter.objects.filter(delivery=delivery).select_related("participation").order_by("pk"):
            letter.participation.requeue(is_invitation=letter.kind == INVITATION)


def batches(now: datetime) -> list[Batch]:
    """The rows that are due, by the letters they make; the earliest meeting first."""
    senders: dict[int, str] = {}
    found: dict[tuple[Any, ...], Batch] = {}
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


def _write(batch: Batch, now: datetime, pks: Sequence[int]) -> Any:
    """Write one letter about these rows. Whoever gets the first one gets all: two rounds never share a batch."""
    if len(pks) > 1 and not _taken(Participation.objects.all(), pks[:1]):
        return LEFT
    notices = [notice_of(row, now) for row in _taken(Participation.objects.telling_due(now), _of(batch, pks, True))]
    for row in _taken(Participation.objects.asking_due(now), _of(batch, pks, False)):
        notices.append(Notice(row, INVITATION, emails.request_of(row)))
    notices.sort(key=lambda notice: (notice.participation.meeting.starts_at, notice.participation.pk))
    _hand_over([notice for notice in notices if notice.kind])
    for notice in notices:
        mark = notice.participation.mark_asked if notice.kind == INVITATION else notice.participation.mark_told
        mark(now)
    return len(notices) or LEFT


def _of(batch: Batch, pks: Sequence[int], is_told: bool) -> list[int]:
    return [pk for pk in pks if batch[pk] == is_told]


def _hand_over(notices: list[Notice]) -> None:
    if len(notices) > 1:
        combined_email.combined_letter(notices)
    elif notices and notices[0].kind == CANCELLATION:
        emails.cancellation(notices[0].participation, in_calendar=bool(notices[0].method))
    elif notices:
        SINGLE[notices[0].kind](notices[0].participation)


def notice_of(participation: Participation, now: datetime) -> Notice:
    """What one person must hear of a change or a cancellation; the kind is empty when it is nothing.

    Who has not heard anything yet is invited, or left in peace. A CANCEL goes only to those whose REQUEST really left;
    who answered on the page alone gets the words.
    """
    has_heard, in_calendar = emails.was_sent(participation), emails.is_in_calendar(participation)
    emails.cancel_superseded(participation, now)
    if participation.meeting.is_cancelled:
        said = participation.answer in (Participation.YES, Participation.MAYBE) or participation.is_queued
        kind = CANCELLATION if in_calendar or said or has_heard else ""
        return Notice(participation, kind, "CANCEL" if in_calendar else "")
    known = has_heard or participation.has_place or participation.is_queued
    return Notice(participation, UPDATE if known else INVITATION, emails.request_of(participation))


def _taken(due: Any, pks: Sequence[int]) -> list[Participation]:
    """The rows that nobody else holds, held until the transaction ends."""
    if not pks:
        return []
    rows = locked(due.select_related("meeting__area", "meeting__signup", "user"), pks)
    return list(rows.order_by("pk"))
