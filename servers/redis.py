"""One Redis server of our own on a socket; it keeps nothing, because it only wakes workers."""

import socket
import subprocess
import time
from pathlib import Path
from typing import IO

from servers import ServerError, binaries, child_process

PATIENCE = 15.0


class RedisServer:
    def __init__(self, program: binaries.Redis, sockets: Path) -> None:
        self.program, self.sockets = program, sockets
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self, log: IO[bytes]) -> None:
        self.process = self.spawn(log)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServerError(f"Redis did not start, see {log.name}.")
            time.sleep(0.02)

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.sockets),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        argv: list[str | Path] = [self.program.program]
        for name, value in options.items():
            argv += [f"--{name}", value]
        return child_process.start(argv, log=log, cwd=self.sockets)

    def stop(self) -> None:
        if self.process:
            child_process.stop(self.process)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
        except OSError:
            return False
