from django.db import migrations


class Migration(migrations.Migration):
    """New names of classes; no table, column or constraint changes.

    The first is a proxy. The two others are told their table first, so that renaming them leaves it alone.
    """

    dependencies = [
        ('newsletters', '0005_owed_notices'),
    ]

    operations = [
        migrations.RenameModel(old_name='DeadAddress', new_name='BouncedAddress'),
        migrations.AlterModelTable(name='LetterTally', table='newsletters_lettertally'),
        migrations.RenameModel(old_name='LetterTally', new_name='ConfirmationLimit'),
        migrations.AlterModelTable(name='PutOff', table='newsletters_putoff'),
        migrations.RenameModel(old_name='PutOff', new_name='Snooze'),
    ]
