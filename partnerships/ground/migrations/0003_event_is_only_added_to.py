"""The audit trail is only ever added to: the database itself refuses anything else, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION ground_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is only ever added to (% refused).', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ground_event_no_change BEFORE UPDATE OR DELETE ON ground_event
    FOR EACH ROW EXECUTE FUNCTION ground_event_refuse();
CREATE TRIGGER ground_event_no_truncate BEFORE TRUNCATE ON ground_event
    FOR EACH STATEMENT EXECUTE FUNCTION ground_event_refuse();
"""

BACKWARDS = """
DROP TRIGGER ground_event_no_truncate ON ground_event;
DROP TRIGGER ground_event_no_change ON ground_event;
DROP FUNCTION ground_event_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0002_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
