"""A figure, and how figures are shown: a table for people, one line each for machines."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass

REACHED = {"<=": operator.le, ">=": operator.ge, "=": operator.eq}


@dataclass(frozen=True)
class Figure:
    """One measured value beside its goal. Without a goal it is told to people only."""

    name: str
    value: float
    unit: str
    goal: tuple[str, float] | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Judged as it is shown, so that 0.999 that reads 1 is 1."""
        return self.goal is None or REACHED[self.goal[0]](float(short(self.value)), self.goal[1])

    def as_line(self, part: str) -> str:
        assert self.goal
        goal = f"{self.goal[0]}{short(self.goal[1])}"
        return f"RESULT {part}.{self.name} {short(self.value)} {self.unit} goal {goal} {'ok' if self.ok else 'short'}"

    def row(self) -> list[str]:
        goal = f"{self.goal[0]} {short(self.goal[1])}" if self.goal else ""
        verdict = ("ok" if self.ok else "short") if self.goal else ""
        return [self.name, short(self.value), self.unit, goal, verdict, self.note]


def short(value: float) -> str:
    """Three figures that say something."""
    if value == int(value) or abs(value) >= 100:
        return str(round(value))
    return f"{value:.3g}"


def table(rows: Iterable[list[str]]) -> str:
    """Columns side by side: the first and the last to the left, the others to the right."""
    kept = [list(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*kept, strict=True)]
    last = len(widths) - 1
    lines = [
        "  ".join(cell.ljust(width) if n in (0, last) else cell.rjust(width) for n, (cell, width) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in kept)
    ]
    return "\n".join(as_line.rstrip() for as_line in lines)


def show(part: str, figures: list[Figure]) -> str:
    """The table, an empty line, and the lines for machines."""
    head = [["", "value", "unit", "goal", "", ""]]
    lines = [figure.as_line(part) for figure in figures if figure.goal]
    return "\n".join([table([*head, *(figure.row() for figure in figures)]), "", *lines])
