"""`manage.py run`: the whole portal on one machine, and its refusals."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servers import private_dirs
from servers.lockfile import Lockfile, running
from tests.servers.processes import alive, descendants, survivors, wait_until, without_servers

pytestmark = [
    pytest.mark.long,
    pytest.mark.stack,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

HOUSE = Path(__file__).resolve().parents[2]


def command(*arguments):
    return [sys.executable, "-W", "ignore", "manage.py", "run", *arguments]


def run(data, *arguments, **environment):
    """A run that is expected to end by itself."""
    settings = {"DEBUG": "1", "DATA_DIR": str(data)} | environment
    return subprocess.run(
        command(*arguments), cwd=HOUSE, env=without_servers(**settings), capture_output=True, text=True, timeout=180
    )


@pytest.fixture
def nobody_else(monkeypatch, settings, tmp_path):
    """This process as somebody has it who gave no addresses and starts for the first time."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    settings.DATA_DIR = tmp_path / "var"
    settings.DEBUG = True
    return settings.DATA_DIR


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read().decode()


class Portal:
    """A portal in a process of its own."""

    def __init__(self, data):
        self.data, self.port = data, free_port()
        self.said = data.with_name("said")
        settings = {"DEBUG": "1", "DATA_DIR": str(data)}
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                command("--no-demo", "--port", str(self.port)),
                cwd=HOUSE,
                env=without_servers(**settings),
                stdout=out,
                stderr=out,
            )
        try:
            wait_until(lambda: "Open http" in self.said.read_text() or self.process.poll() is not None, 180)
            assert self.process.poll() is None, self.said.read_text()
        except BaseException:
            self.process.kill()
            raise

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def programs(self):
        return {program_name(pid): pid for pid in descendants(self.process.pid)[::-1]}


def program_name(pid):
    argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    names = ("postgres", "gunicorn", "worker", "beat")
    return next((name for name in names if name.encode() in b" ".join(argv)), "redis")


@pytest.fixture(scope="module")
def portal():
    with private_dirs.temporary() as folder:
        found = Portal(folder / "var")
        yield found
        everybody = descendants(found.process.pid)
        found.process.kill()
        assert survivors(everybody) == []


def test_one_line_tells_where_it_is(portal):
    *progress, last = portal.said.read_text().splitlines(keepends=True)
    assert all(re.match(r" *\d+ s  ", line) for line in progress)
    assert last == (
        f"Open {portal.address}; every letter, also the sign-in codes: {portal.address}/dev/mail/. "
        "Ctrl-C stops everything.\n"
    )
    assert read(f"{portal.address}/healthz") == (200, "ok\n")
    assert sorted(portal.programs()) == ["beat", "gunicorn", "postgres", "redis", "worker"]


def test_it_tells_what_it_does_while_it_starts(portal):
    """Real use 36: what is done and how many seconds it has taken, from the first second on."""
    told = portal.said.read_text()
    steps = re.findall(
        r"^ *\d+ s  (Starting PostgreSQL|Starting Redis|Bringing the database|Starting the web)", told, re.M
    )
    assert steps == ["Starting PostgreSQL", "Starting Redis", "Bringing the database", "Starting the web"]


def test_commands_find_the_portal_that_runs(portal):
    count = "from contacts.models import User; print(User.objects.count())"
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "--no-imports", "-c", count],
        cwd=HOUSE,
        env=without_servers(DEBUG="1", DATA_DIR=str(portal.data)),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert said.stdout == "0\n", said.stderr


def test_a_second_run_is_refused_and_disturbs_nobody(portal):
    said = run(portal.data, "--port", str(free_port()))
    assert (said.returncode, said.stderr) == (
        1,
        f"CommandError: The portal of {portal.data} is already running at {portal.address} "
        f"(process {portal.process.pid}). Stop it first.\n",
    )
    assert read(f"{portal.address}/healthz")[0] == 200


def test_a_program_that_dies_starts_again(portal):
    worker = portal.programs()["worker"]
    os.kill(worker, signal.SIGKILL)
    words = f"Worker ended (signal 9); it starts again in 1 s. See {portal.data}/log/worker.log."
    wait_until(lambda: words in portal.said.read_text().splitlines())
    wait_until(lambda: portal.programs().get("worker", worker) != worker)


def test_a_clock_that_hangs_is_started_again_and_the_worker_is_left_alone(portal):
    """Real use 18: beat is stopped as a hung process is; its file, made old, stands for the minute of waiting."""
    alive_file = portal.data / "beat" / "alive"
    wait_until(alive_file.exists)
    before = portal.programs()
    os.kill(before["beat"], signal.SIGSTOP)
    long_ago = time.time() - 90
    os.utime(alive_file, (long_ago, long_ago))
    wait_until(lambda: "The clock has been silent for 9" in portal.said.read_text())
    wait_until(lambda: portal.programs().get("beat", before["beat"]) != before["beat"])
    wait_until(alive_file.exists)
    assert portal.programs()["worker"] == before["worker"]
    assert "The worker has been silent" not in portal.said.read_text()


def test_killed_without_warning_it_leaves_no_child_and_starts_again(portal):
    everybody = descendants(portal.process.pid)
    portal.process.kill()
    portal.process.wait()
    assert survivors(everybody) == []
    assert running(portal.data) == {}

    again = Portal(portal.data)
    everybody = descendants(again.process.pid)
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(30) == 0
    assert again.said.read_text().splitlines()[-1] == "Stopped."
    assert [pid for pid in everybody if alive(pid)] == []


def test_a_look_starts_nothing(nobody_else):
    out = StringIO()
    call_command("run", check=True, port=free_port(), stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["Data", "PostgreSQL", "Redis", "Servers", "Web", "Nothing"]
    assert not nobody_else.exists()


def test_a_busy_port_is_refused(nobody_else):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        words = f"Port {port} cannot be used (Address already in use): choose another with --port."
        with pytest.raises(CommandError) as refused:
            call_command("run", port=port)
        assert str(refused.value) == words
        out = StringIO()
        with pytest.raises(CommandError, match="would not start"):
            call_command("run", check=True, port=port, stdout=out)
        assert f"Web         NOT POSSIBLE: {words}" in out.getvalue().splitlines()


def test_what_is_no_port_is_refused(nobody_else):
    with pytest.raises(CommandError, match="70000 is not a port"):
        call_command("run", port=70000)


def test_outside_development_servers_of_its_own_must_be_asked_for(nobody_else, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="say YOUTHNET_EMBEDDED=1"):
        call_command("run", port=free_port())
    settings.YOUTHNET_EMBEDDED = True
    out = StringIO()
    call_command("run", check=True, port=free_port(), stdout=out)
    assert "Servers     started and stopped with the portal" in out.getvalue()


def test_real_data_is_never_thrown_away(nobody_else, settings):
    settings.DEBUG, settings.YOUTHNET_EMBEDDED = False, True
    with pytest.raises(CommandError, match="--fresh throws data away and works in development only"):
        call_command("run", fresh=True, port=free_port())


def test_the_folder_of_another_version_is_refused_and_kept(tmp_path):
    data = tmp_path / "var"
    (data / "pg9").mkdir(parents=True)
    (data / "pg9" / "PG_VERSION").write_text("9")
    said = run(data, "--port", str(free_port()))
    assert said.returncode == 1
    assert said.stderr.startswith(f"CommandError: {data}/pg9 was made by PostgreSQL 9, but this machine has ")
    assert [path.name for path in (data / "pg9").iterdir()] == ["PG_VERSION"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "A setting is refused: DATABASE_URL is not the address of a PostgreSQL database."),
        ("postgres://u@127.0.0.1:1/n", "CommandError: The database of DATABASE_URL does not answer:"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused(tmp_path, url, words):
    said = run(tmp_path / "var", "--port", str(free_port()), DATABASE_URL=url)
    assert said.returncode == 1
    assert said.stderr.startswith(words)
    assert said.stderr.count("\n") == 1


def test_a_notice_lasts_as_long_as_its_run(tmp_path):
    with Lockfile(tmp_path) as notice:
        notice.write({"process": "1", "address": "http://here"})
        assert running(tmp_path) == {"process": "1", "address": "http://here"}
    assert running(tmp_path) == {}
