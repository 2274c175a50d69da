"""Make meetings findable by their words, and by an address nearly right; `reindex` fills the columns."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_searchable'),
        ('meetings', '0004_calendar_answer'),
        ('networks', '0002_searchable'),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            model_name='meeting',
            name='search_backend',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='meeting',
            name='search_vector',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='meeting_search'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=django.contrib.postgres.indexes.GinIndex(fields=['slug'], name='meeting_address', opclasses=['gin_trgm_ops']),
        ),
    ]
