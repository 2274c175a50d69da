"""Answers of calendars that came in by mail: whose they are, and whether they are to be believed.

Believed is what the person's own address sent, as the house that received our mail has verified (RFC 8601): its name is
`AUTHSERV_ID`. Without that name nothing is believed, and each answer waits for a coordinator's press.
"""

import re
from datetime import datetime
from email.message import Message

from django.conf import settings
from django.db.models import Exists, OuterRef

from meetings.calendar.ics_parser import Reply, Unreadable, read_reply
from meetings.models import CalendarAnswer, Meeting
from outbox.incoming import mime_parser
from outbox.models import InboundMessage
from outbox.models.inbound import InboundMessageQuerySet

CALENDAR_TYPES = ("text/calendar", "application/ics")
_COMMENT = re.compile(r"\([^()]*\)")


def unprocessed() -> InboundMessageQuerySet:
    """Answers of calendars that nobody has read yet, the oldest first."""
    read = CalendarAnswer.objects.filter(message=OuterRef("pk"))
    return InboundMessage.objects.calendar_replies().filter(~Exists(read))


def process_reply(post: InboundMessage, now: datetime) -> CalendarAnswer:
    """Keep the answer of one message, once."""
    message = mime_parser.parsed(bytes(post.raw))
    reply = _reply_in(message)
    meeting = Meeting.objects.published().filter(uid=reply.uid).first() if reply and reply.uid else None
    if reply is None or meeting is None:
        answer = CalendarAnswer.of_nothing(post.received_at, now)
        answer.message = post.pk
        answer.save()
        return answer
    sender = next(iter(mime_parser.addresses(message, "From")), "").lower()
    answer = CalendarAnswer.of_reply(reply, meeting, sender, post.received_at)
    answer.message = post.pk
    answer.process(now, proven=is_proven(message, sender, settings.AUTHSERV_ID))
    return answer


def is_proven(message: Message, sender: str, house: str) -> bool:
    """Whether our own receiving house found that the sender's domain sent this: DMARC, or DKIM of that very domain.

    Only the topmost header counts, for a stranger can write such headers below it.
    """
    top = mime_parser.header(message, "Authentication-Results")
    name, _mark, findings = _COMMENT.sub("", top).partition(";")
    if not house or name.split(" ")[0].lower() != house.lower():
        return False
    domain = sender.rpartition("@")[2]
    for finding in findings.lower().split(";"):
        words = finding.split()
        if words[:1] == ["dmarc=pass"] and f"header.from={domain}" in words:
            return True
        if words[:1] == ["dkim=pass"] and {f"header.d={domain}", f"header.i=@{domain}"} & set(words):
            return True
    return False


def _reply_in(message: Message) -> Reply | None:
    """The first calendar part that is an answer, wherever in the letter it stands."""
    for part in mime_parser.walk(message):
        if part.get_content_type() in CALENDAR_TYPES:
            try:
                return read_reply(mime_parser.text(part).encode())
            except Unreadable:
                continue
    return None
