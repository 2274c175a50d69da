"""The migrated database that test runs copy: made anew when a migration changed, and whole however a run ends."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from servers import ServerError, binaries, private_dirs
from servers.postgres import PostgresServer
from servers.temporary import within_reach
from servers.temporary.database_template import DATABASE, KEPT, copy_template, digest
from tests.servers.processes import descendants, survivors, wait_until, without_servers

pytestmark = [pytest.mark.stack, pytest.mark.skipif(sys.platform != "linux", reason="PostgreSQL as on Linux")]

CHECKOUT = Path(__file__).resolve().parents[2]
APPLYING = "Applying the migrations to a new template database.\n"
# A checkout as small as can be: its migrations are SQL.
MANAGE = """
import os, pathlib, psycopg2
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
    for each in sorted(pathlib.Path("room/migrations").glob("*.py")):
        connection.cursor().execute(each.read_text())
"""
COPY = """
import sys, pathlib
from servers import private_dirs
from tests.servers.test_database_template import value_in
print(value_in(pathlib.Path(sys.argv[1])))
"""


@pytest.fixture
def house(tmp_path):
    (tmp_path / "room" / "migrations").mkdir(parents=True)
    (tmp_path / "manage.py").write_text(MANAGE)
    migrate(tmp_path, "first")
    return tmp_path


def migrate(house, value, name="0001_initial"):
    text = f"CREATE TABLE {name[5:]} AS SELECT '{value}' AS value"
    (house / "room" / "migrations" / f"{name}.py").write_text(text)


def value_in(house):
    """What the first migration wrote, read in a database that was made from a copy of the template."""
    with private_dirs.temporary() as folder, open(folder / "log", "wb") as log:
        user = private_dirs.postgres_user()
        home = private_dirs.make_private(folder / "pg", user)
        program = within_reach(binaries.find_postgres(), user, home / "programs")
        copy_template(home / "data", program, user, house)
        server = PostgresServer(program, home / "data", private_dirs.make_private(home / "run", user), careless=True)
        try:
            server.start(log)
            return asked(server.url)
        finally:
            server.stop()


def asked(url):
    with pytest.raises(psycopg2.OperationalError, match="not currently accepting connections"):
        psycopg2.connect(url.rpartition("/")[0] + f"/{DATABASE}")
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE copied TEMPLATE {DATABASE}")
    connection.close()
    connection = psycopg2.connect(url.rpartition("/")[0] + "/copied")
    cursor = connection.cursor()
    cursor.execute("SELECT value FROM initial")
    [(value,)] = cursor.fetchall()
    connection.close()
    return value


def templates(house):
    return sorted(path.name for path in (house / "var" / "templates").iterdir() if path.is_dir())


def copying(house):
    """The same in a process of its own."""
    command = [sys.executable, "-c", COPY, str(house)]
    return subprocess.Popen(command, cwd=CHECKOUT, env=without_servers(), stdout=-1, stderr=-1, text=True)


def test_it_is_made_once_and_anew_when_a_migration_has_changed(house, capfd):
    assert (value_in(house), capfd.readouterr().err) == ("first", APPLYING)
    assert (value_in(house), capfd.readouterr().err) == ("first", "")
    migrate(house, "changed")
    assert (value_in(house), capfd.readouterr().err) == ("changed", APPLYING)
    migrate(house, "first")  # back on the former branch
    assert (value_in(house), capfd.readouterr().err) == ("first", "")


def test_every_change_of_the_migrations_counts_and_no_other(house):
    program = binaries.find_postgres()
    seen = [digest(program, house)]
    migrate(house, "x", "0002_more")
    seen.append(digest(program, house))
    folder = house / "room" / "migrations"
    (folder / "0002_more.py").rename(folder / "0002_other.py")
    seen.append(digest(program, house))
    (house / "room" / "models.py").write_text("")
    assert digest(program, house) == seen[-1]
    (folder / "0002_other.py").unlink()
    assert (len(set(seen)), digest(program, house)) == (3, seen[0])


def test_those_used_last_are_kept(house):
    for number in range(KEPT):
        old = house / "var" / "templates" / f"old-{number}"
        old.mkdir(parents=True)
        os.utime(old, (number, number))
    value_in(house)
    kept = [f"old-{number}" for number in range(1, KEPT)]
    assert templates(house) == sorted([digest(binaries.find_postgres(), house), *kept])


def test_migrations_that_fail_leave_no_template(house):
    migrate(house, "it's no SQL")
    with pytest.raises(ServerError, match="could not be applied"):
        value_in(house)
    assert templates(house) == []


def test_a_run_that_is_killed_while_it_makes_one_leaves_nothing_that_looks_finished(house):
    (house / "manage.py").write_text("import pathlib, time; pathlib.Path('begun').touch(); time.sleep(60)")
    killed = copying(house)
    wait_until((house / "begun").exists)
    everybody = descendants(killed.pid)
    killed.kill()
    killed.communicate()
    assert survivors(everybody) == []
    (house / "manage.py").write_text(MANAGE)
    assert value_in(house) == "first"


def test_two_runs_at_once_make_it_once(house):
    said = [run.communicate(timeout=60) for run in (copying(house), copying(house))]
    assert [out for out, _err in said] == ["first\n", "first\n"]
    assert sorted(err for _out, err in said) == ["", APPLYING]
