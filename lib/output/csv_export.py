"""Lists as files for a spreadsheet: semicolons and a mark for UTF-8, as Finnish Excel wants them."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse


def download(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The rows as `name`.csv; the first holds the headings."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    lines = csv.writer(answer, delimiter=";")
    lines.writerows([harmless(cell) for cell in row] for row in rows)
    return answer


def harmless(cell: Any) -> str:
    """A spreadsheet must not take the words of a stranger for a formula (OWASP, CSV injection)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text
