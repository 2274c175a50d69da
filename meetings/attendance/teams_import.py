"""From the people of a Teams report to those of a meeting: whom each is here, what is asked about them, and storing."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from meetings.attendance.teams_report import BOT, GUEST, PHONE, Attendee, joined_as_one
from meetings.attendance.teams_times import Interval
from meetings.models import Meeting
from meetings.models.attendance import hours_of, walk_in

ONE, MANY = "one", "many"
KINDS = {
    GUEST: _("guest: the name was typed, nobody has checked it"),
    PHONE: _("a telephone"),
    BOT: _("a program that takes notes"),
}


def hours_of_meeting(meeting: Meeting) -> Interval:
    """When it is held, on the clock of its place, as a report writes times."""
    begin, end = (at.astimezone(meeting.zone).replace(tzinfo=None) for at in (meeting.starts_at, meeting.ends_at))
    return begin, end


def rows_of(meeting: Meeting, people: list[Attendee]) -> list[dict[str, Any]]:
    """Each of the report with the person here who has the address, if any, and why it is not ticked, if it is not."""
    listed = list(meeting.participations.select_related("user"))
    by_address = {each.address.lower(): each for each in listed if each.address}
    by_name = {each.name.casefold(): each for each in listed if not each.address}
    members = {user.email.lower(): user for user in User.objects.active().filter(email__in=[p.email for p in people])}
    with_address = {each.name.casefold() for each in people if each.email}
    rows = []
    for each in people:
        here = by_address.get(each.email) if each.email else by_name.get(each.name.casefold())
        why_not = _why_not(each, with_address)
        rows.append(
            {
                "attendee": each,
                "match": (by_address.get(each.email) or members.get(each.email)) if each.email else None,
                "marked": here if here and here.attended_at else None,
                "why_not": why_not,
                "is_ticked": not why_not,
            }
        )
    return rows


def _why_not(person: Attendee, with_address: set[str]) -> Any:
    if person.kind:
        return KINDS[person.kind]
    if not person.email and person.name.casefold() in with_address:
        return _("somebody of this name is in the report with an address; tick only another person")
    if person.is_timed and not person.seconds:
        return _("was not there during the meeting")
    return ""


def warnings(meeting: Meeting, rows: list[dict[str, Any]]) -> list[Any]:
    """What makes it doubtful that this report is to be stored: another day, or people who are marked already."""
    days = {day for row in rows for day in row["attendee"].days}
    first, last = (moment.date() for moment in hours_of_meeting(meeting))
    held = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    marked = [row for row in rows if row["marked"] and row["marked"].attended_mode == Meeting.ONLINE]
    return [
        *([_("The report is of another day than the meeting.")] if days and not days & held else []),
        *(
            [_("People of this report are marked as present already. Storing it again replaces their hours.")]
            if marked
            else []
        ),
    ]


def namesakes(people: list[Attendee], chosen: set[int]) -> dict[int, list[int]]:
    """Chosen rows of one name without an address, by the first row of that name: one person, or several?"""
    same: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(people):
        if not each.email:
            same[each.name.casefold()].append(number)
    groups = {numbers[0]: [number for number in numbers if number in chosen] for numbers in same.values()}
    return {first: numbers for first, numbers in groups.items() if len(numbers) > 1}


@transaction.atomic
def store(meeting: Meeting, people: list[Attendee], chosen: set[int], answers: dict[int, str], now: datetime) -> int:
    """Mark the chosen ones as present. `answers` says of each group of namesakes whether they are one person."""
    marked = 0
    for first, numbers in namesakes(people, chosen).items():
        chosen = chosen - set(numbers)
        same = [people[number] for number in numbers]
        if answers[first] == ONE:
            same = [joined_as_one(same, hours_of_meeting(meeting))]
        for place, each in enumerate(same, start=1):
            # A second person of this name needs a name of their own: rows without an address are found by it.
            marked += _mark(meeting, each, each.name if place == 1 else f"{each.name} ({place})", now)
    return marked + sum(_mark(meeting, people[number], people[number].name, now) for number in sorted(chosen))


def _mark(meeting: Meeting, person: Attendee, name: str, now: datetime) -> int:
    hours = hours_of(person.seconds) if person.is_timed else None
    walk_in(meeting, now, name, person.email, mode=Meeting.ONLINE, hours=hours)
    return 1
