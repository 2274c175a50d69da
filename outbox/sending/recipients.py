"""Addressing a mailing: one INSERT … SELECT, however many readers there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from outbox.incoming.smtp_status import NO_ADDRESS
from outbox.models.delivery_state import LeftOut, Priority
from outbox.suppression_sql import IS_SUPPRESSED, suppression_values

if TYPE_CHECKING:
    from outbox.models.mailing import Mailing, Wording

# Enough to tell what cannot be written on an envelope.
ADDRESS = r"^[!-?A-~]+@[^[:space:][:cntrl:]@<>]+$"
# Whoever is on the suppression list has a row that says so, and which never leaves.
INSERT = f"""
INSERT INTO outbox_delivery (
    kind, reference, area_id, mailing_id, wording_id, origin_id, priority, recipient, recipient_name, language,
    from_email, reply_to, subject, text, html, calendar, calendar_method, headers, secret, message_id,
    dated_at, queued_at, due_at, attempts, interruptions, cancelled_at, left_out, failed_at, last_error, cancel_reason)
SELECT
    %(kind)s, '', %(area)s, %(mailing)s, w.id, d.origin_id, d.priority,
    d.recipient, d.recipient_name, w.language,
    '', '[]', w.subject, '', '', '', '', '{{}}', false, '',
    %(dated)s, %(now)s, %(now)s, 0, 0,
    CASE WHEN d.stopped THEN %(now)s END, CASE WHEN d.stopped THEN %(suppressed)s ELSE '' END,
    CASE WHEN d.broken AND NOT d.stopped THEN %(now)s END, CASE WHEN d.broken THEN %(no_address)s ELSE '' END, ''
FROM (
    SELECT d.*, {IS_SUPPRESSED} AS stopped, d.recipient !~ %(address)s AS broken
    FROM (
        SELECT r.*, %(priority)s AS priority, %(area)s::bigint AS area_id
        FROM (READERS) AS r (recipient, recipient_name, origin_id, wording_id)
    ) AS d
) AS d JOIN outbox_wording w ON w.id = d.wording_id AND w.mailing_id = %(mailing)s
ON CONFLICT DO NOTHING
"""
LISTED = "SELECT * FROM unnest(%(addresses)s::text[], %(names)s::text[], %(origins)s::bigint[], %(wordings)s::bigint[])"


def write_rows(mailing: "Mailing", wording: "Wording", readers: Any, now: datetime) -> int:
    """See Mailing.address."""
    if isinstance(readers, QuerySet):
        source, values = _of_queryset(readers)
        return _write(mailing, f"SELECT q.*, %(wording)s FROM ({source}) AS q", values | {"wording": wording.pk}, now)
    return write_each(mailing, ((*reader, wording) for reader in readers), now)


def write_each(mailing: "Mailing", letters: Iterable[tuple[str, str, int, "Wording"]], now: datetime) -> int:
    """See Mailing.address_each."""
    rows = [(address, name, origin, wording.pk) for address, name, origin, wording in letters]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    return _write(mailing, LISTED, dict(zip(("addresses", "names", "origins", "wordings"), columns, strict=True)), now)


def _write(mailing: "Mailing", source: str, values: dict[str, Any], now: datetime) -> int:
    values |= {
        "kind": mailing.kind,
        "area": mailing.area_id,
        "mailing": mailing.pk,
        "priority": Priority.BULK.value,
        "dated": mailing.dated_at,
        "address": ADDRESS,
        "no_address": NO_ADDRESS,
        "suppressed": LeftOut.SUPPRESSED.value,
        **suppression_values(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT.replace("READERS", source), values)
        return cursor.rowcount


def _of_queryset(readers: QuerySet[Any]) -> tuple[str, dict[str, Any]]:
    """Its own SQL, with its values under names of their own."""
    sql, given = readers.query.sql_with_params()
    names = [f"own_{number}" for number in range(len(given))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, given, strict=True))
