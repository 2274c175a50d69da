"""What is another about a meeting than a person knows: for letters of a change, and for the desk before they leave."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import dumps, loads
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lib.text.dates import format_period
from meetings.models import Meeting, Participation
from meetings.models.told_facts import facts_of


@dataclass(frozen=True)
class Change:
    """One fact: what it was and what it is; an empty side was not there before, or is there no more."""

    label: str
    before: str
    after: str


def changes_for(participation: Participation, language: str) -> list[Change]:
    """What one person must learn, in words of the active language."""
    return changes_between(participation.told_facts, facts_of(participation.meeting), language)


def changes_for_most(meeting: Meeting, people: Iterable[Participation], language: str) -> list[Change]:
    """What most of these people must learn: those who know least alike are the measure."""
    known = Counter(dumps(person.told_facts, sort_keys=True) for person in people if person.told_facts)
    return changes_between(loads(known.most_common(1)[0][0]), facts_of(meeting), language) if known else []


def changes_between(known: Mapping[str, Any] | None, now: Mapping[str, Any], language: str) -> list[Change]:
    """Facts as `facts_of` gives them; nothing when it is not known what the person knows."""
    if not known:
        return []
    words = [
        (pgettext("of a meeting", "Title"), known["title"], now["title"]),
        (_("Time"), _period(known, language), _period(now, language)),
        (_("Place"), known["place"], now["place"]),
        (_("Online"), _online(known), _online(now)),
    ]
    if known["link"] and now["link"] and known["link"] != now["link"]:
        words.append((_("Link for joining"), _("the earlier link no longer works"), _("a new link, below")))
    changed = [Change(label, before, after) for label, before, after in words if before != after]
    return changed + _agenda(known["agenda"], now["agenda"])


def _period(facts: Mapping[str, Any], language: str) -> str:
    starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    return format_period(starts_at, ends_at, facts["zone"], language)


def _online(facts: Mapping[str, Any]) -> str:
    return _("online too") if facts["is_online"] else _("not online")


def _agenda(before: list[str], after: list[str]) -> list[Change]:
    """Items that fell out and came in; one that was only moved is no change."""
    label = _("Agenda")
    gone = [Change(label, title, "") for title in before if title not in after]
    return gone + [Change(label, "", title) for title in after if title not in before]
