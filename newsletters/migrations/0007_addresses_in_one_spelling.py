"""Addresses of subscribers with their domains in ASCII; what is stopped stays stopped."""

from django.db import migrations

from lib.text.mended_addresses import mend_addresses
from outbox.models.suppression import rekey


def mend(apps, schema_editor):
    mended = mend_addresses(apps.get_model("newsletters", "Subscription").objects.all(), "email")
    mend_addresses(apps.get_model("newsletters", "AddressChange").objects.all(), "old_email", "new_email")
    rekey(apps.get_model("outbox", "Suppression").objects.all(), mended)


class Migration(migrations.Migration):
    dependencies = [("newsletters", "0006_rename_models"), ("outbox", "0011_addresses_in_one_spelling")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
