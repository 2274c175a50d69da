"""Audience of an issue: which of its blocks and links each recipient may see, in a few queries however many they are.

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
from networks.models import Membership, Network, NewsItem
from newsletters.models import Block, Issue

MEMBERS = "members"


@dataclass(frozen=True)
class Share:
    """What one recipient sees: which blocks, and of which meetings the link."""

    blocks: frozenset[int]
    links: frozenset[int]


class Audience:
    """The rights of all recipients of one issue, queried once."""

    def __init__(self, issue: Issue, now: datetime) -> None:
        self.blocks = list(issue.blocks.in_order())
        self.published = frozenset(issue.blocks.published(now).values_list("pk", flat=True))
        self.open = frozenset(issue.blocks.shown_to(AnonymousUser()).values_list("pk", flat=True))
        meetings = [block.meeting for block in self.blocks if block.meeting]
        networks = [block.news.network for block in self.blocks if block.news and block.news.network]
        self.superusers = frozenset(User.objects.active().filter(is_superuser=True).values_list("pk", flat=True))
        self.coordinators = _coordinators(timezone.localdate(now))
        self.members = _members({thing.area_id for block in self.blocks if (thing := block.thing)}, networks)
        self.belonging = _belonging(networks)
        self.asked = _asked(meetings)
        self.joining = self._joining(meetings)

    def share_of(self, person: int | None) -> Share:
        """What a person sees (`person` is a primary key), or an address that belongs to nobody (None)."""
        if person is None:
            return Share(self.open, frozenset())
        own = {block.pk for block in self.blocks if self._may_see(block, person)}
        meetings = [block.meeting for block in self.blocks if block.meeting]
        return Share(self.open | own, frozenset(m.pk for m in meetings if self._may_join(m, person)))

    def _may_see(self, block: Block, person: int) -> bool:
        """As the site shows it (`visible_to`); of methods only those for everybody and for members of the area."""
        thing = block.thing
        if thing is None or block.pk not in self.published:
            return False
        runs = self._runs(thing.area_id, person)
        if isinstance(thing, Meeting) and (runs or person in self.asked[thing.pk]):
            return True
        network = thing.network if isinstance(thing, NewsItem) else None
        inside = runs or person in self.members[thing.area_id]
        return thing.visibility == MEMBERS and inside and (network is None or self._may_enter(network, person))

    def _may_enter(self, network: Network, person: int) -> bool:
        """Whether the person may see the network that a piece of news belongs to (`Network.visible_to`)."""
        if network.is_public or self._runs(network.area_id, person):
            return True
        for_members = network.visibility == Network.MEMBERS and person in self.members[network.area_id]
        return for_members or person in self.belonging[network.pk]

    def _may_join(self, meeting: Meeting, person: int) -> bool:
        return self._runs(meeting.area_id, person) or person in self.joining[meeting.pk]

    def _joining(self, meetings: Iterable[Meeting]) -> dict[int, set[int]]:
        """Those asked and those signed up to whom it is shown; where there is sign-up, only those with a place."""
        people = Participation.objects.filter(meeting__in=meetings, user__is_active=True)
        placed = _gathered(people.placed().values_list("meeting", "user"))
        signed_up = _gathered(people.signed_up().values_list("meeting", "user"))
        joining = {}
        for meeting in meetings:
            needs_place = meeting.rules_of_signup() is not None
            seen = {person for person in signed_up[meeting.pk] if self._is_shown(meeting, person)}
            joining[meeting.pk] = seen & placed[meeting.pk] if needs_place else self.asked[meeting.pk] | seen
        return joining

    def _is_shown(self, meeting: Meeting, person: int) -> bool:
        is_member = meeting.visibility == Meeting.MEMBERS and person in self.members[meeting.area_id]
        return meeting.visibility == Meeting.PUBLIC or is_member or person in self.asked[meeting.pk]

    def _runs(self, area: int, person: int) -> bool:
        return person in self.superusers or person in self.coordinators[area]


def _coordinators(today: date) -> dict[int, set[int]]:
    now = Coordinator.objects.current(today).filter(user__is_active=True)
    return _gathered(now.values_list("area", "user"))


def _members(areas: set[int], networks: Iterable[Network]) -> dict[int, set[int]]:
    """Of these areas, and of those of these networks."""
    areas = areas | {network.area_id for network in networks}
    members = Membership.objects.active().professional().filter(network__area__in=areas)
    return _gathered(members.values_list("network__area", "user"))


def _belonging(networks: Iterable[Network]) -> dict[int, set[int]]:
    members = Membership.objects.active().filter(network__in=[network.pk for network in networks])
    return _gathered(members.values_list("network", "user"))


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
