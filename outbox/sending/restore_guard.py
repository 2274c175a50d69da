"""Notices that the database was restored from a backup: then nothing leaves by itself, for it may have left already.

What waited in the backup, and what the portal would send now because the backup does not know that it did, would reach
people a second time. So the outbox is held until a coordinator has looked: only fresh sign-in codes leave meanwhile.
A restored database is known by its home (another cluster or another database), or by its memory: on this machine rounds
were made that it knows nothing of.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from outbox.models import Heartbeat

log = logging.getLogger(__name__)

# Clocks of machines that share the work may disagree by less than this; a backup is older.
DISAGREEMENT = timedelta(minutes=10)
HOME = """SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
FROM pg_control_system()"""


def held_since(now: datetime) -> datetime | None:
    """Since when the outbox is held; None when letters may leave. Looks first whether this database is a new one."""
    beat, home = Heartbeat.objects.get_or_create(pk=1)[0], _home()
    seen, known = _last_round_seen_here(), beat.last_round_at
    moved = bool(beat.home) and beat.home != home
    forgot = bool(seen and known and seen > known + DISAGREEMENT)  # a new database has nothing to forget
    if moved or forgot:
        log.warning("the database was restored from a backup: letters are held until somebody lets them go")
        Heartbeat.objects.hold(now)
        remember(now)
    if beat.home != home:
        Heartbeat.objects.live_in(home)
    return Heartbeat.objects.get(pk=1).held_at


def remember(now: datetime) -> None:
    """A round was made on this machine."""
    path = _memory()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(now.isoformat(), encoding="ascii")
    unfinished.replace(path)


def _home() -> str:
    with connection.cursor() as cursor:
        cursor.execute(HOME)
        return str(cursor.fetchone()[0])


def _last_round_seen_here() -> datetime | None:
    try:
        return datetime.fromisoformat(_memory().read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _memory() -> Path:
    return Path(settings.DATA_DIR) / "outbox-last-round"
