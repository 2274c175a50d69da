"""Words for suggestions and completions, found by groups of three letters."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=100, verbose_name='word')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('count', models.PositiveIntegerField(verbose_name='how often')),
                ('counted_at', models.DateTimeField(verbose_name='counted')),
            ],
            options={
                'verbose_name': 'word that is searched for',
                'verbose_name_plural': 'words that are searched for',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('text', name='gin_trgm_ops'), name='word_trigrams'), models.Index(django.contrib.postgres.indexes.OpClass('text', name='varchar_pattern_ops'), name='word_beginning')],
                'constraints': [models.UniqueConstraint(fields=('text', 'language'), name='word_once_per_language')],
            },
        ),
    ]
