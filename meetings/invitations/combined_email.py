"""One letter about several meetings: each with its time, its place, its own answer and its own calendar file.

RFC 5546 (3.2) knows one meeting in a message for calendars, so no entry stands in the letter's own body, where
programs show buttons; each file is opened by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import translation

from lib.absolute_urls import absolute_url
from lib.text.mailboxes import header_address
from meetings.calendar.event_of_meeting import organiser_of
from meetings.invitations.changes import changes_for
from meetings.invitations.emails import (
    CANCELLATION,
    INVITATION,
    SEVERAL,
    UPDATE,
    calendar_for,
    context_of,
    inviting_network,
    language_of,
    reference_of,
    reply_to,
    takes_calendar_answers,
    thread_of,
)
from meetings.models import Letter, Participation
from outbox.compose import letter
from outbox.message.body import CalendarFile
from outbox.models import Delivery, Priority


@dataclass(frozen=True)
class Notice:
    """What one person hears of one meeting: the kind of letter, and the method of the calendar entry or none."""

    participation: Participation
    kind: str
    method: str


def combined_letter(notices: Sequence[Notice]) -> Delivery:
    """One letter to one person; the meetings have the same area and the same sender, and all are cancelled or none."""
    first = notices[0].participation
    network, language = inviting_network(first.meeting), language_of(first)
    organiser = organiser_of(network)
    with translation.override(language):
        items = [_item(notice, number, language) for number, notice in enumerate(notices, start=1)]
        files = [
            CalendarFile(
                item["file"], notice.method, calendar_for(notice.participation, notice.method, organiser, language)
            )
            for notice, item in zip(notices, items, strict=True)
            if notice.method
        ]
    row = letter(
        "meetings/invitations/emails/several",
        to=header_address(first.own_name, first.address),
        language=language,
        context=_context(notices, items, files) | {"network": network},
        kind=SEVERAL,
        reference=_reference(notices),
        area_id=first.meeting.area_id,
        from_email=header_address(organiser.name, organiser.address),
        reply_to=reply_to(first.meeting),
        calendar_files=files,
        headers=thread_of([notice.participation for notice in notices]),
        priority=Priority.URGENT if notices[0].kind == CANCELLATION else Priority.ORDINARY,
    )
    for notice in notices:
        Letter.objects.note(notice.participation, row, notice.kind, notice.method)
    return row


def _context(notices: Sequence[Notice], items: list[dict[str, Any]], files: list[CalendarFile]) -> dict[str, Any]:
    first, kinds = notices[0].participation, {notice.kind for notice in notices}
    titles = {notice.participation.meeting.title for notice in notices}
    return {
        "area": first.meeting.area,
        "participation": first,
        "items": items,
        "number": len(items),
        "files": len(files),
        "title": titles.pop() if len(titles) == 1 else "",
        "are_invitations": kinds == {INVITATION},
        "are_changes": kinds == {UPDATE},
        "are_cancelled": kinds == {CANCELLATION},
        "list_url": absolute_url("meetings:meeting-list", language=language_of(first)),
        "takes_calendar_answers": takes_calendar_answers(),
        "subscribe_url": absolute_url("meetings:subscribe", language=language_of(first)),
    }


def _item(notice: Notice, number: int, language: str) -> dict[str, Any]:
    """One meeting as the templates know it. `is_new_time`: the time is another than the one last told."""
    participation = notice.participation
    meeting = participation.meeting
    is_change = notice.kind == UPDATE
    return context_of(participation, inviting_network(meeting), language) | {
        "file": f"{meeting.starts_at.astimezone(meeting.zone):%Y-%m-%d}-{number:02}.ics" if notice.method else "",
        "is_change": is_change,
        "changes": changes_for(participation, language) if is_change else [],
        "is_new_time": is_change and participation.told_sequence not in (None, meeting.sequence),
    }


def _reference(notices: Sequence[Notice]) -> str:
    """One letter for one dispatch about just these meetings."""
    about = " ".join(f"{notice.kind} {reference_of(notice.participation)}" for notice in notices)
    return f"meetings {sha256(about.encode()).hexdigest()}"
