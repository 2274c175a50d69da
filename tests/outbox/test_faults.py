"""`make faults` in small: what dies while letters leave costs none of them, and nobody gets a second one unknown."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.processes import without_servers

pytestmark = pytest.mark.long

HOUSE = Path(__file__).resolve().parents[2]


def results(*arguments, **environment):
    """What the command printed for machines: the verdict of each figure."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", *arguments]
    done = subprocess.run(
        command, cwd=HOUSE, env=without_servers(**environment), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return {name: (value, verdict) for _result, name, value, _unit, _goal, _wanted, verdict in lines}


@pytest.mark.stack
@pytest.mark.skipif(sys.platform != "linux", reason="the supervisor's programs end with it on Linux")
def test_a_storm_loses_nothing_and_repeats_only_what_was_on_its_way():
    """Workers killed, Redis emptied, lines broken after DATA, 451 and 550, in one mailing of 400 letters."""
    found = results("faults", "--part", "outbox", "--size", "small", ONLY="storm")
    assert found.pop("outbox.storm.repeated")[1] == "ok"
    assert float(found.pop("outbox.storm.recovery")[0]) > 0
    assert found == {f"outbox.storm.{figure}": ("0", "ok") for figure in ("lost", "other_face", "misjudged")}
