"""The data folder that an earlier version has left, or still runs in: what it is called there is what it is called."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
LOOK = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
print("Commands use", settings.DATABASES["default"]["NAME"], settings.REDIS_URL)
call_command("run", check=True)
"""
RUNNING = {
    "process": "4711",
    "address": "http://127.0.0.1:8123",
    "DATABASE_URL": "postgres://youthnet@%2Frun%2Fyouthnet:5432/of_the_old_version",
    "REDIS_URL": "redis+socket:///run/youthnet/redis.sock",
}


def test_a_database_in_the_folder_is_found_and_a_portal_that_runs_there_is_heard(tmp_path):
    (tmp_path / "pg15").mkdir()
    (tmp_path / "pg15" / "PG_VERSION").write_text("15\n")
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps(RUNNING))
        lock.flush()
        environment = {"DEBUG": "1", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "youthnet.settings"}
        look = subprocess.run(
            [sys.executable, "-c", LOOK], env=environment, cwd=HOUSE, capture_output=True, text=True, check=False
        )
    assert f"Commands use of_the_old_version {RUNNING['REDIS_URL']}" in look.stdout
    assert [value for value in RUNNING.values() if value not in look.stdout] == []
    assert str(tmp_path / "pg15") in look.stdout
