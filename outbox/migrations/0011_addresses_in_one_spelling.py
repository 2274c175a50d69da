"""Recipients of letters with their domains in ASCII; what is stopped stays stopped."""

from django.db import migrations

from lib.text.mended_addresses import mend_addresses
from outbox.models.suppression import rekey


def mend(apps, schema_editor):
    mended = mend_addresses(apps.get_model("outbox", "Delivery").objects.all(), "recipient")
    rekey(apps.get_model("outbox", "Suppression").objects.all(), mended)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0010_suppression_by_area")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
