"""One portal on one machine: its servers, the database brought up to date, then the web, the worker and the clock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from servers import ServerError, binaries, child_process, database_url, health_probe, private_dirs
from servers.data_dir import DataDir
from servers.postgres import PostgresServer, last_line
from servers.redis import RedisServer
from servers.supervisor import Program, Supervisor
from servers.temporary import within_reach

PROJECT_DIR = Path(__file__).resolve().parents[1]
LARGEST_LOG = 5_000_000
ALOUD = 3.0  # seconds of silence while the database is prepared
START_PATIENCE = 60.0
# How often a worker that has not been heard of is asked after, and how long a new one may take to begin.
WORKER_CHECK_INTERVAL, GRACE = 5.0, 20.0
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Portal:
    """`run()` returns only by an exception: whoever calls it decides what ends a portal."""

    def __init__(self, home: DataDir, port: int, say: Callable[[str], None], *, demo: bool, development: bool) -> None:
        self.home, self.port, self.say = home, port, say
        self.demo, self.development = demo, development
        self.env = dict(os.environ)
        self.began = time.monotonic()
        self.supervisor = Supervisor(say)
        self.logs = ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, announce: Callable[[dict[str, str]], None]) -> None:
        """`note` is told how to reach the servers, for those who look at a running portal from outside."""
        with self.logs, private_dirs.temporary() as sockets:
            try:
                self.env |= {"DATA_DIR": str(self.home.folder), "PYTHONUNBUFFERED": "1"}
                self.env.setdefault("SITE_URL", self.url)
                self.start_database(sockets)
                self.start_redis(sockets)
                announce({name: self.env[name] for name in ("DATABASE_URL", "REDIS_URL")})
                accounts = self.prepare()
                self.start_programs()
                self.say(f"Open {self.url}{accounts}{self.mailbox()}. Ctrl-C stops everything.")
                self.monitor()
            finally:
                self.supervisor.stop()

    def start_database(self, sockets: Path) -> None:
        if url := database_url.given("DATABASE_URL"):
            return database_url.ask_database(url)
        program, data = self.home.database()
        self.report(f"Starting PostgreSQL {program.major} ({program.why})")
        self.home.make_postgres_home()
        user = private_dirs.postgres_user(data)
        place = private_dirs.make_private(sockets / "pg", user)
        copies = self.home.postgres_home / "programs"
        server = PostgresServer(within_reach(program, user, copies / f"pg{program.major}"), data, place)
        log = self.log("postgres")
        server.start(log)
        self.env["DATABASE_URL"] = server.url
        self.supervise("PostgreSQL", lambda: server.spawn(log), signal.SIGINT, log, process=server.process)
        return None

    def start_redis(self, sockets: Path) -> None:
        if url := database_url.given("REDIS_URL"):
            return database_url.ask_redis(url)
        program = binaries.find_redis()
        self.report(f"Starting Redis ({program.why})")
        server = RedisServer(program, private_dirs.make_private(sockets / "redis", None))
        log = self.log("redis")
        server.start(log)
        self.env["REDIS_URL"] = server.url
        self.supervise("Redis", lambda: server.spawn(log), signal.SIGTERM, log, process=server.process)
        return None

    def prepare(self) -> str:
        """Migrations and demo content, by a process that knows the database. Tells the demo accounts in words."""
        self.report("Bringing the database up to date" + (", with demo content when it is empty" if self.demo else ""))
        log = self.log("prepare")
        options = ["--demo"] if self.demo else []
        command: list[str | Path] = [sys.executable, PROJECT_DIR / "manage.py", "prepare", *options]
        code = self.wait_aloud(child_process.start(command, log=log, env=self.env, cwd=PROJECT_DIR), log)
        said = last_line(log)
        if code != 0:
            raise ServerError(f"The database could not be brought up to date: {said} (see {log.name})")
        return f" ({said.removeprefix('accounts: ')})" if said.startswith("accounts: ") else ""

    def wait_aloud(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> int:
        """What a process ends with. While it works, the last line of its log is told now and then."""
        told = last_line(log)
        while True:
            try:
                return process.wait(ALOUD)
            except subprocess.TimeoutExpired:
                if (now := last_line(log)) != told:
                    told = now
                    self.report(f"  {now[:70]}")

    def report(self, words: str) -> None:
        """What is being done, after the seconds since the start."""
        self.say(f"{time.monotonic() - self.began:4.0f} s  {words}")

    def mailbox(self) -> str:
        return f"; every letter, also the sign-in codes: {self.url}/dev/mail/" if self.development else ""

    def start_programs(self) -> None:
        """The web first, because people wait for it."""
        self.start_web()
        self.start_work()

    def start_web(self) -> None:
        self.report("Starting the web server")
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:youthnet.gunicorn_conf"]
        web = self.supervise_python(
            "Web server", "web", [*gunicorn, "--bind", f"127.0.0.1:{self.port}", "youthnet.wsgi"], signal.SIGQUIT
        )
        self.wait_for_web(web)

    def start_work(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "youthnet"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        quiet += ["--loglevel", "INFO" if self.development else "WARNING"]
        self.supervise_python("Worker", "worker", [*celery, "worker", "--pool", "threads", "-c", "4", *quiet], KILL)
        schedule = str(self.home.folder / "beat" / "schedule")
        self.clock_file.unlink(missing_ok=True)
        self.supervise_python("Clock", "beat", [*celery, "beat", "--schedule", schedule, "--pidfile="])

    @property
    def clock_file(self) -> Path:
        """What the clock touches as long as it ticks (youthnet/processes/beat.py)."""
        return self.home.folder / "beat" / "alive"

    def wait_for_web(self, web: Program) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while not health_probe.answers(self.url):
            assert web.process
            if web.process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"The web server did not start, see {web.log}")
            time.sleep(0.1)

    def monitor(self) -> None:
        """Look after everybody, until somebody raises an exception."""
        code = newest_code()
        checked = time.monotonic()
        last_seen = checked + GRACE
        while True:
            time.sleep(0.3)
            now = time.monotonic()
            self.supervisor.look(now)
            if now - checked < 2:
                continue
            checked = now
            if self.development and newest_code() > code:
                code = newest_code()
                self.supervisor.restart("Worker", "Clock")
                last_seen = now + GRACE
            self.check_clock()
            last_seen = self.check_worker(last_seen, now)

    def check_clock(self) -> None:
        """A clock that lives and ticks no more is started anew; the worker is not to blame, and goes on."""
        age = health_probe.clock_silence(self.clock_file)
        if age is not None and age > health_probe.CLOCK_SILENCE:
            self.say(f"The clock has been silent for {age} s and starts again. See {self.home.logs / 'beat.log'}.")
            self.clock_file.unlink(missing_ok=True)
            self.supervisor.restart("Clock")

    def check_worker(self, last_seen: float, now: float) -> float:
        """When the worker was last known to take letters away; a silent one is started anew."""
        if now - last_seen < WORKER_CHECK_INTERVAL:
            return last_seen
        age = health_probe.silence(self.url)
        if age is None or age < health_probe.SILENCE:
            return now - (age or 0)
        self.say(f"The worker has been silent for {age} s and starts again. See {self.home.logs / 'worker.log'}.")
        self.supervisor.restart("Worker", "Clock")
        return now + GRACE

    def supervise_python(self, name: str, log: str, argv: list[str], last_signal: int = signal.SIGTERM) -> Program:
        out = self.log(log)

        def spawn() -> subprocess.Popen[bytes]:
            return child_process.start(argv, log=out, env=self.env, cwd=PROJECT_DIR, last_signal=last_signal)

        return self.supervise(name, spawn, signal.SIGTERM, out)

    def supervise(
        self,
        name: str,
        spawn: Callable[[], subprocess.Popen[bytes]],
        stop_signal: int,
        log: IO[bytes],
        process: subprocess.Popen[bytes] | None = None,
    ) -> Program:
        program = Program(name, spawn, stop_signal, log.name, process=process)
        self.supervisor.add(program)
        return program

    def log(self, name: str) -> IO[bytes]:
        """A log to append to; a large one of the past moves aside first."""
        path = self.home.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return self.logs.enter_context(path.open("ab"))


def newest_code() -> float:
    """When a Python file of the project last changed."""
    rooms = (path for path in PROJECT_DIR.iterdir() if (path / "__init__.py").exists())
    return max((path.stat().st_mtime for room in rooms for path in room.rglob("*.py")), default=0.0)
