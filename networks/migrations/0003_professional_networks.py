"""Membership of a working group with outsiders opens that group alone; other networks stay as they were."""

from django.db import migrations, models

# Kinds of the vocabulary whose members need not work with young people. Codes never change.
GROUPS = ["tyoryhma", "kehittajatyoryhma", "ohjausryhma"]


def name_the_groups(apps, schema_editor):
    """Groups of these kinds, and those under a network, open nothing but themselves; the desk can say otherwise."""
    networks = apps.get_model("networks", "Network").objects
    networks.filter(models.Q(kind__list="network_types", kind__code__in=GROUPS) | ~models.Q(parent=None)).update(
        is_professional=False
    )


class Migration(migrations.Migration):
    dependencies = [("networks", "0002_searchable")]

    operations = [
        migrations.AddField(
            model_name="network",
            name="is_professional",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text=(
                    "Membership then opens what is for members in the area: people, competences, methods, meetings, "
                    "wishes. Leave it out for groups with young people or other outsiders: they see this network alone."
                ),
                verbose_name="its members work with young people",
            ),
        ),
        migrations.RunPython(name_the_groups, migrations.RunPython.noop),
    ]
