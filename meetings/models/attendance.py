"""Who came: ticked on a list, by the code on a slide, from a report of Teams, or written down at the door.

What is true of the person on that day (municipality, organisation, sector) is copied onto the row, so that the report
survives a change of job and an erasure.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from meetings.exceptions import MeetingCancelled, NotPublished
from meetings.models.employment import employment_of
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation


def mark_present(
    participation: Participation, now: datetime, mode: str = "", hours: Decimal | None = None
) -> Participation:
    """The person came. Again keeps the first moment and takes what is new. Raises NotPublished or MeetingCancelled."""
    meeting = participation.meeting
    refuse_unless_held(meeting)
    participation.attend(
        attended_at=participation.attended_at or now,
        attended_mode=mode or participation.attended_mode or participation.place_mode or usual_mode(meeting),
        hours=participation.hours or length_of(meeting) if hours is None else hours,
        **_employment(participation),
    )
    return participation


@transaction.atomic
def mark_all_present(meeting: Meeting, now: datetime) -> list[Participation]:
    """Everybody who said yes and is not marked yet. Raises NotPublished or MeetingCancelled."""
    refuse_unless_held(meeting)
    people = meeting.participations.named().filter(answer=Participation.YES, attended_at=None)
    known = people.with_employment().select_related("meeting").in_order()
    return [mark_present(person, now) for person in known]


def mark_absent(participation: Participation) -> None:
    """Undo: the person did not come after all."""
    nothing: dict[str, Any] = {"attended_at": None, "attended_mode": "", "hours": None}
    participation.attend(**nothing, municipality=None, organisation=None, sector=None)


@transaction.atomic
def walk_in(
    meeting: Meeting,
    now: datetime,
    name: str = "",
    email: str = "",
    organisation_name: str = "",
    mode: str = "",
    hours: Decimal | None = None,
) -> Participation:
    """Somebody who stands in the door. An address finds the member or the row that has it; a name alone never does."""
    refuse_unless_held(meeting)
    people = Participation.objects.all()
    if email:
        person = people.of_address(meeting, email, now, name=name)
    else:
        only_named: dict[str, Any] = {"meeting": meeting, "name": name, "user": None, "email": "", "is_guest": True}
        person = people.filter(**only_named).first() or people.create(**only_named, added_at=now)
    if not person.user_id:
        person.introduce(name, organisation_name or person.organisation_name)
    return mark_present(person, now, mode, hours)


def usual_mode(meeting: Meeting) -> str:
    return Meeting.ONLINE if meeting.mode == Meeting.ONLINE else Meeting.ONSITE


def length_of(meeting: Meeting) -> Decimal:
    """The hours of the whole meeting."""
    return hours_of((meeting.ends_at - meeting.starts_at).total_seconds())


def hours_of(seconds: float) -> Decimal:
    return min(Decimal(seconds / 3600).quantize(Decimal("0.01")), Decimal("999.99"))


def refuse_unless_held(meeting: Meeting) -> None:
    if meeting.is_draft:
        raise NotPublished
    if meeting.is_cancelled:
        raise MeetingCancelled


def _employment(participation: Participation) -> dict[str, Any]:
    """Where the person works on the day of the meeting."""
    work = employment_of(participation)
    sector = work.organisation.sector if work.organisation else None
    return {"municipality": work.municipality, "organisation": work.organisation, "sector": sector}
