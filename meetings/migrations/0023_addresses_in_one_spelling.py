"""Addresses of guests and of sign-ups to confirm with their domains in ASCII."""

from django.db import migrations

from lib.text.mended_addresses import mend_addresses


def mend(apps, schema_editor):
    for model in ("Participation", "SignUpRequest"):
        mend_addresses(apps.get_model("meetings", model).objects.all(), "email")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0022_calendar_answers_name_delegates")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
