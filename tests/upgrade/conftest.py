"""An installation of an earlier version, restored and brought up to date. README.md beside this file tells of it."""

import gzip
import json
import os
from base64 import b64decode
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from tests.upgrade.worker import Relay, own_room, work_off

FOLDER = Path(__file__).parent
VERSION = "10ef401"
KNOWN = json.loads((FOLDER / f"{VERSION}.json").read_text(encoding="utf-8"))

STOPPED = datetime.fromisoformat(KNOWN["stopped_at"])
# When people look at pages of the new version, and when its worker begins: what was held has been held long enough.
LOOKING, WORKING = STOPPED + timedelta(minutes=5), STOPPED + timedelta(minutes=15)

# The one address whose domain is beyond ASCII, and how it is stored since addresses have one spelling.
MENDED = ("daniel@kahvila-äö.example", "daniel@xn--kahvila--7za4p.example")

COLUMNS = """
SELECT table_name, array_agg(quote_ident(column_name::text) ORDER BY ordinal_position)
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1
"""


# --- databases ---


@contextmanager
def database(blocker, name, like="template0"):
    """A database of its own, gone afterwards."""
    with blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {like}")
    try:
        yield
    finally:
        with blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def connected_to(name):
    """Django's connection speaks with another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def address_of(name):
    """DATABASE_URL for another database of the server that the tests use."""
    facts = connection.settings_dict
    user = quote(facts["USER"], safe="") + (f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else "")
    host = quote(facts["HOST"], safe="") + (f":{facts['PORT']}" if facts["PORT"] else "")
    return f"postgres://{user}{'@' if user else ''}{host}/{name}"


def restore():
    with connection.cursor() as cursor:
        cursor.execute(gzip.decompress((FOLDER / f"{VERSION}.sql.gz").read_bytes()).decode())
    connection.close()  # the dump has changed how this session looks up names


def columns():
    """{table: its columns}"""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return dict(cursor.fetchall())


def rows(tables):
    """{table: digests of its rows, of these columns only, the address that is mended taken as it is afterwards}"""
    found = {}
    with connection.cursor() as cursor:
        for table, names in tables.items():
            row = "md5(replace(t::text, %s, %s))"
            cursor.execute(f'SELECT {row} FROM (SELECT {", ".join(names)} FROM "{table}") t ORDER BY 1', MENDED)
            found[table] = [digest for (digest,) in cursor.fetchall()]
    return found


def pending_migrations():
    executor = MigrationExecutor(connection)
    return [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@pytest.fixture(scope="module")
def upgraded(django_db_blocker):
    """The old database after `migrate`: its name, what ran, and the rows of the old columns before and after."""
    name = f"test_upgraded_{os.getpid()}"
    with database(django_db_blocker, name):
        with django_db_blocker.unblock(), connected_to(name):
            connection.ensure_connection()
            if connection.pg_version < 150_000:
                pytest.skip("The database was made by PostgreSQL 15; an older one cannot read it.")
            restore()
            tables, migrations = columns(), pending_migrations()
            before = rows(tables)
            call_command("migrate", interactive=False, verbosity=0)
            after = rows(tables)
        yield SimpleNamespace(name=name, migrations=migrations, before=before, after=after)


# --- pages ---


@pytest.fixture
def old_settings(settings, tmp_path):
    """What the environment of the old installation said, and its uploaded files."""
    for name, value in KNOWN["settings"].items():
        setattr(settings, name, value)
    settings.ADDRESS_KEY = settings.SECRET_KEY
    settings.MEDIA_ROOT = tmp_path / "media"
    for name, data in KNOWN["files"].items():
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(data))


@pytest.fixture
def client_of(upgraded, old_settings, django_db_blocker):
    """client_of("member") has the cookie that the old version gave to this person; what is pressed is taken back."""

    def signed_in(person):
        client = Client()
        if person:
            client.cookies[settings.SESSION_COOKIE_NAME] = KNOWN["sessions"][person]
        return client

    then = time_machine.travel(LOOKING, tick=False)
    with django_db_blocker.unblock(), connected_to(upgraded.name), then, transaction.atomic():
        yield signed_in
        transaction.set_rollback(True)


# --- the worker ---


@pytest.fixture(scope="module")
def worked(upgraded, django_db_blocker, tmp_path_factory):
    """What the new worker made of the messages that the old version had left: its log and the letters it sent."""
    name, folder, relay = f"{upgraded.name}_at_work", tmp_path_factory.mktemp("data"), Relay()
    (folder / "outbox-last-round").write_text(KNOWN["last_round"], encoding="ascii")
    with database(django_db_blocker, name, like=upgraded.name):
        environment = KNOWN["settings"] | {
            "DEBUG": "1",
            "ADDRESS_KEY": "",
            "DATABASE_URL": address_of(name),
            "REDIS_URL": own_room(settings.REDIS_URL),
            "EMAIL_URL": f"smtp://127.0.0.1:{relay.port}",
            "OUTBOX_LANES": "2",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "INFO",
        }
        log = folder / "worker.log"
        with relay.listening():
            work_off([json.dumps(each) for each in KNOWN["messages"]], WORKING, environment, log)
        yield SimpleNamespace(name=name, letters=relay.letters, log=log.read_text())


@pytest.fixture
def at_work(worked, django_db_blocker):
    """The same, connected to its database."""
    with django_db_blocker.unblock(), connected_to(worked.name):
        yield worked
