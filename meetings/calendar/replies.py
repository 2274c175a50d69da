"""Answers of calendars that came in by mail: whose they are, and whether they are to be believed.

Believed is what the person's own address sent, as the server that received our mail has verified (RFC 8601; see
`outbox/incoming/authentication_results.py`). All else waits for a coordinator, and what names no meeting of ours is
shown to one as a letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from meetings.calendar import tnef
from meetings.calendar.ics_parser import Unreadable
from meetings.calendar.reply_parser import REPLY, Attendee, Reply, read_replies
from meetings.models import CalendarAnswer, Letter, Meeting
from outbox.incoming import mime_parser
from outbox.incoming.authentication_results import is_sender_proven
from outbox.models import InboundMessage
from outbox.models.inbound import InboundMessageQuerySet

CALENDAR_TYPES = ("text/calendar", "application/ics")


@dataclass(frozen=True)
class Found:
    """A reply and the meeting of ours that it speaks of. `is_clear`: it names both the meeting and the person."""

    reply: Reply
    meeting: Meeting
    is_clear: bool


def unprocessed() -> InboundMessageQuerySet:
    """Answers of calendars that nobody has read yet, the oldest first."""
    read = CalendarAnswer.objects.filter(message=OuterRef("pk"))
    return InboundMessage.objects.calendar_replies().filter(~Exists(read))


def process_reply(post: InboundMessage, now: datetime) -> CalendarAnswer:
    """Keep the answer of one message, once."""
    message = mime_parser.parsed(bytes(post.raw))
    sender = mime_parser.sole_sender(message)
    found = _found_in(message, post, sender)
    if found is None:
        return _show(post, now)
    meeting = found.meeting
    post.assign_area(meeting.area_id)
    attendee = found.reply.attendee(sender, lambda email: meeting.participations.at_address(email).exists())
    answer = CalendarAnswer.of_reply(
        found.reply, attendee, meeting, sender or mime_parser.header(message, "From"), post.received_at
    )
    answer.message = post.pk
    answer.process(now, proven=found.is_clear and bool(sender) and _is_proven(message))
    return answer


def _show(post: InboundMessage, now: datetime) -> CalendarAnswer:
    """What names no meeting of ours is a letter for a person."""
    post.show_on_desk(now)
    answer = CalendarAnswer.of_nothing(post.received_at, now)
    answer.message = post.pk
    answer.save()
    return answer


def _is_proven(message: Message) -> bool:
    return is_sender_proven(message, settings.AUTHSERV_ID, settings.AUTHENTICATION_RESULTS_WITHOUT_ID)


def _found_in(message: Message, post: InboundMessage, sender: str) -> Found | None:
    """The first reply that names a meeting of ours, or else the first at all to a letter about one meeting of ours."""
    replies = list(_replies_in(message))
    for reply, is_clear in replies:
        meeting = _meeting(reply.uid)
        if meeting:
            return Found(reply if is_clear else replace(reply, sequence=meeting.sequence), meeting, is_clear)
    answered = _answered_meeting(post)
    if answered is None:
        return None
    first = replies[0][0] if replies else _empty_reply(sender, post.received_at)
    return Found(replace(first, sequence=answered.sequence), answered, is_clear=False)


def _replies_in(message: Message) -> Iterator[tuple[Reply, bool]]:
    """Wherever in the letter they stand; what a winmail.dat answers is the sender's, and never clear."""
    for part in mime_parser.walk(message):
        if is_calendar_part(part):
            method = str(part.get_param("method") or "")
            try:
                replies = read_replies(mime_parser.text(part).encode(), ZoneInfo(settings.TIME_ZONE), method)
            except Unreadable:
                continue
            yield from ((reply, True) for reply in replies)
        elif not part.is_multipart() and (answer := tnef.answer_in(mime_parser.content(part))):
            sender = mime_parser.sole_sender(message)
            yield _tnef_reply(answer, sender), False


def is_calendar_part(part: Message) -> bool:
    return part.get_content_type() in CALENDAR_TYPES or mime_parser.file_name(part).lower().endswith((".ics", ".vcs"))


def _meeting(uid: str) -> Meeting | None:
    return Meeting.objects.published().filter(uid=uid).first() if uid else None


def _answered_meeting(post: InboundMessage) -> Meeting | None:
    """The one meeting that the letter of ours is about to which this is a reply."""
    about = Letter.objects.filter(delivery=post.delivery_id or 0).select_related("participation__meeting")[:2]
    return about[0].participation.meeting if len(about) == 1 else None


def _tnef_reply(answer: tnef.TnefAnswer, sender: str) -> Reply:
    status = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE"}[answer.answer]
    return Reply(REPLY, answer.uid, 0, (Attendee(sender, status=status),), "", "", None)


def _empty_reply(sender: str, at: datetime) -> Reply:
    return Reply(REPLY, "", 0, (Attendee(sender),), "", "", at)
