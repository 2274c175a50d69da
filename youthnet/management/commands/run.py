"""The whole portal on this machine by one command."""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from servers import ServerError, binaries, database_url
from servers.data_dir import DataDir
from servers.lockfile import Lockfile, running
from servers.portal import Portal


class Stopped(BaseException):
    """Somebody asked us to stop."""


class Command(BaseCommand):
    help = "Start everything on this machine: PostgreSQL, Redis, the database's content, web, worker and clock."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="answer on this port (8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument("--fresh", action="store_true", help="throw this machine's data away first")
        parser.add_argument("--check", action="store_true", help="tell what would be used and why; start nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        home = DataDir(Path(settings.DATA_DIR))
        try:
            if options["check"]:
                return self.check_only(home, options["port"])
            self.run(home, options)
        except ServerError as error:
            raise CommandError(str(error))
        except Stopped:
            self.say("Stopped.")

    def run(self, home: DataDir, options: dict[str, Any]) -> None:
        refuse_what_cannot_run()
        home.open()
        with Lockfile(home.folder) as notice:
            need_port(options["port"])
            if options["fresh"]:
                self.start_afresh(home)
            demo = settings.DEBUG and not options["no_demo"]
            portal = Portal(home, options["port"], self.say, demo=demo, development=settings.DEBUG)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, stop_once)
            portal.run(lambda found: notice.write({"process": str(os.getpid()), "address": portal.url, **found}))

    def start_afresh(self, home: DataDir) -> None:
        if not settings.DEBUG:
            raise ServerError("--fresh throws data away and works in development only (DEBUG=1).")
        self.say(f"Throwing away what the portal has kept in {home.folder}: database, letters, uploads and logs.")
        if database_url.given("DATABASE_URL"):
            self.say("The database of DATABASE_URL stays as it is.")
        home.remove_all()
        home.open()

    def check_only(self, home: DataDir, port: int) -> None:
        """Each part in one line. Ends with an error when one of them would stand in the way."""
        trouble = 0
        now = running(home.folder)
        looks = {
            "Data": lambda: str(home.folder),
            "PostgreSQL": lambda: describe_postgres(home),
            "Redis": describe_redis,
        }
        if not now:
            looks |= {"Servers": refuse_what_cannot_run, "Web": lambda: need_port(port)}
        for name, look in looks.items():
            try:
                self.say(f"{name:<11} {look()}")
            except ServerError as error:
                trouble += 1
                self.say(f"{name:<11} NOT POSSIBLE: {error}")
        for name, value in now.items():
            self.say(f"{'Running:' if name == 'process' else '':<11} {name} {value}")
        self.say("Nothing was started.")
        if trouble:
            raise CommandError("The portal would not start like this.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def refuse_what_cannot_run() -> str:
    if sys.platform == "win32":
        raise ServerError("Windows cannot run this command: use WSL or docker compose.")
    given = database_url.given("DATABASE_URL") and database_url.given("REDIS_URL")
    if not (settings.DEBUG or settings.YOUTHNET_EMBEDDED or given):
        raise ServerError(
            "Outside development, DATABASE_URL and REDIS_URL must name your servers. To let this machine keep "
            "everything in servers of its own, say YOUTHNET_EMBEDDED=1. To try the portal out, say make run."
        )
    return "yours" if given else "started and stopped with the portal"


def need_port(port: int) -> str:
    if not 0 < port < 65536:
        raise ServerError(f"{port} is not a port: choose one from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServerError(f"Port {port} cannot be used ({error.strerror}): choose another with --port.")
    return f"http://127.0.0.1:{port}"


def describe_postgres(home: DataDir) -> str:
    if url := database_url.given("DATABASE_URL"):
        database_url.ask_database(url)
        return "yours, named by DATABASE_URL"
    program, data = home.database()
    state = "kept in" if data.exists() else "will be made in"
    return f"{program.major}, {program.why} ({program.folder}); data {state} {data}"


def describe_redis() -> str:
    if url := database_url.given("REDIS_URL"):
        database_url.ask_redis(url)
        return "yours, named by REDIS_URL"
    program = binaries.find_redis()
    return f"{program.why} ({program.program}); keeps nothing"


def stop_once(number: int, frame: object) -> None:
    """Stop in good order; a second Ctrl-C does not disturb it."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped
