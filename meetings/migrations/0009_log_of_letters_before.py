"""Notes in the log of meetings the letters that were written before there was one; they are known by their reference."""

from django.db import migrations

# meeting {id}/{participation}/{version}; the version of invitations, changes and cancellations begins with SEQUENCE.
NOTE = r"""
INSERT INTO meetings_letter (participation_id, delivery_id, kind, method, sequence, written_at)
SELECT p.id, d.id, d.kind, CASE WHEN d.calendar = '' THEN '' ELSE d.calendar_method END,
    CASE WHEN d.kind IN ('meeting-invitation', 'meeting-update', 'meeting-cancellation')
        THEN substring(d.reference from '^meeting [0-9]+/[0-9]+/([0-9]{1,6})-')::int END,
    d.queued_at
FROM outbox_delivery d
JOIN meetings_participation p ON p.id = substring(d.reference from '^meeting [0-9]+/([0-9]{1,18})/')::bigint
WHERE d.kind LIKE 'meeting-%' AND d.mailing_id IS NULL
ORDER BY d.id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0008_letters_held_and_logged")]

    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
