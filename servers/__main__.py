"""`python -m servers [--migrated] -- COMMAND`: run a command with a throw-away PostgreSQL and Redis around it.

With --migrated it also gets a database to copy where all migrations are applied (database_template.py).
"""

import os
import signal
import sys

from servers import ServerError, child_process
from servers.temporary import temporary_servers


def main(argv: list[str]) -> int:
    migrated = argv[:1] == ["--migrated"]
    command = argv[1:] if migrated else argv
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        print("Say which command to run: python -m servers [--migrated] -- COMMAND", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _exit)
    try:
        with temporary_servers(migrated=migrated) as addresses:
            return run(command, {**os.environ, **addresses})
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1


def run(command: list[str], env: dict[str, str]) -> int:
    """Run the command in our terminal; its end is our end, and a signal for us is for it."""
    try:
        process = child_process.start(command, env=env, own_session=False)
    except OSError as error:
        raise ServerError(f"{command[0]} cannot be run: {error.strerror}.")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command itself
    try:
        code = process.wait()
    except SystemExit:
        child_process.stop(process)
        raise
    return 128 - code if code < 0 else code


def _exit(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
