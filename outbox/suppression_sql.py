"""The suppression list as a condition that the database answers for many letters, without storing their keys."""

from datetime import datetime
from typing import Any

from django.conf import settings

from outbox.models.suppression import pads

# True for a letter `d` (recipient, priority, area_id) that the list suppresses: outbox.models.suppression in SQL.
IS_SUPPRESSED = """(
    d.priority > 0 AND EXISTS (
        SELECT 1 FROM outbox_suppression s
        WHERE s.lifted_at IS NULL AND (s.until IS NULL OR s.until > %(now)s) AND (s.scope = 'all' OR d.priority >= 9)
          AND (s.area_id IS NULL OR s.area_id = d.area_id)
          AND s.key = sha256(%(outer)s || sha256(%(inner)s || convert_to(lower(d.recipient COLLATE "C"), 'UTF8')))
    ))"""


def suppression_values(now: datetime) -> dict[str, Any]:
    """The parameters of the condition."""
    inner, outer = pads(settings.ADDRESS_KEY)
    return {"now": now, "inner": inner, "outer": outer}
