from django.db import migrations


class Migration(migrations.Migration):
    """New names of classes: of a proxy, and of two models that keep their tables. The database does not change."""

    dependencies = [
        ('newsletters', '0005_owed_notices'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel(old_name='DeadAddress', new_name='BouncedAddress'),
                migrations.RenameModel(old_name='LetterTally', new_name='ConfirmationLimit'),
                migrations.AlterModelTable(name='ConfirmationLimit', table='newsletters_lettertally'),
                migrations.RenameModel(old_name='PutOff', new_name='Snooze'),
                migrations.AlterModelTable(name='Snooze', table='newsletters_putoff'),
            ],
        ),
    ]
