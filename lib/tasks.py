"""Work in the background: waking a task."""

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(task: Any) -> None:
    """Wake a round when the present transaction is safely stored; with the broker away, the clock wakes it later."""

    def send() -> None:
        try:
            task.apply_async(retry=False)
        except (OperationalError, OSError):
            log.warning("broker away, %s waits for its clock", task.name)

    transaction.on_commit(send)
