"""The letter to those who wished for a training: it is arranged, or declined with words."""

from datetime import datetime
from typing import Any

from contacts.models import User
from lib.absolute_urls import absolute_url
from lib.text.dates import format_period
from meetings.invitations.emails import reply_to
from meetings.models import Wish
from outbox.compose import draft, post_each
from outbox.models import Delivery

ANSWERED = "wish-answered"


def answered(wish: Wish, now: datetime) -> bool:
    """To the proposer and to each who supports it. True when everybody has a letter."""
    return post_each(
        ANSWERED,
        {person: (_reference(wish), person.email) for person in wish.people_to_tell()},
        lambda person: _to(person, wish),
        round=f"meetings.wishes/{wish.pk}",
        now=now,
    )


def _to(person: User, wish: Wish) -> Delivery:
    meeting, language = wish.meeting if wish.is_arranged() else None, person.language
    context: dict[str, Any] = {"area": wish.area, "wish": wish, "meeting": meeting}
    context["is_own"] = person.pk == wish.proposer_id
    context["url"] = absolute_url("meetings:wish-detail", wish.pk, language=language)
    if meeting:
        context["url"] = absolute_url("meetings:meeting-detail", meeting.slug, language=language)
        context["when"] = format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language)
    return draft(
        "meetings/wishes/emails/wish_answered",
        to=person.email,
        language=language,
        context=context,
        kind=ANSWERED,
        reference=_reference(wish),
        reply_to=reply_to(wish),
    )


def _reference(wish: Wish) -> str:
    """One letter about each answer, however often its round is run."""
    if wish.declined_at:
        return f"wish {wish.pk}/declined/{wish.declined_at:%Y%m%d%H%M%S}"
    return f"wish {wish.pk}/meeting {wish.meeting_id}"
