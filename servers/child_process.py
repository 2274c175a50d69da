"""Child processes that never outlive us, not even when we are killed without warning."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)


def start(
    argv: Sequence[str | Path],
    *,
    log: IO[bytes] | int | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    user: str | None = None,
    last_signal: int = signal.SIGTERM,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a program that gets `last_signal` when this process ends in whatever way (Linux; elsewhere it is not told).

    Call it from the main thread only: the kernel counts the death of the starting thread as ours. In a session of its
    own the child does not hear Ctrl-C; we stop it in our own order.
    """
    return subprocess.Popen(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL if own_session else None,
        stdout=log,
        stderr=log and subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=own_session,
        preexec_fn=_bound_to_us(last_signal),
        user=user,
        group=_group_of(user) if user else None,
        extra_groups=[] if user else None,
    )


def stop(process: subprocess.Popen[bytes], sign: int = signal.SIGTERM, patience: float = 10) -> None:
    """Ask to stop, wait, and end it by force when it does not listen."""
    if process.poll() is not None:
        return
    process.send_signal(sign)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _bound_to_us(last_signal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, last_signal)
        if os.getppid() != parent:  # we died between the fork and the line above
            os._exit(1)

    return bind


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
