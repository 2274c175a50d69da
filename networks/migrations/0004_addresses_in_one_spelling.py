"""Sender addresses of networks with their domains in ASCII."""

from django.db import migrations

from lib.text.mended_addresses import mend_addresses


def mend(apps, schema_editor):
    mend_addresses(apps.get_model("networks", "Network").objects.all(), "sender_email")


class Migration(migrations.Migration):
    dependencies = [("networks", "0003_professional_networks")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
