"""One mailing to which something happens while it is sent, and the figures about what became of its letters."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from benchmarks.environment import Environment
from benchmarks.mail import sample_messages
from benchmarks.mail.relays import OwnSink
from benchmarks.report import Figure
from lib.tasks import wake
from outbox.models import Delivery, Mailing, State
from outbox.tasks import send_queued
from servers import ServerError

PATIENCE = 180.0
RESTING = (State.DEFERRED, State.UNCERTAIN)


class FaultRun:
    """The sink's record is the truth; the supervisor of `manage.py run` is the only one who mends."""

    mailing: Mailing

    def __init__(self, stage: Environment, sink: OwnSink, name: str, count: int, connections: int) -> None:
        self.stage, self.sink, self.name, self.count, self.connections = stage, sink, name, count, connections
        self.readers = sample_messages.readers(name.replace("_", "-"), count)
        self.faults: list[float] = []  # when something was killed, or when the relay came back
        self.may_repeat = self.retried_now = 0
        self.before, self.began = sink.letters, time.time()

    # what happens

    def start(self) -> None:
        now = timezone.now()
        self.answer(Delivery.objects.count)
        self.mailing, wording = sample_messages.mailing(self.name, now)
        self.mailing.address(wording, self.readers, now)
        self.mailing.start(now)
        wake(send_queued)

    def after(self, share: float) -> None:
        """Go on when this share of the letters was taken."""
        wanted = self.before + int(share * self.count)
        self.wait(lambda: self.sink.letters >= wanted)

    def wait(self, true: Callable[[], object], every: float = 0.01) -> None:
        """As long as letters leave. A long time without any means that nobody mends."""
        while not true():
            if not self.stage.wait(self.more_or(true), PATIENCE, every):
                raise ServerError(f"{self.name}: nothing leaves any more. {self.stage.worker_log_end()}")

    def more_or(self, true: Callable[[], object]) -> Callable[[], object]:
        """True when another letter has left, too."""
        seen = self.sink.letters
        return lambda: true() or self.sink.letters > seen

    def record_fault(self, connections: int = 0) -> None:
        """Something happens now that may make so many letters leave twice."""
        self.faults.append(time.time())
        self.may_repeat += connections

    def kill(self, name: str) -> None:
        """SIGKILL for one of the supervisor's programs."""
        process = self.stage.program(name).process
        assert process
        self.record_fault(self.connections)
        process.kill()
        process.wait()

    def finish(self) -> None:
        """Until no letter waits. Pauses between attempts are policy, not recovery: what only rests may go at once."""
        while True:
            self.wait(lambda: not self.how_many(State.WAITING, State.SENDING), every=0.2)
            if not self.how_many(*RESTING):
                return
            self.retry_now()

    def answer(self, question: Callable[[], Any]) -> Any:
        """Of the queue, which may be away for a while."""
        found: list[Any] = []

        def came() -> bool:
            found.append(ask(question))
            return found[-1] is not None

        if not self.stage.wait(came, PATIENCE):
            raise ServerError(f"{self.name}: the database does not come back.")
        return found[-1]

    def how_many(self, *states: State) -> int:
        found = self.answer(self.mailing.progress)
        return sum(found[state.value] for state in states)

    def retry_now(self) -> None:
        resting = Delivery.objects.waiting().filter(mailing=self.mailing)
        self.retried_now += self.answer(lambda: resting.update(due_at=timezone.now()))
        wake(send_queued)
        self.stage.wait(lambda: self.how_many(State.SENDING) or not self.how_many(*RESTING), 20, every=0.05)

    # what came of it

    def figures(self) -> Iterator[Figure]:
        everybody = {address for address, _name, _number in self.readers}
        record = self.sink.record().only(everybody)
        taken, refused = {entry.recipient for entry in record.taken}, record.answered_with("550")
        done = max((entry.moment for entry in record.taken), default=self.began)
        bound = self.may_repeat + sum(entry.answer == "cut" for entry in record.entries)
        yield Figure(f"{self.name}.lost", len(everybody - taken - refused), "letters", ("=", 0))
        yield Figure(f"{self.name}.repeated", record.repeated, "letters", ("<=", bound), f"of {self.count}")
        yield Figure(f"{self.name}.other_face", record.other_faces, "letters", ("=", 0))
        yield Figure(f"{self.name}.misjudged", self.misjudged(taken, refused - taken), "letters", ("=", 0))
        if self.faults:
            spans = zip(self.faults, [*self.faults[1:], done], strict=True)
            worst = max(record.silence(since, until) for since, until in spans)
            yield Figure(f"{self.name}.recovery", worst, "s", ("<=", 30), f"of {len(self.faults)} faults the worst")
        note = f"{self.retried_now} letters did not wait for their second attempt" if self.retried_now else ""
        yield Figure(f"{self.name}.whole", done - self.began, "s", note=note)

    def misjudged(self, taken: set[str], refused: set[str]) -> int:
        """Letters of which the queue does not say what the sink knows."""
        sent, failed = self.recipients(State.SENT), self.recipients(State.FAILED)
        return len(sent ^ taken) + len(failed ^ refused)

    def recipients(self, state: State) -> set[str]:
        return set(Delivery.objects.in_state(state).filter(mailing=self.mailing).values_list("recipient", flat=True))


def ask(question: Callable[[], Any]) -> Any:
    """What the queue answers, or None while the database is away."""
    try:
        return question()
    except (DatabaseError, InterfaceError):
        connection.close()
        return None
