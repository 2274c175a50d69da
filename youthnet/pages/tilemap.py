"""A map of municipalities as equal tiles: places without boundary data, from the rows and columns of the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SIDE, GAP = 60, 6


@dataclass(frozen=True)
class Tile:
    """One municipality: where its square lies, and how strongly it is coloured (0 to 4)."""

    name: str
    short: str
    x: int
    y: int
    level: int

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def short_y(self) -> int:
        return self.y + SIDE // 2 - 7

    @property
    def name_y(self) -> int:
        return self.y + SIDE - 13

    @property
    def name_size(self) -> float:
        """Long names in smaller letters, so that they stay inside the square."""
        return min(9.5, round(88 / len(self.name), 1))


@dataclass(frozen=True)
class TileMap:
    """The tiles and the size of the drawing."""

    tiles: list[Tile]
    width: int
    height: int


def tile_map(municipalities: Iterable[Any]) -> TileMap:
    """Of municipalities with `grid_row`, `grid_column` (from 1, north up) and `workers` (members who work there)."""
    placed = [place for place in municipalities if place.grid_row and place.grid_column]
    tiles = [
        Tile(
            name=place.name,
            short=place.name[:3],
            x=(place.grid_column - 1) * (SIDE + GAP),
            y=(place.grid_row - 1) * (SIDE + GAP),
            level=_level(place.workers),
        )
        for place in placed
    ]
    right = max((tile.x for tile in tiles), default=0)
    bottom = max((tile.y for tile in tiles), default=0)
    return TileMap(tiles, right + SIDE, bottom + SIDE)


def _level(workers: int) -> int:
    """0 for nobody, then 1, 2, 3–5, more."""
    return sum(workers >= limit for limit in (1, 2, 3, 6))
