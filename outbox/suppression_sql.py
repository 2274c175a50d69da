"""The stop list as a question that the database answers for many letters at once, without their keys being stored."""

from datetime import datetime
from typing import Any

from django.conf import settings

from outbox.models.suppression import pads

# True for a letter `d` (recipient, priority) that the list stops: the HMAC of outbox.models.suppression in SQL.
STOPPED = """(
    d.priority > 0 AND EXISTS (
        SELECT 1 FROM outbox_suppression s
        WHERE s.lifted_at IS NULL AND (s.until IS NULL OR s.until > %(now)s) AND (s.scope = 'all' OR d.priority >= 9)
          AND s.key = sha256(%(outer)s || sha256(%(inner)s || convert_to(lower(d.recipient COLLATE "C"), 'UTF8')))
    ))"""


def stop_values(now: datetime) -> dict[str, Any]:
    """What the question needs."""
    inner, outer = pads(settings.ADDRESS_KEY)
    return {"now": now, "inner": inner, "outer": outer}
