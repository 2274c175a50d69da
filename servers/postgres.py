"""One PostgreSQL server of our own: reached through a socket in a private folder, never through the network."""

import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg2

from servers import ServerError, binaries, child_process, private_dirs

NAME = "youthnet"  # the role and the database
PATIENCE = 30.0
EXTENSIONS = {"pg_trgm", "unaccent"}

# A throw-away server may lose everything when the power goes; it is gone in a minute anyway.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "jit": "off",  # compiling a plan takes longer than any query of a test
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_init_zero": "off",
    "max_wal_size": "256MB",  # its data may lie in memory
}


class PostgresServer:
    """The server of one data folder. `sockets` is a folder of ours with a short path."""

    def __init__(self, program: binaries.Postgres, data: Path, sockets: Path, *, careless: bool = False) -> None:
        self.program, self.data, self.sockets = program, data, sockets
        self.settings = CARELESS if careless else {}
        self.user = private_dirs.postgres_user(data)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://{NAME}@{quote(str(self.sockets), safe='')}:5432/{NAME}"

    def start(self, log: IO[bytes]) -> None:
        """Make the data folder when there is none, start the server and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._make_data_folder(log)
        self._wait_for_a_former_server()
        self.process = self.spawn(log)
        self._wait_until_it_answers(log)
        self._make_database()

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        argv: list[str | Path] = [self.program.folder / "postgres", "-D", self.data]
        for name, value in options.items():
            argv += ["-c", f"{name}={value}"]
        # SIGINT is PostgreSQL's fast and clean way to end
        return child_process.start(
            argv, log=log, env=_environment(), cwd=self.data, user=self.user, last_signal=signal.SIGINT
        )

    def stop(self) -> None:
        if self.process:
            child_process.stop(self.process, signal.SIGINT)

    def rename_to_template(self, name: str) -> None:
        """Give our database another name under which it can only be copied; the next start makes an empty one."""
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {NAME} RENAME TO {name}")
            cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        connection.close()

    def take_template(self, name: str) -> None:
        """The other way round: that database becomes ours, in the place of the empty one."""
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME}")
            cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
            cursor.execute(f"ALTER DATABASE {name} RENAME TO {NAME}")
        connection.close()

    def _make_data_folder(self, log: IO[bytes]) -> None:
        """Under another name first, so that an interrupted start leaves nothing that looks finished."""
        new = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        private_dirs.chown(new, self.user)
        options = ["-U", NAME, "--auth=trust", "--encoding=UTF8", f"--locale={_locale()}", "--no-instructions"]
        argv: list[str | Path] = [
            self.program.folder / "initdb",
            "-D",
            new,
            *options,
            *(["--no-sync", "--wal-segsize=1"] if self.settings else []),
        ]
        made = child_process.start(argv, log=log, env=_environment(), cwd="/", user=self.user)
        if made.wait(120) != 0:
            raise ServerError(f"PostgreSQL could not make its data folder {self.data}: {last_line(log)}")
        new.rename(self.data)

    def _wait_for_a_former_server(self) -> None:
        """After a kill -9 the former server needs a moment to put its things in order."""
        deadline = time.monotonic() + PATIENCE
        while self._former_server_alive():
            if time.monotonic() > deadline:
                pid = (self.data / "postmaster.pid").read_text().split()[0]
                raise ServerError(f"Another PostgreSQL (process {pid}) still uses {self.data}: stop it first.")
            time.sleep(0.1)

    def _former_server_alive(self) -> bool:
        try:
            os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def _wait_until_it_answers(self, log: IO[bytes]) -> None:
        assert self.process
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._connect("postgres").close()
                return
            except psycopg2.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise ServerError(f"PostgreSQL did not start: {last_line(log) or error}")
            time.sleep(0.05)

    def _make_database(self) -> None:
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_available_extensions")
            missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
            if missing:
                raise ServerError(
                    f"The PostgreSQL in {self.program.folder} lacks {' and '.join(sorted(missing))}: "
                    "install its contrib package."
                )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {NAME}")
        connection.close()

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.sockets), port=5432, user=NAME, dbname=database, connect_timeout=5)


def last_line(log: IO[bytes]) -> str:
    """The last line of a log that says something, for people."""
    lines = [line for line in Path(log.name).read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _environment() -> dict[str, str]:
    """Ours without PG*, so that PGPORT and its sisters change nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _locale() -> str:
    """A locale whose letters are all of Unicode, or plain C where the system has none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
