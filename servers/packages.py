"""`python -m servers.packages NAME`: installs the packages of requirements/NAME.txt and shows how far it is.

pip says nothing for a minute where it unpacks; here every second is counted.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

PROJECT_DIR = Path(__file__).resolve().parents[1]
FETCHED = ("Collecting ", "Requirement already satisfied: ")
UNPACKING = "Installing collected packages"
PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]


def install(lock: Path, out: IO[str]) -> int:
    """What pip ends with. What it said is shown only when it failed."""
    print("Installing the packages into .venv. This is done once and takes one to three minutes.", file=out)
    argv = [*PIP, "--require-hashes", "-r", str(lock)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = list(_shown(process, out))
    code = process.wait()
    print("".join(said[-20:]) if code else "The packages are installed.", file=out)
    return code


def _shown(process: "subprocess.Popen[str]", out: IO[str]) -> Iterator[str]:
    """Every line that pip says, while the count and the seconds are written to `out`."""
    began, fetched, state, last = time.monotonic(), 0, "packages fetched", -10.0
    rewrite = out.isatty()
    for line in _output(process):
        if line:
            yield line
        fetched += line.startswith(FETCHED)
        state = "packages, unpacking" if line.startswith(UNPACKING) else state
        seconds = time.monotonic() - began
        if rewrite or seconds - last >= 10:
            last = seconds
            words = f"{seconds:4.0f} s  {fetched} {state}"
            print(f"\r{words:<60}" if rewrite else words, end="" if rewrite else "\n", file=out, flush=True)
    if rewrite:
        print(file=out)


def _output(process: "subprocess.Popen[str]") -> Iterator[str]:
    """Lines as they come, and an empty text for each second in which none came."""
    queue: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        for line in process.stdout or ():
            queue.put(line)
        queue.put(None)

    Thread(target=read, daemon=True).start()
    while True:
        try:
            line = queue.get(timeout=1)
        except Empty:
            line = ""
        if line is None:
            return
        yield line


if __name__ == "__main__":
    sys.exit(install(PROJECT_DIR / "requirements" / f"{sys.argv[1]}.txt", sys.stdout))
