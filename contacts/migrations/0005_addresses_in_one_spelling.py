"""Addresses of people, cards and bodies, and those that people have proved, with their domains in ASCII."""

from django.db import migrations

from lib.text.mended_addresses import mend_addresses


def mend(apps, schema_editor):
    for model in ("User", "ContactCard", "Organisation", "CoordinatorInvitation"):
        mend_addresses(apps.get_model("contacts", model).objects.all(), "email")
    mend_addresses(apps.get_model("account", "EmailAddress").objects.all(), "email")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_first_run_and_reference_data"), ("account", "0009_emailaddress_unique_primary_email"), ("search", "0003_unaccent")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
