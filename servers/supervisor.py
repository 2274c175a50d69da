"""A process supervisor: each is started again when it ends, sooner at first and then with longer pauses."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from servers import child_process

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
CALM = 60.0  # a program that has lived this long begins again with short pauses


@dataclass
class Program:
    """A supervised program."""

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    stop_signal: int
    log: str = ""
    patience: float = 10
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = FIRST_PAUSE
    due: float | None = field(default=None)

    def start(self) -> None:
        self.process, self.started, self.due = self.spawn(), time.monotonic(), None

    def stop(self) -> None:
        if self.process:
            child_process.stop(self.process, self.stop_signal, self.patience)


class Supervisor:
    """All programs of one portal, in the order they were started; they stop in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.programs: list[Program] = []

    def add(self, program: Program) -> None:
        if not program.process:
            program.start()
        self.programs.append(program)

    def look(self, now: float) -> None:
        """See who has ended, and start again those whose pause is over."""
        for program in self.programs:
            if program.due is not None and now >= program.due:
                program.start()
            elif program.due is None and program.process and program.process.poll() is not None:
                self._ended(program, now)

    def restart(self, *names: str) -> None:
        for program in self.programs:
            if program.name in names:
                program.stop()
                program.start()

    def stop(self) -> None:
        """Everybody hears it at once; then each is waited for, the servers last."""
        for program in reversed(self.programs):
            program.stop()
        self.programs.clear()

    def _ended(self, program: Program, now: float) -> None:
        assert program.process
        program.pause = FIRST_PAUSE if now - program.started > CALM else program.pause
        program.due = now + program.pause
        self.say(
            f"{program.name} ended ({_how(program.process.returncode)}); it starts again in "
            f"{program.pause:.0f} s. {f'See {program.log}.' if program.log else ''}".rstrip()
        )
        program.pause = min(program.pause * 2, LONGEST_PAUSE)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
