"""One letter about several meetings: each with its time, its place, its own answer and its own calendar file.

RFC 5546 (3.2) knows one meeting in a message for calendars, so no entry stands in the letter's own body, where
programs show buttons; each file is opened by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr
from hashlib import sha256
from typing import Any

from django.utils import translation

from lib.absolute_urls import absolute_url
from meetings.calendar.event_of_meeting import organiser_of
from meetings.calendar.ical import line
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
)
from meetings.models import Letter, Participation
from outbox.compose import letter
from outbox.message.body import CalendarFile
from outbox.models import Delivery, Priority


@dataclass(frozen=True)
class Word:
    """What one person hears of one meeting: the kind of letter, and the method of the calendar entry or none."""

    participation: Participation
    kind: str
    method: str


def several(words: Sequence[Word]) -> Delivery:
    """One letter to one person; the meetings have the same area and the same sender, and all are cancelled or none."""
    first = words[0].participation
    network, language = inviting_network(first.meeting), language_of(first)
    organiser = organiser_of(network)
    with translation.override(language):
        items = [_item(word, number, language) for number, word in enumerate(words, start=1)]
        files = [
            CalendarFile(item["file"], word.method, calendar_for(word.participation, word.method, organiser, language))
            for word, item in zip(words, items, strict=True)
            if word.method
        ]
    row = letter(
        "meetings/invitations/emails/several",
        to=formataddr((first.own_name, first.address)),
        language=language,
        context=_context(words, items, files) | {"network": network},
        kind=SEVERAL,
        reference=_reference(words),
        area_id=first.meeting.area_id,
        from_email=formataddr((line(organiser.name), organiser.address)),
        reply_to=reply_to(first.meeting),
        calendar_files=files,
        priority=Priority.URGENT if words[0].kind == CANCELLATION else Priority.ORDINARY,
    )
    for word in words:
        Letter.objects.note(word.participation, row, word.kind, word.method)
    return row


def _context(words: Sequence[Word], items: list[dict[str, Any]], files: list[CalendarFile]) -> dict[str, Any]:
    first, kinds = words[0].participation, {word.kind for word in words}
    titles = {word.participation.meeting.title for word in words}
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
        "subscribe_url": absolute_url("meetings:subscribe", language=language_of(first)),
    }


def _item(word: Word, number: int, language: str) -> dict[str, Any]:
    """One meeting as the templates know it. `is_new_time`: the time is another than the one last told."""
    participation = word.participation
    meeting = participation.meeting
    is_change = word.kind == UPDATE
    return context_of(participation, inviting_network(meeting), language) | {
        "file": f"{meeting.starts_at.astimezone(meeting.zone):%Y-%m-%d}-{number:02}.ics" if word.method else "",
        "is_change": is_change,
        "is_new_time": is_change and participation.told_sequence not in (None, meeting.sequence),
    }


def _reference(words: Sequence[Word]) -> str:
    """One letter for one dispatch about just these meetings."""
    about = " ".join(f"{word.kind} {reference_of(word.participation)}" for word in words)
    return f"meetings {sha256(about.encode()).hexdigest()}"
