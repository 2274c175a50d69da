"""What was told of trials is searched with the method: a change there makes the method's row stale, whatever made it."""

from django.db import migrations

STALE = """
CREATE FUNCTION methods_trial_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE methods_findable SET search_backend = '' WHERE method_id = COALESCE(NEW.method_id, OLD.method_id);
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT OR UPDATE OR DELETE ON methods_trial
    FOR EACH ROW EXECUTE FUNCTION methods_trial_told();
"""
NOT_STALE = """
DROP TRIGGER told ON methods_trial;
DROP FUNCTION methods_trial_told();
"""


class Migration(migrations.Migration):
    dependencies = [("methods", "0009_findable_without_equipment")]

    operations = [migrations.RunSQL(STALE, NOT_STALE)]
