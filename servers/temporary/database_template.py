"""The template of test databases: a PostgreSQL data directory with every migration applied, made once and then copied.

It lies in var/ under a digest of all it was made from, so a changed migration, package or PostgreSQL makes a new one.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import ServerError, binaries, child_process, postgres, private_dirs

PROJECT_DIR = Path(__file__).resolve().parents[2]
DATABASE = "youthnet_migrated"  # nobody may connect to it, so it can be copied at any moment
DECISIVE = ("*/migrations/*.py", "*/reference_data/*.*")
KEPT = 3  # templates, so that going between branches does not make them anew each time


def copy_template(data: Path, program: binaries.Postgres, user: str | None, project_dir: Path = PROJECT_DIR) -> None:
    """Make that data directory, which belongs to the user, a copy of the template; make that first if there is none."""
    templates = project_dir / "var" / "templates"
    templates.mkdir(parents=True, exist_ok=True)
    with _locked(templates / "lock"):
        template = templates / digest(program, project_dir)
        if not template.exists():
            print("Applying the migrations to a new template database.", file=sys.stderr, flush=True)
            _make(template, program, user, project_dir)
        os.utime(template)
        _remove_old(templates)
        shutil.copytree(template, data)
    private_dirs.chown_all(data, user)


def copy_migrated(data: Path, program: binaries.Postgres, user: str | None) -> None:
    """The same, for a server of any kind: its own database is the one with every migration applied."""
    copy_template(data, program, user)
    with private_dirs.temporary() as folder, _running(program, data, folder, user) as server:
        server.take_template(DATABASE)


def digest(program: binaries.Postgres, project_dir: Path) -> str:
    """Of what decides the content: PostgreSQL, how it is set up, the installed packages and every migration of ours."""
    version = subprocess.run([program.folder / "postgres", "--version"], capture_output=True, check=True).stdout
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    facts = hashlib.sha256(repr((version, sysconfig.get_platform(), sys.version, packages)).encode())
    for path in (
        Path(__file__),
        Path(postgres.__file__),
        *sorted(project_dir.glob("*/migrations/*.py")),
        *sorted(project_dir.glob("*/reference_data/*.*")),
    ):
        facts.update("/".join(path.parts[-3:]).encode() + hashlib.sha256(path.read_bytes()).digest())
    return facts.hexdigest()[:16]


def _make(template: Path, program: binaries.Postgres, user: str | None, project_dir: Path) -> None:
    """Under another name first, so that an interrupted run leaves nothing that looks finished."""
    with private_dirs.temporary(private_dirs.memory()) as memory, private_dirs.temporary() as folder:
        data = private_dirs.make_private(memory / "pg", user) / "data"
        with _running(program, data, folder, user) as server:
            _migrate(server.url, project_dir)
            server.rename_to_template(DATABASE)
        new = template.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(data, new)
        new.rename(template)


@contextmanager
def _running(
    program: binaries.Postgres, data: Path, folder: Path, user: str | None
) -> Iterator[postgres.PostgresServer]:
    """A careless server of that data directory, whose socket and log are in the folder."""
    server = postgres.PostgresServer(program, data, private_dirs.make_private(folder / "run", user), careless=True)
    with open(folder / "postgres.log", "wb") as log:
        try:
            server.start(log)
            yield server
        finally:
            server.stop()


def _migrate(url: str, project_dir: Path) -> None:
    """In a process of its own, because Django is not loaded here."""
    command: list[str | Path] = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    process = child_process.start(command, cwd=project_dir, env={**os.environ, "DEBUG": "1", "DATABASE_URL": url})
    if process.wait() != 0:
        raise ServerError("The migrations could not be applied, see above.")


def _remove_old(templates: Path) -> None:
    """All but those used last."""
    used = sorted((path for path in templates.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in used[:-KEPT]:
        shutil.rmtree(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait until no other run makes or copies a template here."""
    lock = private_dirs.lock(path, wait=True)
    try:
        yield
    finally:
        os.close(lock)
