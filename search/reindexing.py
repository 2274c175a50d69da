"""Takes rows apart again that another analyser, or none, took apart: in batches, from where it stopped."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from psycopg2.extensions import adapt

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


def reindex(model: type[Model], go_on: Callable[[], bool] = lambda: True) -> Iterator[int]:
    """Index the stale rows, yielding how many were done after each batch. A batch is one transaction and one UPDATE.

    The rows of a batch are locked: a verb that changes one waits, and writes its own words after ours.
    """
    while go_on():
        with transaction.atomic():
            rows = list(_batch(model))
            if rows:
                _write(model, rows)
        if not rows:
            return
        yield len(rows)


def _batch(model: type[Model]) -> QuerySet[Any]:
    keys = stale(model).order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)
    locked = list(keys.values_list("pk", flat=True)[:BATCH])
    return with_words(model._default_manager.filter(pk__in=locked).order_by("pk"))


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
