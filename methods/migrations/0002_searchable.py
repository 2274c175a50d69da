"""Make methods findable by an address nearly right."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_searchable'),
        ('methods', '0001_initial'),
        ('networks', '0002_searchable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name='method',
            index=django.contrib.postgres.indexes.GinIndex(fields=['slug'], name='method_address', opclasses=['gin_trgm_ops']),
        ),
    ]
