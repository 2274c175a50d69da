# The narrow row of each method, kept by the database; former addresses; saved searches.

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


COPIED = [
    "area_id", "network_id", "author_id", "visibility", "published_at", "archived_at", "kind", "municipality_id",
    "preparation_id", "stage_id", "age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max",
]
COLUMNS = ", ".join(COPIED)
NEW = ", ".join(f"NEW.{name}" for name in COPIED)
OURS = ", ".join(f"ours.{name}" for name in COPIED)
GIVEN = ", ".join(f"EXCLUDED.{name}" for name in COPIED)
LISTS = ["topics", "target_groups", "settings", "languages", "competences"]
TERMS = " UNION ".join(f"SELECT term_id FROM methods_method_{name} WHERE method_id = m.id" for name in LISTS)

# The rows that are there get their narrow ones.
FILL = f"""
INSERT INTO methods_findable (method_id, search_vector, search_backend, terms, {COLUMNS})
SELECT m.id, m.search_vector, m.search_backend, ARRAY(SELECT term_id FROM ({TERMS}) AS t ORDER BY 1), {COLUMNS}
FROM methods_method m
"""

# From now on the narrow row follows the method, whoever changes it; and it knows the transaction that wrote it last.
FOLLOW = f"""
CREATE FUNCTION methods_findable_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE methods_findable SET area_id = NULL, network_id = NULL, author_id = NULL, published_at = NULL,
            search_vector = NULL, terms = '{{}}', trial_count = 0 WHERE method_id = OLD.id;
        RETURN OLD;
    END IF;
    INSERT INTO methods_findable AS ours (method_id, search_backend, {COLUMNS}) VALUES (NEW.id, '', {NEW})
    ON CONFLICT (method_id) DO UPDATE SET ({COLUMNS}) = ROW({GIVEN})
    WHERE ROW({OURS}) IS DISTINCT FROM ROW({GIVEN});
    RETURN NEW;
END $$;
CREATE TRIGGER methods_findable_follow AFTER INSERT OR DELETE OR UPDATE OF {COLUMNS} ON methods_method
    FOR EACH ROW EXECUTE FUNCTION methods_findable_follow();

CREATE FUNCTION methods_findable_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER methods_findable_changed BEFORE INSERT OR UPDATE ON methods_findable
    FOR EACH ROW EXECUTE FUNCTION methods_findable_changed();
"""
# All hits of a search by the index: the planner would read every vector for a word that many methods hold.
FIND = """
CREATE FUNCTION methods_findable_matching(wanted tsquery) RETURNS bytea LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT string_agg(int4send(method_id::int4), ''::bytea) FROM methods_findable WHERE search_vector @@ wanted
$$
"""
UNFOLLOW = """
DROP TRIGGER methods_findable_follow ON methods_method;
DROP TRIGGER methods_findable_changed ON methods_findable;
DROP FUNCTION methods_findable_follow();
DROP FUNCTION methods_findable_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_initial'),
        ('methods', '0002_searchable'),
        ('networks', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Findable',
            fields=[
                ('search_vector', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('search_backend', models.CharField(blank=True, editable=False, max_length=60)),
                ('method', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='findable', serialize=False, to='methods.method')),
                ('visibility', models.CharField(choices=[('public', 'everybody'), ('members', 'members in the area'), ('network', 'members of one network'), ('coordinators', 'coordinators of all areas')], max_length=12)),
                ('published_at', models.DateTimeField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('method', 'method'), ('model', 'operating model')], max_length=10)),
                ('age_min', models.PositiveSmallIntegerField(null=True)),
                ('age_max', models.PositiveSmallIntegerField(null=True)),
                ('group_min', models.PositiveSmallIntegerField(null=True)),
                ('group_max', models.PositiveSmallIntegerField(null=True)),
                ('duration_min', models.PositiveSmallIntegerField(null=True)),
                ('duration_max', models.PositiveSmallIntegerField(null=True)),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
                ('trial_count', models.PositiveIntegerField(db_default=0, default=0)),
                ('changed_in', models.BigIntegerField(db_default=0, editable=False)),
            ],
            options={
                'verbose_name': 'narrow row of a method',
                'verbose_name_plural': 'narrow rows of methods',
            },
        ),
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='address')),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name of the search')),
                ('query', models.TextField(blank=True, max_length=2000, verbose_name='filters')),
                ('rhythm', models.CharField(choices=[('now', 'at once'), ('weekly', 'weekly'), ('never', 'never')], default='weekly', max_length=8, verbose_name='letters about new methods')),
                ('created_at', models.DateTimeField(verbose_name='saved')),
                ('told_until', models.DateTimeField(verbose_name='told until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='deleted')),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
            },
        ),
        migrations.AddField(
            model_name='findable',
            name='area',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.coordinationarea'),
        ),
        migrations.AddField(
            model_name='findable',
            name='author',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='findable',
            name='municipality',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.municipality'),
        ),
        migrations.AddField(
            model_name='findable',
            name='network',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='networks.network'),
        ),
        migrations.AddField(
            model_name='findable',
            name='preparation',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.term'),
        ),
        migrations.AddField(
            model_name='findable',
            name='stage',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.term'),
        ),
        migrations.AddField(
            model_name='formeraddress',
            name='method',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='methods.method', verbose_name='method'),
        ),
        migrations.AddField(
            model_name='savedsearch',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddIndex(
            model_name='findable',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='findable_search'),
        ),
        migrations.AddIndex(
            model_name='findable',
            index=models.Index(fields=['changed_in'], name='findable_changed'),
        ),
        migrations.AddIndex(
            model_name='findable',
            index=models.Index(models.OrderBy(models.F('published_at'), descending=True, nulls_last=True), models.OrderBy(models.F('method'), descending=True), name='findable_newest'),
        ),
        migrations.AddIndex(
            model_name='findable',
            index=models.Index(condition=models.Q(('archived_at', None), ('published_at__isnull', False), ('visibility', 'public'), _negated=True), fields=['area', 'visibility'], name='findable_not_open'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(models.F('user'), django.db.models.functions.text.Lower('name'), condition=models.Q(('ended_at', None)), name='saved_search_once_by_name'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FIND, "DROP FUNCTION methods_findable_matching(tsquery)"),
        migrations.RemoveIndex(
            model_name='method',
            name='method_search',
        ),
        migrations.RemoveField(
            model_name='method',
            name='search_backend',
        ),
        migrations.RemoveField(
            model_name='method',
            name='search_vector',
        ),
    ]
