"""Waiting lists of sign-up, those who wait for places: in order of arrival, or one place per municipality first."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from meetings.models.employment import employment_of

if TYPE_CHECKING:
    from meetings.models.participation import Participation


class WaitingList:
    """Those who wait for one pool of places, in the order in which the places will be given.

    `now_served` get the next free places; `held_back` wait until one place per municipality is over, because somebody
    from the same municipality has a place, has been offered one, or came before them. Where that rule does not hold,
    nobody is held back.
    """

    def __init__(self, waiting: Iterable["Participation"], held: Iterable[str] | None = None) -> None:
        """`waiting` in order of arrival; `held`: from where those with a place or an offer come, None without the
        rule."""
        self.now_served: list[Participation] = []
        self.held_back: list[Participation] = []
        self._is_fair = held is not None
        self._held = {town.casefold() for town in held or ()}
        self._seen = set(self._held)
        for person in waiting:
            town = person.comes_from.casefold()
            waits = self._is_fair and town != "" and town in self._seen
            (self.held_back if waits else self.now_served).append(person)
            self._seen.add(town)

    def __iter__(self) -> Iterator["Participation"]:
        yield from self.now_served
        yield from self.held_back

    def __len__(self) -> int:
        return len(self.now_served) + len(self.held_back)

    def serves(self, newcomer: "Participation") -> bool:
        """Whether a newcomer may have a free place at once: nobody is before them, and nobody else of their
        municipality where that counts."""
        town = newcomer.comes_from.casefold()
        return not self.now_served and not (self._is_fair and town and town in self._seen)

    def has_place(self, town: str) -> bool:
        """Whether somebody from there has a place or an offer."""
        return town.casefold() in self._held

    def position_of(self, person: "Participation") -> int:
        """1 is the next."""
        return 1 + [each.pk for each in self].index(person.pk)

    def holds_back(self, person: "Participation") -> bool:
        return person.pk in {each.pk for each in self.held_back}


def where_from(person: "Participation") -> str:
    """What counts as one municipality for a person. Empty when nothing is known: then everybody counts alone."""
    return employment_of(person).place
