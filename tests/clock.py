"""The clock of the tests: each begins at the same noon, whatever the machine's clock says, and time goes on from there.

TEST_CLOCK='2026-12-31 23:30' makes them begin at another moment by the clock of Helsinki; TEST_CLOCK=machine leaves the
machine's. Tests of rounds then begin at noon of that day, since rounds are silent at night: the tests of a module that
imports a round, and those that take the fixture `noon`. A round in any other test is refused, unless the test has
travelled itself.
"""

import time
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine
from celery.app.task import Task

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 12, 2, 12, 0, tzinfo=HELSINKI)
MACHINE = "machine"
# The tasks of these work at any hour.
SLEEPLESS = ("outbox.", "search.", "celery.")


class HourByChance(AssertionError):
    """A round ran at an hour that nobody chose."""

    def __init__(self, task):
        super().__init__(f"{task.name} runs at an hour by chance: take the fixture noon, or travel with time_machine.")


def is_round(value):
    return isinstance(value, Task) and not value.name.startswith(SLEEPLESS)


def imports_round(module):
    """Whether a test module has a round among its names."""
    return any(is_round(value) for value in vars(module).values())


def begins_at(asked, by_day):
    """The moment at which a test begins when TEST_CLOCK says `asked`; None is the clock of the machine."""
    if not asked:
        return NOON
    start = datetime.now(HELSINKI) if asked == MACHINE else datetime.fromisoformat(asked).replace(tzinfo=HELSINKI)
    if by_day:
        return start.replace(hour=12, minute=0, second=0, microsecond=0)
    return None if asked == MACHINE else start


@contextmanager
def started_at(moment):
    """Set the clock; gives a function that tells whether somebody has set it anew since then."""
    if moment is None:
        yield lambda: time_machine.escape_hatch.is_travelling()
        return
    with time_machine.travel(moment) as own:
        yield lambda: abs(time.time_ns() - own.time_ns()) > 1e9


def refuse_rounds(monkeypatch, is_allowed):
    """Rounds run only while `is_allowed()`."""
    run = Task.__call__

    def careful(task, *args, **kwargs):
        if is_round(task) and not is_allowed():
            raise HourByChance(task)
        return run(task, *args, **kwargs)

    monkeypatch.setattr(Task, "__call__", careful)
