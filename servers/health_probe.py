"""Asking a portal how it feels: `python -m servers.health_probe healthz|letters [ADDRESS]`, `… clock FILE`."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# A worker that lives but takes nothing away for this long is started anew: Celery can fall silent after Redis was gone.
SILENCE = 20
# A clock that has not ticked for this long is started anew, and until then no worker is blamed for the silence.
CLOCK_SILENCE = 60

HERE = "http://127.0.0.1:8000"


def answers(address: str) -> bool:
    """Whether the process answers anything that is not a fault of its own."""
    return 0 < _ask(f"{address}/healthz")[0] < 500


def silence(address: str) -> int | None:
    """Seconds since the worker emptied the ledger; None when that is unknown, or the relay or the clock is to blame.

    Of a clock that has just been started, the worker has heard for as long only.
    """
    facts = _ask(f"{address}/readyz")[1]
    age, tick, up = (facts.get(name) for name in ("last_round_age", "clock_age", "clock_up"))
    if age is None or facts.get("relay_lost_age") is not None or (tick or 0) > SILENCE:
        return None
    return age if up is None else min(age, up)


def clock_silence(file: Path) -> int | None:
    """Seconds since the clock ticked, by the file that it touches; None when it never has."""
    try:
        return max(0, int(time.time() - file.stat().st_mtime))
    except OSError:
        return None


def _ask(url: str) -> tuple[int, dict[str, Any]]:
    """The status, or 0 when nobody answers, and the facts when there are any."""
    site = urlsplit(os.environ.get("SITE_URL") or url)
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
            return answer.status, _facts(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _facts(error.read())
    except OSError:
        return 0, {}


def _facts(body: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(body)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def main(argv: list[str]) -> int:
    what, address = (*argv, HERE)[:2] if argv else ("", HERE)
    if what == "healthz":
        return 0 if answers(address) else 1
    if what == "clock" and address != HERE:
        return 1 if (clock_silence(Path(address)) or 0) > CLOCK_SILENCE else 0
    if what == "letters":
        return 1 if (silence(address) or 0) > SILENCE else 0
    print("Say what to ask: healthz or letters, and the address of the portal when it is not here;", file=sys.stderr)
    print("or clock, and the file that the clock touches.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
