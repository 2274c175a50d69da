"""How wishes are found: who may see which, in what state they are, how many support them, which resemble each other."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, OuterRef, Q

from contacts.models import HeldTextQuerySet
from lib.querysets import InArea
from networks.models import Network
from search.query import search_query
from search.searchable import SearchableQuerySet

OPEN, TAKEN_UP, ARRANGED, DECLINED = "open", "taken-up", "arranged", "declined"
# A training that people can see and that has not been called off.
_HELD = Q(meeting__published_at__isnull=False, meeting__cancelled_at=None)
STATES = {
    OPEN: Q(taken_up_at=None, declined_at=None),
    TAKEN_UP: Q(taken_up_at__isnull=False) & ~_HELD,
    ARRANGED: _HELD,
    DECLINED: Q(declined_at__isnull=False),
}
ALIKE = 0.25  # of the groups of three letters of two titles are the same
FEW = 5


class WishQuerySet(HeldTextQuerySet, InArea, SearchableQuerySet):
    # which

    def visible_to(self, user: Any) -> "WishQuerySet":
        """Wishes of the areas a person belongs to; those of a network for whoever may know of the network.

        One that is held back only its proposer and the coordinators of its area see.
        """
        if not user.is_authenticated:
            return self.none()
        shown = self.filter(Q(withdrawn_at=None) | Q(proposer=user))
        if user.is_superuser:
            return shown
        shown = shown.filter(Q(held_at=None) | Q(proposer=user) | Q(area__in=user.area_ids_run()))
        known = Q(network=None) | Q(network__in=Network.objects.visible_to(user))
        return shown.filter(known, area__in=user.area_ids())

    def active(self) -> "WishQuerySet":
        """Neither taken back nor joined to another."""
        return self.filter(withdrawn_at=None, merged_at=None)

    def in_state(self, state: str) -> "WishQuerySet":
        return self.active().filter(STATES[state])

    def supportable(self) -> "WishQuerySet":
        """Those that one can still put one's name to: open, or taken up and not arranged yet."""
        return self.active().filter(STATES[OPEN] | STATES[TAKEN_UP])

    def joinable_by(self, wish: Any) -> "WishQuerySet":
        """The wishes to which another can be joined without hiding it from its supporters; no held ones."""
        readers = Q(network=None) | Q(network=wish.network_id)
        return self.supportable().filter(readers, area=wish.area_id, held_at=None).exclude(pk=wish.pk)

    def resembling(self, title: str) -> "WishQuerySet":
        """The few that a person may have meant, the most alike first: the same letters, or all the words inflected."""
        query = search_query(title)
        alike = Q(alike__gte=ALIKE) | Q(search_vector=query) if query else Q(alike__gte=ALIKE)
        found = self.annotate(alike=TrigramSimilarity("title", title)).filter(alike)
        return found.order_by("-alike", "-created_at", "-pk")[:FEW]

    def telling_due(self, now: datetime) -> "WishQuerySet":
        """Answers that people are to be told of, and have not been: a training that is asked to, or words."""
        wanted = Q(tell_at__lte=now) | Q(meeting__invited_at__lte=now)
        told = STATES[DECLINED] | _HELD & Q(meeting__ends_at__gt=now)
        return self.active().filter(wanted, told, told_at=None)

    def made_between(self, since: datetime, until: datetime) -> "WishQuerySet":
        return self.filter(created_at__gte=since, created_at__lt=until)

    # with what

    def with_places(self) -> "WishQuerySet":
        return self.select_related("area", "network", "kind", "meeting", "proposer")

    def with_support(self, user: Any = None) -> "WishQuerySet":
        """Each with the number of its supporters as `support`, and whether the person is one as `is_supported`."""
        counted = self.annotate(support=Count("supports", distinct=True))
        if user is None or not user.is_authenticated:
            return counted
        return counted.annotate(is_supported=Exists(user.wish_supports.filter(wish=OuterRef("pk"))))

    def for_indexing(self) -> "WishQuerySet":
        return self.select_related("kind").prefetch_related("topics")

    def best(self) -> "WishQuerySet":
        """The best match first; only after `matching`."""
        return self.with_places().order_by("-rank", "-created_at", "-pk")

    def most_wanted(self) -> "WishQuerySet":
        """The one that most people support first; after `with_support`."""
        return self.order_by("-support", "-created_at", "-pk")

    # how many

    def counts(self) -> dict[str, int]:
        """For the report: wishes, how many times they were supported, how many became trainings that were published."""
        kept = self.filter(withdrawn_at=None)
        wishes = kept.aggregate(wishes=Count("pk"), trainings=Count("meeting", filter=_HELD, distinct=True))
        return wishes | kept.aggregate(supporters=Count("supports"))
