"""Work in the background: waking a task, and going through rows so that one that fails stops no other.

A row is dealt with in a transaction of its own, under a lock that no second worker waits for. What failed is counted in
`FailedRow`, rests for a while and is tried again; after the third time the desk shows it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from celery import shared_task
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from lib.masking import place_of, reason_of
from lib.models import FailedRow, SentForm
from lib.uploads import kept

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)
Done = TypeVar("Done")

# What work answers when it did nothing: the row is held by another worker, or due no more.
LEFT = object()


def wake(task: Any) -> None:
    """Wake a round when the present transaction is safely stored; with the broker away, the clock wakes it later."""

    def send() -> None:
        try:
            task.apply_async(retry=False)
        except (OperationalError, OSError):
            log.warning("broker away, %s waits for its clock", task.name)

    transaction.on_commit(send)


def for_each_locked(
    due: Callable[[], QuerySet[Row]],
    act: Callable[[Row], Done],
    *,
    round: str,
    now: datetime,
    most: int | None = None,
) -> list[Done]:
    """Call `act` with each row of `due()`, in its order or by number; gives what the calls that succeeded gave.

    `due` is asked again for each row under its lock, so that a row which is due no more is left alone. `round` names
    the work in the log and on the desk; behind a slash may stand the one thing that all these rows belong to. Of more
    rows than `most` the rest waits for the next round.
    """
    rows = due()
    attempts = Attempts(round, rows.model, now)
    keys = (rows if rows.ordered else rows.order_by("pk")).values_list("pk", flat=True)

    def work(keys: Sequence[Any]) -> Any:
        row = locked(due(), keys).first()
        return LEFT if row is None else act(row)

    return [done for key in attempts.ready(keys)[:most] for done in attempts.on([key], work)]


def for_all_held(
    model: type[Model],
    rows: Iterable[Any],
    act: Callable[[list[Any]], Any],
    *,
    round: str,
    now: datetime,
) -> bool:
    """Call `act` once with all these rows, which belong to something the caller holds; when it fails, with each alone.

    True when it succeeded for all of them.
    """
    by_key = {row.pk: row for row in rows}
    attempts = Attempts(round, model, now)

    def work(keys: Sequence[Any]) -> int:
        act([by_key[key] for key in keys])
        return len(keys)

    return sum(attempts.on(attempts.ready(by_key), work)) == len(by_key)


def locked(rows: QuerySet[Any], keys: Iterable[Any]) -> QuerySet[Any]:
    """Those of `rows` with these keys that no other worker holds, held until the transaction ends.

    Rows that only point at them do not wait meanwhile (FOR NO KEY UPDATE), nor do rows that the query joins.
    """
    return rows.filter(pk__in=list(keys)).select_for_update(skip_locked=True, of=("self",), no_key=True)


class Attempts:
    """What one round tries on rows of one model. For work that takes several rows at once; else `for_each_locked`."""

    def __init__(self, round: str, model: type[Model], now: datetime) -> None:
        self.round, self.model, self.now = round, model, now
        self.failures = FailedRow.objects.of(round, model)
        self.failed = {row.key: row for row in self.failures}

    def ready(self, due: Iterable[Any]) -> list[Any]:
        """Those due rows that do not rest after a failure. What failed earlier and is due no more is forgotten."""
        due = list(due)
        self.forget_all_but(due)
        return [key for key in due if not self.rests(key)]

    def forget_all_but(self, due: Iterable[Any]) -> None:
        """What failed earlier and is not among these is due no more."""
        if self.failed:
            self.failures.forget(self.failed.keys() - {str(key) for key in due})

    def rests(self, key: Any) -> bool:
        """Whether it failed so lately that it is left alone."""
        failure = self.failed.get(str(key))
        return failure is not None and failure.rests_at(self.now)

    def on(
        self,
        keys: Sequence[Any],
        work: Callable[[Sequence[Any]], Any],
        within: Callable[[], AbstractContextManager[Any]] = transaction.atomic,
    ) -> list[Any]:
        """Call `work` with these keys in one transaction; when that fails, with each key by itself.

        Gives what the calls that succeeded gave. `within` is another context for work that commits by itself.
        """
        if not keys:
            return []
        try:
            with within():
                done = work(keys)
        except Exception as error:
            if len(keys) > 1:
                return [done for key in keys for done in self.on([key], work, within)]
            self._write_down(keys[0], error)
            return []
        if done is LEFT:
            return []
        self.failures.forget(self.failed.keys() & {str(key) for key in keys})
        return [done]

    def _write_down(self, key: Any, error: Exception) -> None:
        """In a transaction of its own: the row's has been undone."""
        reason, row = reason_of(error), f"{self.model._meta.label_lower} {key}"
        log.error("%s: %s failed and is tried again: %s\n%s", self.round, row, reason, place_of(error))
        FailedRow.objects.record(self.round, self.model, key, reason, self.now)


@shared_task(name="lib.tasks.forget_failures")
def forget_failures() -> None:
    """Forget the failures of rows that nobody tries any more."""
    FailedRow.objects.abandoned(timezone.now()).delete()


@shared_task(name="lib.tasks.forget_kept_files")
def forget_kept_files() -> None:
    """Remove chosen files that were kept for a form which nobody sent again."""
    kept.purge(timezone.now())


@shared_task(name="lib.tasks.forget_sent_forms")
def forget_sent_forms() -> None:
    """Forget the forms that were sent so long ago that nobody sends them again."""
    SentForm.objects.over(timezone.now()).delete()
