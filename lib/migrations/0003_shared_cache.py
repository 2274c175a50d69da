"""The table of Django's database cache, where limits are counted while Redis is away (lib/counters/shared_cache.py)."""

from django.db import migrations

CREATE = """
CREATE TABLE lib_shared_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX lib_shared_cache_expires ON lib_shared_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("lib", "0002_sent_forms")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE lib_shared_cache")]
