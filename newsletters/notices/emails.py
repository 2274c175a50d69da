"""The digest as a letter: rendered once for all who are told the same in one language."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import CoordinationArea, User
from lib.absolute_urls import absolute, absolute_url
from lib.tasks import wake
from lib.text.dates import format_period
from meetings.models import Meeting
from newsletters.models import NoticeRound
from newsletters.models.notice import DIGEST
from newsletters.notices import stop_links
from outbox.compose import draft
from outbox.models import Mailing, Wording
from outbox.tasks import send_queued

if TYPE_CHECKING:
    from newsletters.notices.digest import Content

# A letter stays short enough to be read; the rest is a link away.
MOST = 12


class DigestRenderer:
    """Renders the letters of one round. Many people in the same networks share one rendering."""

    def __init__(self, round: NoticeRound) -> None:
        self.round = round
        self.mailings: dict[int, Mailing] = {}
        self.wordings: dict[Any, Wording] = {}

    def queue(self, letters: Mapping[User, "Content"], now: datetime) -> int:
        """One row of the outbox per person; tells how many are new.

        They are bulk: they never overtake an invitation, and whoever has reported a letter as unwanted gets none.
        """
        self._render_missing({_key(person, content): content for person, content in letters.items()}, now)
        rows: dict[int, list[tuple[str, str, int, Wording]]] = defaultdict(list)
        for person, content in letters.items():
            wording = self.wordings[_key(person, content)]
            rows[wording.mailing_id].append((person.email, person.name, person.pk, wording))
        return sum(mailing.address_each(rows[mailing.pk], now) for mailing in self.mailings.values())

    def start_mailings(self, now: datetime) -> None:
        """Everybody has been written to, but for those whose letters are queued singly."""
        for mailing in Mailing.objects.filter(kind=DIGEST, reference__startswith=f"{self.round.reference} "):
            mailing.start(now)
            wake(send_queued)

    def continue_mailings(self, now: datetime) -> None:
        """What was queued here was left over when the round ended."""
        for mailing in self.mailings.values():
            mailing.reopen(now)
            wake(send_queued)

    def reset(self) -> None:
        """What was rendered last has been rolled back."""
        self.mailings, self.wordings = {}, {}

    def _render_missing(self, contents: dict[Any, "Content"], now: datetime) -> None:
        """Render what has not been rendered yet, and store it in one query."""
        fresh = {
            key: self._draft(key[0], content, now) for key, content in contents.items() if key not in self.wordings
        }
        Wording.objects.bulk_create(fresh.values())
        self.wordings |= fresh

    def _draft(self, language: str, content: "Content", now: datetime) -> Wording:
        area = content[0][1][0].area
        letter = render_digest(content, language, self.round, area)
        mailing = self._open(area, now)
        return mailing.draft(language, letter.subject, letter.text, letter.html, letter.headers)

    def _open(self, area: CoordinationArea, now: datetime) -> Mailing:
        """A letter is the matter of the area of what stands first in it: its coordinator sees it and is answered."""
        if area.pk not in self.mailings:
            reference, title = f"{self.round.reference} {area.slug}", _("Notices: %(round)s") % {"round": self.round}
            more: dict[str, Any] = {"area_id": area.pk, "reply_to": _answered_by(area)}
            self.mailings[area.pk] = Mailing.objects.open(DIGEST, reference, title, now, **more)
        return self.mailings[area.pk]


def _key(person: User, content: "Content") -> tuple[str, Any]:
    """Who shares it, gets the same letter but for the own links."""
    return person.language, tuple((kind.code, thing.pk) for kind, things in content for thing in things)


def render_digest(content: "Content", language: str, round: NoticeRound, area: CoordinationArea) -> Any:
    """The words of one letter, with merge fields for the recipient's own links."""
    with translation.override(language):
        parts = [_part(kind, things, round, language) for kind, things in content]
        subject = _subject([thing for _kind, things in content for thing in things])
    own = stop_links.merge_field_urls(language)
    return draft(
        "newsletters/notices/emails/digest",
        to="",
        language=language,
        context={
            "area": area,
            "parts": parts,
            "round": round,
            **own,
        },
        kind=DIGEST,
        subject=subject,
        headers={
            "List-Id": f"<uutta.{area.slug}.{urlsplit(settings.SITE_URL).hostname}>",
            "List-Unsubscribe": f"<{own['stop_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
        },
    )


def _subject(things: list[Any]) -> str:
    """The most useful first, and how much more there is."""
    more = len(things) - 1
    if not more:
        return _("New in your networks: %(first)s") % {"first": things[0]}
    words = ngettext(
        "New in your networks: %(first)s and %(more)d other thing",
        "New in your networks: %(first)s and %(more)d other things",
        more,
    )
    return words % {"first": things[0], "more": more}


def _part(kind: Any, things: list[Any], round: NoticeRound, language: str) -> dict[str, Any]:
    return {
        "name": kind.name,
        "items": [_item(thing, round, language) for thing in things[:MOST]],
        "more": max(0, len(things) - MOST),
        "list_url": absolute_url(kind.page),
    }


def _item(thing: Any, round: NoticeRound, language: str) -> dict[str, Any]:
    """What a letter says of one thing, whatever it is."""
    meeting = thing if isinstance(thing, Meeting) else None
    page = getattr(thing, "get_absolute_url", None)
    return {
        "title": str(thing),
        "url": absolute(page()) if page else "",
        "text": getattr(thing, "summary", "") or getattr(thing, "answer", ""),
        "meeting": meeting,
        "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language) if meeting else "",
        "is_changed": meeting is not None and not meeting.is_cancelled and _was_known(meeting, round),
    }


def _was_known(meeting: Meeting, round: NoticeRound) -> bool:
    """Published before this period: what is told is its change."""
    return meeting.published_at is not None and meeting.published_at <= round.since


def _answered_by(area: CoordinationArea) -> list[str]:
    """Whoever answers reaches a person: the coordinator on the area's first card with an address."""
    card = area.cards.answering()
    return [card.email] if card else []
