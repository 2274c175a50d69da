"""Make agenda items, decisions, minutes and tasks findable; changed words make a row stale, whatever changed them."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.conf import settings
from django.db import migrations, models


STALE = """
CREATE FUNCTION meetings_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.search_backend := ''; RETURN NEW; END $$;
CREATE TRIGGER words_changed BEFORE UPDATE ON meetings_decision FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION meetings_words_changed();
CREATE TRIGGER words_changed BEFORE UPDATE ON meetings_task FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION meetings_words_changed();
CREATE TRIGGER words_changed BEFORE UPDATE ON meetings_agendaitem FOR EACH ROW
    WHEN ((OLD.title, OLD.text) IS DISTINCT FROM (NEW.title, NEW.text)) EXECUTE FUNCTION meetings_words_changed();
CREATE TRIGGER words_changed BEFORE UPDATE ON meetings_minutes FOR EACH ROW
    WHEN ((OLD.notes, OLD.in_short, OLD.approved_at) IS DISTINCT FROM (NEW.notes, NEW.in_short, NEW.approved_at))
    EXECUTE FUNCTION meetings_words_changed();
CREATE FUNCTION meetings_notes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE meetings_minutes SET search_backend = '' WHERE meeting_id = NEW.meeting_id; RETURN NULL; END $$;
CREATE TRIGGER notes_changed AFTER UPDATE ON meetings_agendaitem FOR EACH ROW
    WHEN ((OLD.title, OLD.notes) IS DISTINCT FROM (NEW.title, NEW.notes)) EXECUTE FUNCTION meetings_notes_changed();
"""
NOT_STALE = """
DROP TRIGGER notes_changed ON meetings_agendaitem;
DROP TRIGGER words_changed ON meetings_minutes;
DROP TRIGGER words_changed ON meetings_agendaitem;
DROP TRIGGER words_changed ON meetings_task;
DROP TRIGGER words_changed ON meetings_decision;
DROP FUNCTION meetings_notes_changed();
DROP FUNCTION meetings_words_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_searchable_organisations'),
        ('meetings', '0020_held_wishes'),
        ('networks', '0002_searchable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='search_backend',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='search_vector',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='search_backend',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='decision',
            name='search_vector',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='minutes',
            name='search_backend',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='minutes',
            name='search_vector',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='search_backend',
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='task',
            name='search_vector',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='agendaitem',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='agendaitem_search'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='decision_search'),
        ),
        migrations.AddIndex(
            model_name='minutes',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='minutes_search'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='task_search'),
        ),
        migrations.RunSQL(STALE, NOT_STALE),
    ]
