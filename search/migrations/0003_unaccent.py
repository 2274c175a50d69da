"""People are found without dots and accents: an extension that PostgreSQL brings along."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0002_thesaurus")]

    operations = [UnaccentExtension()]
