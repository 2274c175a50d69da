"""One run at a time for one data folder; while it lasts, its lock file tells how to reach it."""

import json
import os
from pathlib import Path

from servers import ServerError, private_dirs

LOCK = "run.lock"


class Lockfile:
    """Held by the portal that runs."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK

    def __enter__(self) -> "Lockfile":
        try:
            self.held = private_dirs.lock(self.path)
        except BlockingIOError:
            other = running(self.path.parent)
            where = f" at {other['address']} (process {other['process']})" if other else ""
            raise ServerError(f"The portal of {self.path.parent} is already running{where}. Stop it first.")
        except OSError as error:
            raise ServerError(f"{self.path} cannot be used: {error.strerror}.")
        return self

    def write(self, found: dict[str, str]) -> None:
        os.truncate(self.held, 0)
        os.pwrite(self.held, json.dumps(found).encode(), 0)

    def __exit__(self, *error: object) -> None:
        os.truncate(self.held, 0)
        os.close(self.held)


def running(folder: Path) -> dict[str, str]:
    """What the portal that runs there has written: process, address, DATABASE_URL, REDIS_URL. Or nothing."""
    path = folder / LOCK
    try:
        if path.exists():
            os.close(private_dirs.lock(path))
    except BlockingIOError:
        text = path.read_text()
        return json.loads(text) if text else {}
    except OSError:
        pass
    return {}
