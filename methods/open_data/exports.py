"""The public methods as data, for tables and for other programs: what is in a method, its licence and its address.

The filters of the list hold here too. Rows are sent as they are read, two hundred at a time, so that a bank of any size
takes the same memory.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from lib.absolute_urls import absolute
from lib.access import public
from methods.faceted_search.filters import MethodFilter
from methods.models import Method

CHUNK = 200
LISTS = ["topics", "target_groups", "settings", "languages", "competences"]
TEXTS = [
    "goal", "safety", "evaluation", "basic_idea", "environment", "target_understanding", "results", "resources",
]  # fmt: skip
LINES = ["materials", "debrief", "variations", "tips", "conditions", "tips_for_adopters"]
NUMBERS = ["age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max", "facilitators"]
COLUMNS = [
    "address", "title", "kind", "summary", "language_of_text", "licence", "licence_url", "organisation", "municipality",
    "author_role", "credits", "published_at", "changed_at", "keywords", *LISTS, "preparation", "stage",
    *NUMBERS, *TEXTS, *LINES, "steps",
]  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"  # Excel takes a file without it for the characters of another age


@public
@require_safe
def export_csv(request: HttpRequest) -> Any:
    """A table, parted by semicolons as Finnish spreadsheets want it; a list stands in one cell."""
    return _sent(request, _csv, "text/csv; charset=utf-8", "methods.csv")


@public
@require_safe
def export_json(request: HttpRequest) -> Any:
    """{"methods": [{…}, …]}, with the same names as the columns of the table."""
    return _sent(request, _json, "application/json", "methods.json")


def _sent(request: HttpRequest, write: Any, kind: str, name: str) -> StreamingHttpResponse:
    found = MethodFilter(request.GET, AnonymousUser())
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "public, max-age=300",
        "Access-Control-Allow-Origin": "*",
    }
    language = translation.get_language() or settings.LANGUAGE_CODE
    return StreamingHttpResponse(_spoken(write(rows(found)), language), content_type=kind, headers=headers)


def _spoken(pieces: Iterator[str], language: str) -> Iterator[str]:
    """The pieces are made when they are sent, and by then the request has forgotten its language."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def rows(found: MethodFilter) -> Iterator[dict[str, Any]]:
    """Every method that fits, the newest first."""
    numbers = list(found.found.snapshot.in_order(found.found.methods))
    named = found.queryset.select_related("organisation", "municipality", "preparation", "stage", "licence")
    whole = named.prefetch_related(*LISTS, "steps").newest()
    for begin in range(0, len(numbers), CHUNK):
        yield from map(row, whole.among(numbers[begin : begin + CHUNK]))


def row(method: Method) -> dict[str, Any]:
    """One method as data. Vocabulary in the reader's language; times in minutes, moments in ISO 8601."""
    steps = sorted(method.steps.all(), key=lambda step: (step.order, step.pk))
    return {
        "address": absolute(method.get_absolute_url()),
        "title": method.title,
        "kind": method.kind,
        "summary": method.summary,
        "language_of_text": method.language,
        "licence": str(method.licence or ""),
        "licence_url": method.reuse_url,
        "organisation": str(method.organisation or ""),
        "municipality": str(method.municipality or ""),
        "author_role": method.author_role,
        "credits": method.credits,
        "published_at": method.published_at.isoformat() if method.published_at else "",
        "changed_at": method.changed_at.isoformat(),
        "keywords": method.keywords,
        **{name: [str(term) for term in getattr(method, name).all()] for name in LISTS},
        "preparation": str(method.preparation or ""),
        "stage": str(method.stage or ""),
        **{name: getattr(method, name) for name in NUMBERS},
        **{name: getattr(method, name) for name in TEXTS},
        **{name: getattr(method, name) for name in LINES},
        "steps": [f"{step.title}: {step.text}" if step.text else step.title for step in steps],
    }


class _Echo:
    """A file that hands back what is written."""

    def write(self, line: str) -> str:
        return line


def _csv(methods: Iterable[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM + writer.writerow(COLUMNS)
    for each in methods:
        yield writer.writerow(map(_cell, each.values()))


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula begins with an apostrophe (CWE-1236)."""
    if isinstance(value, list):
        value = (", " if all(len(each) < 60 and "\n" not in each for each in value) else "\n").join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _json(methods: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield '{"methods": ['
    for number, each in enumerate(methods):
        yield (",\n" if number else "\n") + json.dumps(each, ensure_ascii=False)
    yield "\n]}\n"
