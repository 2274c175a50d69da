"""The scheduler of Celery beat, with a heartbeat: a file for whoever supervises the process, a row for /readyz."""

import logging
import time
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from outbox.models import Heartbeat

# A sign of life so often at most; the shortest clock wakes the scheduler every five seconds.
EVERY = 5.0

log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Ticks as Celery's own does, and says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.started_at, self.told = timezone.now(), 0.0
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            self.show_life()
        return super().tick(*args, **kwargs)

    def show_life(self) -> None:
        """The file first: it must not wait for a database that is away, and neither must the clock end for it."""
        file = alive_file()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            Heartbeat.objects.tick(timezone.now(), self.started_at)
        except (OSError, Error) as error:
            log.warning("the heartbeat of the clock could not be written: %s", type(error).__name__)
        finally:
            close_old_connections()


def alive_file() -> Path:
    return Path(settings.DATA_DIR) / "beat" / "alive"
