"""Which methods need no equipment; those that say so in words follow when they are made findable again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('methods', '0008_held_texts_and_quick_methods'),
    ]

    operations = [
        migrations.AddField(
            model_name='findable',
            name='needs_equipment',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(
            """
            UPDATE methods_findable SET needs_equipment = false FROM methods_method
            WHERE methods_method.id = method_id AND methods_method.kind = 'method' AND materials = '[]'::jsonb
            """,
            migrations.RunSQL.noop,
        ),
    ]
