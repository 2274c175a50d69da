"""Takes rows apart again that another analyser, or none, took apart: in batches, from where it stopped."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from psycopg2.extensions import adapt

from lib.tasks import Attempts, locked
from search.analysis import finnish
from search.searchable import Searchable

BATCH = 200


def searchable(room: str | None = None) -> list[type[Model]]:
    """Models whose rows know how to make themselves findable, of one room or of all."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "search_backend") and hasattr(model, "index") and room in (None, model._meta.app_label)
    ]


def stale(model: type[Model]) -> QuerySet[Any]:
    """Rows that were not taken apart by what this machine has now."""
    return with_words(model._default_manager.all()).exclude(search_backend=finnish.backend())


def with_words(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that have words, with what these are made of, as the room says it."""
    return rows.for_indexing() if hasattr(rows, "for_indexing") else rows


def for_everybody(model: type[Model]) -> QuerySet[Any]:
    """The rows that anybody on the internet may read."""
    rows = model._default_manager.all()
    if hasattr(rows, "for_everybody"):
        return rows.for_everybody()
    return rows.visible_to(AnonymousUser()) if hasattr(rows, "visible_to") else rows.none()


def forget_backend(model: type[Model]) -> int:
    """Make all rows stale; they are found as before until their turn comes."""
    return model._default_manager.exclude(search_backend="").update(search_backend="")


def refresh(go_on: Callable[[], bool]) -> int:
    """Index the stale rows of all models as long as `go_on` says so; returns how many were done."""
    return sum(rows for model in searchable() for rows in reindex(model, go_on))


def reindex(model: type[Model], go_on: Callable[[], bool] = lambda: True) -> Iterator[int]:
    """Index the stale rows, yielding how many were done after each batch. A batch is one transaction and one UPDATE.

    The rows of a batch are locked: a verb that changes one waits, and writes its own words after ours. When a batch
    fails, its rows are taken one by one.
    """
    attempts, last = Attempts("search.index", model, timezone.now()), None
    attempts.forget_all_but(stale(model).filter(pk__in=attempts.failed).values_list("pk", flat=True))
    while go_on():
        keys = _next_keys(model, last)
        if not keys:
            return
        last = keys[-1]
        if done := sum(attempts.on([key for key in keys if not attempts.rests(key)], partial(_index, model))):
            yield done


def _next_keys(model: type[Model], last: Any) -> list[Any]:
    rows = stale(model).order_by("pk")
    return list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH])


def _index(model: type[Model], keys: Sequence[Any]) -> int:
    """Index these rows as far as nobody holds them; how many that were."""
    held = list(locked(stale(model), keys).values_list("pk", flat=True))
    rows = list(with_words(model._default_manager.filter(pk__in=held).order_by("pk")))
    if rows:
        _write(model, rows)
    return len(rows)


def _write(model: type[Model], rows: list[Any]) -> None:
    """By one statement, whatever a row's words bring along; row by row where a model has an `index` of its own."""
    if getattr(model, "index", None) is not Searchable.index:
        for row in rows:
            row.index()
        return
    values = [{"search_vector": row.search_text(), **row.search_columns()} for row in rows]
    names = {name: _quoted(model, name) for name in values[0]}
    table, key = connection.ops.quote_name(model._meta.db_table), _quoted(model, "pk")
    kinds = ", ".join(f"%s::{model._meta.get_field(name).db_type(connection)}" for name in names)
    written = ", ".join(f"{column} = found.{column}" for column in names.values())
    with connection.cursor() as cursor:
        each = f"(%s::bigint, {kinds})"
        found = [cursor.mogrify(each, (row.pk, *more.values())) for row, more in zip(rows, values, strict=True)]
        cursor.execute(
            f"UPDATE {table} SET {written}, search_backend = {_literal(finnish.backend())}"
            f" FROM (VALUES {b', '.join(found).decode()}) AS found ({key}, {', '.join(names.values())})"
            f" WHERE {table}.{key} = found.{key}"
        )


def _quoted(model: type[Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return connection.ops.quote_name(str(field.column))  # type: ignore[union-attr]


def _literal(text: str) -> str:
    return adapt(text).getquoted().decode()
