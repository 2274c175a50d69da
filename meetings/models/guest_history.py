"""What a person left here before there was an account: meetings under an address that the account has proved since.

Nothing is taken over by itself and nothing by a name: the person is asked, and a press takes it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from contacts.models import User
from meetings.models.calendar_answer import CalendarAnswer
from meetings.models.certificate import Certificate
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.participation_queryset import ParticipationQuerySet


def left_by(user: Any) -> ParticipationQuerySet:
    """Rows without an account under one of the person's proved addresses, unless the person said "not mine"."""
    return _under_proved_addresses(user).exclude(disowned_by=user)


def disowned_by(user: Any) -> ParticipationQuerySet:
    """Those of which the person has said that they are somebody else's."""
    return _under_proved_addresses(user).filter(disowned_by=user)


def history_of(user: Any) -> dict[str, Any]:
    """What is offered: meetings and certificates, and under which addresses. Empty when there is nothing."""
    if not user.is_authenticated:
        return {}
    rows = list(left_by(user).select_related("meeting", "certificate").order_by("-meeting__starts_at", "-pk"))
    if not rows:
        return {}
    return {
        "addresses": sorted({row.email.lower() for row in rows}),
        "meetings": len({row.meeting_id for row in rows}),
        "certificates": sum(hasattr(row, "certificate") for row in rows),
        "rows": rows,
    }


def disown(user: User) -> int:
    """Not mine: the rows stay as they are and are not offered to this person again."""
    return left_by(user).update(disowned_by=user)


def own_up(user: User) -> int:
    """They are mine after all: what was put aside is offered again."""
    return disowned_by(user).update(disowned_by=None)


@transaction.atomic
def claim(user: User, now: datetime) -> int:
    """Take what was left to the account, meeting by meeting. Returns how many meetings."""
    meetings = Meeting.objects.filter(pk__in=left_by(user).values("meeting")).select_related("signup").order_by("pk")
    taken = list(meetings)
    for meeting in taken:
        _claim_in_meeting(user, meeting, now)
    return len(taken)


def _claim_in_meeting(user: User, meeting: Meeting, now: datetime) -> None:
    """While the meeting is held, so that no place is given twice or lost; a place that becomes free is offered on."""
    signup = meeting.rules_of_signup()
    if signup:
        signup.hold()
    else:
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    for row in left_by(user).filter(meeting=meeting).select_for_update(of=("self",)).order_by("pk"):
        own = meeting.participations.filter(user=user).first()
        if own is None:
            row.belong_to(user)
        else:
            merge(own, row, now)
    if signup:
        signup.promote(now)


def merge(own: Participation, other: Participation, now: datetime) -> None:
    """Two rows of one person in one meeting become one. Nothing is lost: of each fact the one that says more stays.

    Came: if either says so, with the longer hours. Place before offer, offer before turn; of two alike the earlier. The
    newer answer. Replies and words that only one has. A second certificate's code goes on proving the first.
    """
    facts = _place_status_of_both(own, other, now) | _coming_of_both(own, other) | _facts_of_both(own, other)
    _certificate_of_both(own, other)
    _letters_of_both(own, other)
    other.replies.exclude(question__in=own.replies.values("question")).update(participation=own)
    other.colleagues.exclude(pk=own.pk).update(brought_by=own)
    CalendarAnswer.objects.filter(participation=other).update(participation=own)
    other.delete()
    own.absorb(**facts)


PLACE_STATUS = ["answer", "answered_at", "answered_sequence", "answered_via", "place_mode", "queued_at", "placed_at"]
PLACE_STATUS += ["stood_at", "standing_told_at", "comes_from"]
CAME = ["attended_mode", "municipality", "organisation", "sector"]


def _place_status_of_both(own: Participation, other: Participation, now: datetime) -> dict[str, Any]:
    """The better of the two standings, whole; the offers of both stay as history, and only its own stays open."""
    worse, better = sorted([other, own], key=_rank)
    worse.offers.decline(now)
    other.offers.update(participation=own)
    return {name: getattr(better, name) for name in PLACE_STATUS}


def _rank(row: Participation) -> tuple[Any, ...]:
    """A place, an offer, a turn, an answer: the higher, the better; of two alike the earlier place and newer answer."""
    since = row.placed_at or row.queued_at
    answered = row.answered_at.timestamp() if row.answered_at else 0
    return row.has_place, row.offers.open().exists(), row.is_queued, -since.timestamp() if since else 0, answered


def _coming_of_both(own: Participation, other: Participation) -> dict[str, Any]:
    came = [row for row in (own, other) if row.attended_at]
    if not came:
        return {}
    facts = {name: getattr(came[0], name) for name in CAME}
    facts["hours"] = max((row.hours for row in came if row.hours is not None), default=None)
    return facts | {"attended_at": _earliest(row.attended_at for row in came)}


def _facts_of_both(own: Participation, other: Participation) -> dict[str, Any]:
    comments = [text for text in dict.fromkeys([own.comment, other.comment]) if text]
    return {
        "comment": " / ".join(comments)[:300],
        "organisation_name": own.organisation_name or other.organisation_name,
        "brought_by": own.brought_by or (other.brought_by if other.brought_by_id != own.pk else None),
        "is_guest": own.is_guest or other.is_guest,
        "added_at": min(own.added_at, other.added_at),
        "asked_at": _earliest((own.asked_at, other.asked_at)),
        "thanked_at": _earliest((own.thanked_at, other.thanked_at)),
        "fed_back_on": own.fed_back_on or other.fed_back_on,
    } | _last_told(own, other)


def _last_told(own: Participation, other: Participation) -> dict[str, Any]:
    """What was told last, to whichever of the two."""
    last = max([own, other], key=lambda row: row.told_at.timestamp() if row.told_at else 0)
    return {"told_at": last.told_at, "told_sequence": last.told_sequence}


def _certificate_of_both(own: Participation, other: Participation) -> None:
    """One certificate; a paper with the other's code stays true."""
    given = {row.participation_id: row for row in Certificate.objects.filter(participation__in=[own, other])}
    if own.pk in given and other.pk in given:
        mine, theirs = given[own.pk], given[other.pk]
        mine.prove_also(theirs)
        theirs.delete()
    elif other.pk in given:
        given[other.pk].move_to(own)


def _letters_of_both(own: Participation, other: Participation) -> None:
    """The log knows that the letters of both went to one person: a cancellation reaches every calendar entry."""
    other.letters.exclude(delivery__in=own.letters.values("delivery")).update(participation=own)
    other.reminder_letters.exclude(reminder__in=own.reminder_letters.values("reminder")).update(participation=own)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _under_proved_addresses(user: Any) -> ParticipationQuerySet:
    """Only what allauth has seen proved: an address that was merely typed opens nothing."""
    proved = user.emailaddress_set.filter(verified=True).annotate(lowered=Lower("email")).values("lowered")
    rows = Participation.objects.filter(~Q(email=""), user=None).alias(lowered=Lower("email"))
    return rows.filter(lowered__in=proved)
