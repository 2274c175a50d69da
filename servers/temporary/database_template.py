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

from servers import ServerError, binaries, child_process, private_dirs
from servers.postgres import PostgresServer

PROJECT_DIR = Path(__file__).resolve().parents[2]
TEMPLATES = PROJECT_DIR / "var" / "templates"
DATABASE = "youthnet_migrated"  # nobody may connect to it, so it can be copied at any moment
KEPT = 3  # templates, so that going between branches does not make them anew each time


def copy_template(data: Path, program: binaries.Postgres, user: str | None, templates: Path = TEMPLATES) -> None:
    """Make that data directory, which belongs to the user, a copy of the template; make that first if there is none."""
    templates.mkdir(parents=True, exist_ok=True)
    with _locked(templates / "lock"):
        template = templates / digest(program)
        if not template.exists():
            print("Applying the migrations to a new template database.", file=sys.stderr, flush=True)
            _make(template, program, user)
        os.utime(template)
        _remove_old(templates)
        shutil.copytree(template, data)
    for path in (data, *data.rglob("*")):
        private_dirs.chown(path, user)


def digest(program: binaries.Postgres, project_dir: Path = PROJECT_DIR) -> str:
    """Of what decides the content: PostgreSQL, how it is set up, the installed packages and every migration of ours."""
    version = subprocess.run([program.folder / "postgres", "--version"], capture_output=True, check=True).stdout
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    facts = hashlib.sha256(repr((version, sysconfig.get_platform(), sys.version, packages)).encode())
    ours = (Path(__file__), PROJECT_DIR / "servers" / "postgres.py")
    for path in (*ours, *sorted(project_dir.glob("*/migrations/*.py"))):
        facts.update("/".join(path.parts[-3:]).encode() + hashlib.sha256(path.read_bytes()).digest())
    return facts.hexdigest()[:16]


def _make(template: Path, program: binaries.Postgres, user: str | None) -> None:
    """Under another name first, so that an interrupted run leaves nothing that looks finished."""
    with private_dirs.temporary() as folder:
        home = private_dirs.make_private(folder / "pg", user)
        server = PostgresServer(program, home / "data", private_dirs.make_private(home / "run", user), careless=True)
        with open(folder / "postgres.log", "wb") as log:
            try:
                server.start(log)
                _migrate(server.url)
                server.rename_to_template(DATABASE)
            finally:
                server.stop()
        new = template.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(server.data, new)
        new.rename(template)


def _migrate(url: str) -> None:
    """In a process of its own, because Django is not loaded here."""
    command: list[str | Path] = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    process = child_process.start(command, cwd=PROJECT_DIR, env={**os.environ, "DEBUG": "1", "DATABASE_URL": url})
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
