"""Relays for a measurement: our own sink, Postfix's where it is found, and the record of what the sink has taken."""

import itertools
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from servers import ServerError, child_process, private_dirs
from servers.portal import PROJECT_DIR

HOST = "127.0.0.1"
PATIENCE = 15.0


class Relay(NamedTuple):
    """Somebody who takes letters on this machine."""

    name: str
    port: int

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"


class OwnSink:
    """Our sink in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], record: Path | None) -> None:
        assert process.stdout
        self.process, self.path = process, record
        found = json.loads(process.stdout.readline() or "{}")
        if not found:
            raise ServerError("The sink for letters did not start.")
        self.relay = Relay("our own sink", found["port"])
        self.desk = socket.create_connection((HOST, found["control"]), timeout=PATIENCE).makefile("rwb")

    def behave(self, **behaviour: Any) -> dict[str, Any]:
        """Change the behaviour named (benchmarks/mail/smtp_sink.py:SinkBehaviour); tells the counts so far."""
        self.desk.write(json.dumps(behaviour).encode() + b"\n")
        self.desk.flush()
        return json.loads(self.desk.readline())

    @property
    def letters(self) -> int:
        return self.behave().get("letters", 0)

    def record(self) -> "Record":
        assert self.path
        return Record.read(self.path)


@contextmanager
def own_sink(record: Path | None = None) -> Iterator[OwnSink]:
    command = [sys.executable, "-m", "benchmarks.mail.smtp_sink", *([str(record)] if record else [])]
    process = child_process.start(command, log=subprocess.PIPE, cwd=PROJECT_DIR)
    try:
        yield OwnSink(process, record)
    finally:
        child_process.stop(process)


@contextmanager
def quickest_relay() -> Iterator[Relay]:
    """Postfix's smtp-sink, on the PATH or named with its words by SMTP_SINK; without it, our own."""
    given = os.environ.get("SMTP_SINK", "") or shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin") or ""
    if not given:
        with own_sink() as sink:
            yield sink.relay
        return
    port, user = free_port(), private_dirs.postgres_user()
    command = [*shlex.split(given), *(["-u", user] if user else []), f"{HOST}:{port}", "256"]
    process = child_process.start(command, log=subprocess.DEVNULL)
    try:
        wait_for(process, port)
        yield Relay("Postfix smtp-sink", port)
    finally:
        child_process.stop(process)


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise ServerError("Postfix's smtp-sink did not start: take SMTP_SINK away, or say how it is started.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Entry(NamedTuple):
    """One answer of the sink about one recipient."""

    moment: float
    answer: str
    recipient: str
    message_id: str
    date: str


@dataclass(frozen=True)
class Record:
    """What a sink has written down. A letter whose answer was cut off was taken as well."""

    entries: list[Entry]

    @classmethod
    def read(cls, path: Path) -> "Record":
        lines = path.read_text().splitlines()
        return cls([Entry(float(moment), *rest) for moment, *rest in (line.split("\t") for line in lines)])

    def only(self, recipients: Iterable[str]) -> "Record":
        wanted = set(recipients)
        return Record([entry for entry in self.entries if entry.recipient in wanted])

    @property
    def taken(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.answer in ("250", "cut")]

    def answered_with(self, answer: str) -> set[str]:
        return {entry.recipient for entry in self.entries if entry.answer == answer}

    @property
    def repeated(self) -> int:
        """Letters taken beyond the first to each person."""
        return sum(count - 1 for count in Counter(entry.recipient for entry in self.taken).values())

    @property
    def other_faces(self) -> int:
        """People whose repeats bore another Message-ID or another Date."""
        faces = defaultdict(set)
        for entry in self.taken:
            faces[entry.recipient].add((entry.message_id, entry.date))
        return sum(len(each) > 1 for each in faces.values())

    def silence(self, since: float, until: float) -> float:
        """The longest time between these moments in which nothing was taken, and something came after it."""
        moments = [since, *sorted(entry.moment for entry in self.taken if since < entry.moment <= until)]
        return max((after - before for before, after in itertools.pairwise(moments)), default=0.0)
