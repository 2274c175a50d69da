"""The public methods as data, for tables and for other programs: what is in a method, its licence and its address.

The filters of the list hold here too. Rows are sent as they are read, two hundred at a time, so that a bank of any size
takes the same memory.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lib.absolute_urls import absolute
from lib.access import public
from lib.output import csv_export
from lib.output.streaming import stream
from methods.faceted_search.filters import MethodFilter
from methods.models import Method

CHUNK = 200
LISTS = ["topics", "target_groups", "settings", "languages", "competences"]
TEXTS = [
    "goal", "safety", "evaluation", "basic_idea", "environment", "target_understanding", "results", "resources",
]  # fmt: skip
LINES = ["materials", "debrief", "variations", "tips", "conditions", "tips_for_adopters"]
NUMBERS = ["age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max", "facilitators"]
# The columns, and what the table calls them in the language of its reader; programs read the names (in JSON).
HEADINGS: dict[str, Any] = {
    "address": pgettext_lazy("column of a table", "address"),
    "title": pgettext_lazy("column of a table", "title"),
    "kind": pgettext_lazy("column of a table", "kind"),
    "summary": pgettext_lazy("column of a table", "summary"),
    "language_of_text": pgettext_lazy("column of a table", "language_of_text"),
    "licence": pgettext_lazy("column of a table", "licence"),
    "licence_url": pgettext_lazy("column of a table", "licence_url"),
    "organisation": pgettext_lazy("column of a table", "organisation"),
    "municipality": pgettext_lazy("column of a table", "municipality"),
    "locality": pgettext_lazy("column of a table", "locality"),
    "place": pgettext_lazy("column of a table", "place"),
    "author_role": pgettext_lazy("column of a table", "author_role"),
    "credits": pgettext_lazy("column of a table", "credits"),
    "published_at": pgettext_lazy("column of a table", "published_at"),
    "changed_at": pgettext_lazy("column of a table", "changed_at"),
    "keywords": pgettext_lazy("column of a table", "keywords"),
    "topics": pgettext_lazy("column of a table", "topics"),
    "target_groups": pgettext_lazy("column of a table", "target_groups"),
    "settings": pgettext_lazy("column of a table", "settings"),
    "languages": pgettext_lazy("column of a table", "languages"),
    "competences": pgettext_lazy("column of a table", "competences"),
    "preparation": pgettext_lazy("column of a table", "preparation"),
    "stage": pgettext_lazy("column of a table", "stage"),
    "age_min": pgettext_lazy("column of a table", "age_min"),
    "age_max": pgettext_lazy("column of a table", "age_max"),
    "group_min": pgettext_lazy("column of a table", "group_min"),
    "group_max": pgettext_lazy("column of a table", "group_max"),
    "duration_min": pgettext_lazy("column of a table", "duration_min"),
    "duration_max": pgettext_lazy("column of a table", "duration_max"),
    "facilitators": pgettext_lazy("column of a table", "facilitators"),
    "goal": pgettext_lazy("column of a table", "goal"),
    "safety": pgettext_lazy("column of a table", "safety"),
    "evaluation": pgettext_lazy("column of a table", "evaluation"),
    "basic_idea": pgettext_lazy("column of a table", "basic_idea"),
    "environment": pgettext_lazy("column of a table", "environment"),
    "target_understanding": pgettext_lazy("column of a table", "target_understanding"),
    "results": pgettext_lazy("column of a table", "results"),
    "resources": pgettext_lazy("column of a table", "resources"),
    "materials": pgettext_lazy("column of a table", "materials"),
    "debrief": pgettext_lazy("column of a table", "debrief"),
    "variations": pgettext_lazy("column of a table", "variations"),
    "tips": pgettext_lazy("column of a table", "tips"),
    "conditions": pgettext_lazy("column of a table", "conditions"),
    "tips_for_adopters": pgettext_lazy("column of a table", "tips_for_adopters"),
    "steps": pgettext_lazy("column of a table", "steps"),
}
COLUMNS = list(HEADINGS)


@public
@require_safe
def export_csv(request: HttpRequest) -> Any:
    """A table with headings in the reader's language, parted by semicolons as Finnish spreadsheets want it."""
    return _open(csv_export.stream("methods", _table(_rows_of(request))))


@public
@require_safe
def export_json(request: HttpRequest) -> Any:
    """{"methods": [{…}, …]}, with the names of COLUMNS whatever the language."""
    return _open(stream("methods.json", _json(_rows_of(request)), "application/json"))


def _rows_of(request: HttpRequest) -> Iterator[dict[str, Any]]:
    return rows(MethodFilter(request.GET, AnonymousUser()))


def _open(answer: StreamingHttpResponse) -> StreamingHttpResponse:
    """Pages of other sites may read it, and caches may keep it for a while."""
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


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
        "locality": method.locality,
        "place": method.place,
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


def _table(methods: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    yield [str(heading) for heading in HEADINGS.values()]
    for each in methods:
        yield [_cell(value) for value in each.values()]


def _cell(value: Any) -> Any:
    """A list stands in one cell: short words in a row, longer ones each on a line of its own."""
    if not isinstance(value, list):
        return value
    return (", " if all(len(each) < 60 and "\n" not in each for each in value) else "\n").join(value)


def _json(methods: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield '{"methods": ['
    for number, each in enumerate(methods):
        yield (",\n" if number else "\n") + json.dumps(each, ensure_ascii=False)
    yield "\n]}\n"
