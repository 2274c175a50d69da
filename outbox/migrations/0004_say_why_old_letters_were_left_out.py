from django.db import migrations


def say_why(apps, schema_editor):
    """Until now letters were left out for one reason only."""
    old = apps.get_model("outbox", "Delivery").objects.filter(cancelled_at__isnull=False, left_out="")
    old.update(left_out="cancelled")


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_incoming_mail_has_sender_and_size'),
    ]

    operations = [migrations.RunPython(say_why, migrations.RunPython.noop)]
