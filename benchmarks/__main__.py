"""`python -m benchmarks bench|faults --part outbox --size small`: measure, and print a table and RESULT lines."""

import argparse
import signal
import sys
from importlib import import_module
from importlib.util import find_spec

from benchmarks.environment import Environment
from benchmarks.report import Figure, show
from servers import ServerError, private_dirs

PARTS = ["outbox", "search", "calendar", "pages", "report"]

# A part is the module bench_PART or faults_PART here, imported when Django is ready: measure(stage, full).


def main(argv: list[str]) -> int:
    wanted = read(argv)
    signal.signal(signal.SIGTERM, _exit)
    try:
        for part in PARTS if wanted.part == "all" else [wanted.part]:
            module = f"benchmarks.{wanted.what}_{part}"
            if find_spec(module):
                run(part, module, full=wanted.size == "full")
            else:
                print(f"There is nothing to measure in {part} yet (make {wanted.what}).")
    except ServerError as error:
        print(f"The measurement could not be made: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def read(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("what", choices=["bench", "faults"])
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--size", choices=["small", "full"], default="small")
    return parser.parse_args(argv)


def run(part: str, module: str, full: bool) -> None:
    figures: list[Figure] = []

    def collect(stage: Environment) -> None:
        for figure in import_module(module).measure(stage, full):
            figures.append(figure)

    try:
        with private_dirs.temporary() as folder:
            Environment(folder, collect).play()
    finally:
        if figures:
            print(show(part, figures), flush=True)


def _exit(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
