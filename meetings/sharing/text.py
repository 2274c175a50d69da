"""A meeting, or the coming ones, as plain words to be pasted: for a closed channel of members, or for everybody.

Words for everybody hold no link for joining and no e-mail, not even one that somebody wrote into the title: every
address of the web but the portal's own, and every e-mail, is taken out of the finished text.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from lib.absolute_urls import absolute_url
from lib.text.dates import format_period
from meetings.models import Meeting
from outbox.compose import MANY_LINES

SHORTEST_WEEKS, LONGEST_WEEKS = 4, 8
WEEKS = range(SHORTEST_WEEKS, LONGEST_WEEKS + 1)
_ADDRESS = re.compile(r"(?:\w+://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+", re.IGNORECASE)


def of_meeting(meeting: Meeting, language: str, for_members: bool) -> str:
    """One meeting. For everybody it is empty when not everybody may see the meeting."""
    if not for_members and not is_for_everybody(meeting):
        return ""
    return _written("meetings/sharing/share_text.txt", [meeting], language, for_members)


def of_coming(meetings: Iterable[Meeting], language: str, for_members: bool) -> str:
    """The coming meetings, the next first; for everybody those that everybody may see."""
    shown = [meeting for meeting in meetings if for_members or is_for_everybody(meeting)]
    return _written("meetings/sharing/share_text_coming.txt", shown, language, for_members) if shown else ""


def coming(user: Any, network: Any, now: datetime, weeks: int) -> list[Meeting]:
    """Published meetings of the areas a person coordinates; those that only a network sees when it is that network."""
    shown = Meeting.objects.run_by(user).published().upcoming(now).filter(starts_at__lt=now + timedelta(weeks=weeks))
    own = shown.filter(networks=network) if network else shown.exclude(visibility=Meeting.NETWORK)
    return list(own.select_related("kind", "signup").next_first())


def is_for_everybody(meeting: Meeting) -> bool:
    return not meeting.is_draft and meeting.visibility == Meeting.PUBLIC


def _written(template: str, meetings: list[Meeting], language: str, for_members: bool) -> str:
    with translation.override(language):
        words: dict[str, Any] = {"parts": [_part(meeting, language, for_members) for meeting in meetings]}
        words["list_url"] = absolute_url("meetings:meeting-list")
        found: Any = get_template(template)
        text = found.template.render(Context(words, autoescape=False))
    text = MANY_LINES.sub("\n\n", text).strip() + "\n"
    return text if for_members else without_addresses(text, [meeting.join_url for meeting in meetings])


def _part(meeting: Meeting, language: str, for_members: bool) -> dict[str, Any]:
    """Where there is sign-up, the link for joining belongs to those with a place: they have it in their letter."""
    signup = meeting.rules_of_signup()
    joins = for_members and meeting.is_online and not meeting.is_cancelled
    return {
        "meeting": meeting,
        "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language),
        "url": absolute_url("meetings:meeting-detail", meeting.slug),
        "signup_url": absolute_url("meetings:signup", meeting.slug) if signup else "",
        "join_url": meeting.join_url if joins and not signup else "",
    }


def without_addresses(text: str, secrets: Iterable[str]) -> str:
    """The words without e-mails, links for joining and any address but the portal's own."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "")
    own = f"{settings.SITE_URL}/"
    text = _ADDRESS.sub(lambda found: found[0] if found[0].startswith(own) else "", text)
    return _EMAIL.sub("", text)
