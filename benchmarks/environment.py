"""A portal of its own for a measurement: real servers with honest settings, an empty database, gone afterwards."""

import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.mail.relays import free_port
from servers.data_dir import DataDir
from servers.portal import Portal
from servers.supervisor import FIRST_PAUSE, Program
from servers.temporary import migrate_by_copy

CHECK_INTERVAL = 0.3  # seconds between two looks at the programs, as in a portal that people use


class Done(BaseException):
    """The measurement is over."""


class Environment(Portal):
    """The supervisor of `manage.py run`, as production is set up; the programs are started by those who need them."""

    def __init__(self, folder: Path, act: Callable[["Environment"], None]) -> None:
        port = free_port()
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)  # never measure on the servers that people use
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "youthnet.settings",
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATA_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
            "LOG_LEVEL": "WARNING",
        }
        super().__init__(DataDir(folder / "data"), port, _silent, demo=False, development=False)
        self.folder, self.act = folder, act
        self.checked_at = self.last_seen = time.monotonic()

    def play(self) -> None:
        """Start the servers, let it act, stop everything."""
        self.home.open()
        try:
            self.run(lambda found: os.environ.update(found))
        except Done:
            pass

    def start_database(self, sockets: Path) -> None:
        """Whose tables are there already."""
        migrate_by_copy(self.home)
        super().start_database(sockets)

    def start_programs(self) -> None:
        """None yet: a part says what it needs."""

    def prepare(self) -> str:
        """Tables only: whoever measures pages collects their files and makes their content."""
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        return ""

    def monitor(self) -> None:
        self.say = self.supervisor.say = _print
        self.act(self)
        raise Done

    def program(self, name: str) -> Program:
        return next(each for each in self.supervisor.programs if each.name == name)

    def calm_down(self) -> None:
        """As if the programs had lived for long: what happened before does not make their pauses longer."""
        for program in self.supervisor.programs:
            program.pause = FIRST_PAUSE

    def worker_log_end(self) -> str:
        """The end of the worker's log, for people."""
        log = self.home.logs / "worker.log"
        return " / ".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else "no worker ran"

    def wait(self, true: Callable[[], object], patience: float, every: float = 0.01) -> bool:
        """Look after the programs until it is true; tells whether that was in time."""
        ends = time.monotonic() + patience
        while not true():
            now = time.monotonic()
            if now > ends:
                return False
            if now - self.checked_at > CHECK_INTERVAL:
                self.checked_at = now
                self.supervisor.look(now)
                self.last_seen = self.check_worker(self.last_seen, now)
            time.sleep(every)
        return True


def _silent(words: str) -> None:
    """The servers start without a word."""


def _print(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
