"""The words of people hold their municipality of work: those whose employer has a municipality are taken apart anew."""

from django.db import migrations


def mark_stale(apps, schema_editor):
    """They are found as before until `reindex` or the round that keeps the search fresh comes to them."""
    people = apps.get_model('contacts', 'User').objects.exclude(search_backend='')
    people.filter(organisation__municipality__isnull=False).update(search_backend='')


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_searchable'),
    ]

    operations = [
        migrations.RunPython(mark_stale, migrations.RunPython.noop),
    ]
