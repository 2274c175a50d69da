"""Who reads an issue, and which of its blocks and links each reader may see: a few questions, however many readers.

What everybody may see goes to everybody. What is for members, and the links for joining meetings, go only to addresses
that an active person has proved to be their own, and only as far as the same person may see them on the site
(`Meeting.may_see_link` asks one person; here all are asked at once, and a test holds the two together).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from contacts.models import Coordinator, User
from meetings.models import Meeting, Participation
from networks.models import Membership
from newsletters.models import Block, Issue

MEMBERS = "members"


@dataclass(frozen=True)
class Share:
    """What one reader sees: which blocks, and of which meetings the link."""

    blocks: frozenset[int]
    links: frozenset[int]


class Audience:
    """The rights of all readers of one issue, asked once."""

    def __init__(self, issue: Issue, now: datetime) -> None:
        self.blocks = list(issue.blocks.in_order())
        self.published = frozenset(issue.blocks.published(now).values_list("pk", flat=True))
        self.open = frozenset(issue.blocks.shown_to(AnonymousUser()).values_list("pk", flat=True))
        meetings = [block.meeting for block in self.blocks if block.meeting]
        self.superusers = frozenset(User.objects.active().filter(is_superuser=True).values_list("pk", flat=True))
        self.coordinators = _coordinators(timezone.localdate(now))
        self.members = _members(self.blocks)
        self.asked = _asked(meetings)

    def share_of(self, reader: int | None) -> Share:
        """What a person sees (`reader` is the person's number), or an address that belongs to nobody (None)."""
        if reader is None:
            return Share(self.open, frozenset())
        own = {block.pk for block in self.blocks if self._may_see(block, reader)}
        meetings = [block.meeting for block in self.blocks if block.meeting]
        return Share(self.open | own, frozenset(m.pk for m in meetings if self._may_join(m, reader)))

    def _may_see(self, block: Block, reader: int) -> bool:
        thing = block.thing
        if thing is None or block.pk not in self.published:
            return False
        inside = self._runs(thing.area_id, reader) or reader in self.members[thing.area_id]
        meant = isinstance(thing, Meeting) and self._may_join(thing, reader)
        return meant or (thing.visibility == MEMBERS and inside)

    def _may_join(self, meeting: Meeting, reader: int) -> bool:
        return self._runs(meeting.area_id, reader) or reader in self.asked[meeting.pk]

    def _runs(self, area: int, reader: int) -> bool:
        return reader in self.superusers or reader in self.coordinators[area]


def _coordinators(today: date) -> dict[int, set[int]]:
    now = Coordinator.objects.current(today).filter(user__is_active=True)
    return _gathered(now.values_list("area", "user"))


def _members(blocks: Iterable[Block]) -> dict[int, set[int]]:
    areas = {block.thing.area_id for block in blocks if block.thing}
    members = Membership.objects.active().filter(network__area__in=areas)
    return _gathered(members.values_list("network__area", "user"))


def _asked(meetings: Iterable[Meeting]) -> dict[int, set[int]]:
    """Members of the meetings' networks, and people invited by hand."""
    found = [meeting.pk for meeting in meetings]
    members = Membership.objects.active().filter(network__meetings__in=found)
    guests = Participation.objects.filter(meeting__in=found, is_guest=True, user__is_active=True)
    pairs = [*members.values_list("network__meetings", "user"), *guests.values_list("meeting", "user")]
    return _gathered(pairs)


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    sets: dict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        sets[key].add(value)
    return sets
