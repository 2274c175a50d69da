"""Lists as files for a spreadsheet: semicolons and a mark for UTF-8, as Finnish Excel wants them."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from lib.output import streaming

BOM = "\ufeff"  # Excel takes a file without it for the characters of another age
CONTENT_TYPE = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def download(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The rows as `name`.csv; the first holds the headings."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(encoded_rows(rows), content_type=CONTENT_TYPE, headers=headers)


def stream(name: str, rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The same for lists of any length: each row is sent as soon as it is there."""
    return streaming.stream(f"{name}.csv", encoded_rows(rows), CONTENT_TYPE)


def encoded_rows(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The mark, then each row as text."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> str:
    """A spreadsheet must not take the words of a stranger for a formula (OWASP, CSV injection; CWE-1236)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


class _Echo:
    """A file that hands back what is written."""

    def write(self, line: str) -> str:
        return line
