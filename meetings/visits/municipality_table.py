"""Which municipalities have been visited in a year, and which wait: the table of the desk, area by area."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from contacts.models import CoordinationArea, Municipality
from meetings.models import Meeting


@dataclass(frozen=True)
class Visited:
    """One municipality: visits of the year, the last of any year, the next one planned."""

    municipality: Municipality
    number: int = 0
    last_at: datetime | None = None
    planned_at: datetime | None = None

    @property
    def waiting_order(self) -> tuple[bool, date]:
        """Not visited this year first, and of these whoever has waited longest."""
        return self.number > 0, timezone.localdate(self.last_at) if self.last_at else date.min


@dataclass(frozen=True)
class AreaVisits:
    """The municipalities of one area, those not visited first."""

    area: CoordinationArea
    rows: list[Visited]

    @property
    def waiting(self) -> list[Visited]:
        return [row for row in self.rows if not row.number]

    @property
    def number_reached(self) -> int:
        return len(self.rows) - len(self.waiting)


def visits_of(user: Any, year: int, today: date) -> list[AreaVisits]:
    """Every area the person coordinates, in three questions however many there are of anything."""
    found = {(row["area"], row["visited"]): row for row in Meeting.objects.run_by(user).by_municipality(year, today)}
    towns = Prefetch("municipalities", Municipality.objects.alphabetical(), to_attr="towns")
    areas = CoordinationArea.objects.run_by(user).alphabetical().prefetch_related(towns)
    return [AreaVisits(area, sorted(_rows(area, found, year), key=lambda row: row.waiting_order)) for area in areas]


def _rows(area: Any, found: dict[tuple[int, str], dict[str, Any]], year: int) -> Iterator[Visited]:
    for town in area.towns:
        if _stood_in(town, year):
            row = found.get((area.pk, town.pk), {})
            yield Visited(town, row.get("number", 0), row.get("last_at"), row.get("planned_at"))


def _stood_in(town: Municipality, year: int) -> bool:
    """Whether there was such a municipality in the year: of merged ones only the living wait for a visit."""
    begun = town.valid_from is None or town.valid_from.year <= year
    return begun and (town.valid_to is None or town.valid_to.year >= year)
