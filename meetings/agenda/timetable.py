"""An agenda with a clock beside it: when each item begins, and whether all of it fits the meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DEFAULT_MINUTES = 15
LONGEST_MINUTES = 600


@dataclass(frozen=True)
class Slot:
    """One item and its time."""

    item: Any
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Timetable:
    """All slots that a reader may see, and how the sum stands against the meeting's own time."""

    slots: Sequence[Slot]
    minutes: int
    minutes_left: int

    def __bool__(self) -> bool:
        return bool(self.slots)

    @property
    def is_over(self) -> bool:
        """The items take longer than the meeting."""
        return self.minutes_left < 0

    @property
    def minutes_over(self) -> int:
        return max(-self.minutes_left, 0)

    @classmethod
    def of(cls, items: Sequence[Any], starts_at: datetime, ends_at: datetime, is_inside: bool = True) -> "Timetable":
        """Items in order, each after the other. What is hidden from a reader takes its time all the same."""
        slots, clock = [], starts_at
        for item in items:
            begins, clock = clock, clock + timedelta(minutes=item.minutes)
            if is_inside or item.visibility != item.MEMBERS:
                slots.append(Slot(item, begins, clock))
        minutes = sum(item.minutes for item in items)
        return cls(slots, minutes, int((ends_at - starts_at).total_seconds() // 60) - minutes)
