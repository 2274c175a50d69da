"""What many tests begin with, built once in each process: later tests get the same rows by one statement."""

import pickle
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import time_machine
from django.db import connection
from django.utils import timezone

# What the migrations themselves leave behind.
MIGRATED = {"auth_permission", "django_content_type", "django_migrations", "search_thesaurusentry"}


class Snapshot:
    """What a function makes in a database that holds nothing, or only another snapshot: rows, and what it returns."""

    def __init__(self, build, base=None, lasts=timedelta.max):
        self.build, self.base, self.lasts = build, base, lasts
        self.rows = self.statement = self.made = self.made_at = None

    def restore(self, world=None):
        """Write the rows, and give each test objects of its own; those of the world are the world's own.

        They are built anew when the clock of the test is too far from the one they were made by; and a minute before
        it, because many tests begin at the same moment, and what was made later would lie ahead of them.
        """
        if self.made_at is None or abs(timezone.now() - self.made_at) > self.lasts:
            before = all_rows()
            with time_machine.travel(timezone.now() - timedelta(minutes=1)):
                made = self.build(world) if world else self.build()
            if before != (self.base.rows if self.base else {}):
                return made  # beside rows of the test's own: good for this test, not to be remembered
            self.rows, self.made_at = all_rows(), timezone.now()
            self.statement, self.made = written(before, self.rows), dumped(made, world)
        else:
            with connection.cursor() as cursor:
                cursor.execute(self.statement)
        return loaded(self.made, world)


def all_rows():
    """Every row as JSON, by table; without the tables that are empty."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - MIGRATED)
        parts = (f"SELECT '{table}', to_json(row)::text FROM {table} row" for table in tables)
        cursor.execute(" UNION ALL ".join(parts))
        found = {}
        for table, row in cursor.fetchall():
            found.setdefault(table, set()).add(row)
    return found


def written(before, after):
    """The statement that leads from one state to the other. Foreign keys are checked when the test ends."""
    statements = []
    with connection.cursor() as cursor:
        for table, rows in after.items():
            old = before.get(table, set())
            if old - rows:
                statements.append(f"DELETE FROM {table}")
                old = set()
            insert = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"
            statements.append(cursor.mogrify(insert, [f"[{','.join(sorted(rows - old))}]"]).decode())
    return ";\n".join(statements)


def dumped(made, world):
    """The objects as bytes, with names in the place of those that belong to the world."""
    names = {id(value): name for name, value in named(world).items()}
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer)
    pickler.persistent_id = lambda each: names.get(id(each))
    pickler.dump(made)
    return buffer.getvalue()


def loaded(made, world):
    values = named(world)
    unpickler = pickle.Unpickler(BytesIO(made))
    unpickler.persistent_load = values.__getitem__
    return unpickler.load()


def named(world):
    """The objects of the world by name: all that it and its namespaces hold."""
    if world is None:
        return {}
    values = dict(vars(world))
    for name, value in vars(world).items():
        if isinstance(value, SimpleNamespace):
            values |= {f"{name}.{inner}": each for inner, each in vars(value).items()}
    return values
