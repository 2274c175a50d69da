"""A pool of places of a sign-up: how many there are, who asks for one, and how full it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meetings.models.waiting_list import WaitingList

if TYPE_CHECKING:
    from meetings.models.participation_queryset import ParticipationQuerySet


@dataclass(frozen=True)
class Pool:
    """The places for one way of taking part, or for all (`mode` is empty). A `capacity` of None is without end."""

    mode: str
    capacity: int | None
    everybody: "ParticipationQuerySet"

    def people(self) -> "ParticipationQuerySet":
        """The participants who ask for a place of this pool."""
        return self.everybody.filter(place_mode=self.mode) if self.mode else self.everybody.all()

    def free(self) -> int | None:
        """Places neither taken nor offered; None is without end. Fewer than none after the number was cut."""
        return None if self.capacity is None else self.capacity - self.people().held()

    def waiting_list(self, is_fair: bool) -> WaitingList:
        """Those who wait, in the order in which places will be given; `is_fair` gives each municipality one first."""
        waiting = self.people().waiting().select_related("user__organisation", "brought_by__user")
        if not is_fair or self.capacity is None:
            return WaitingList(waiting)
        return WaitingList(waiting, self.people().holding().values_list("comes_from", flat=True))

    def figures(self) -> dict[str, Any]:
        """How many places there are, are taken, are offered, and how many wait."""
        numbers, capacity = self.people().numbers(), self.capacity
        taken, offered = numbers["taken"], numbers["offered"]
        return {
            "mode": self.mode,
            "capacity": capacity,
            "taken": taken,
            "offered": offered,
            "waiting": numbers["waiting"],
            "free": None if capacity is None else max(capacity - taken - offered, 0),
            "over": 0 if capacity is None else max(taken - capacity, 0),
        }
