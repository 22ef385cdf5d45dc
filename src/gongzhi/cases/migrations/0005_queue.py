"""Lists by index: a case's place in the queue and who works on it, in its own row.

Made so that intake goes on meanwhile: columns with a constant default, rows filled a few at a time, indexes built beside.
"""

from datetime import UTC, datetime

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

LAST_PLACE = datetime(9999, 12, 31, tzinfo=UTC)
AT_ONCE = 2000
# The same as operations/projection.py works out; a row that waits is at the end of the queue.
FILL = """
UPDATE cases_caserecord c
   SET queue_at = coalesce((SELECT min(k.due_at) FROM cases_caseclock k WHERE k.case_id = c.id AND k.status = 'running'),
                           %(last)s - (c.reported_at - timestamptz '1970-01-01 00:00:00+00')),
       worked_by = ARRAY(SELECT t.organisation_id FROM cases_casetask t WHERE t.case_id = c.id
                          UNION SELECT t.person FROM cases_casetask t WHERE t.case_id = c.id AND t.person IS NOT NULL
                          ORDER BY 1),
       held_by = ARRAY(SELECT t.organisation_id FROM cases_casetask t
                        WHERE t.case_id = c.id AND t.status IN ('assigned', 'started')
                        UNION SELECT t.person FROM cases_casetask t
                        WHERE t.case_id = c.id AND t.status IN ('assigned', 'started') AND t.person IS NOT NULL
                        ORDER BY 1)
 WHERE c.id IN (SELECT w.id FROM cases_caserecord w WHERE w.queue_at = %(last)s LIMIT %(at_once)s)
"""


def fill(apps, schema_editor):
    """Each few rows are a transaction of their own, so that no step waits long for its case."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        while True:
            cursor.execute(FILL, {"last": LAST_PLACE, "at_once": AT_ONCE})
            if not cursor.rowcount:
                return


def _replaced(name, *fields):
    return [
        RemoveIndexConcurrently(model_name="caserecord", name=name),
        AddIndexConcurrently(model_name="caserecord", index=models.Index(fields=fields, name=name)),
    ]


def _added(index):
    return AddIndexConcurrently(model_name="caserecord", index=index)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0004_words_by_pairs")]

    operations = [
        migrations.AddField(
            model_name="caserecord",
            name="queue_at",
            field=models.DateTimeField(default=LAST_PLACE, db_default=LAST_PLACE),
        ),
        migrations.AddField(
            model_name="caserecord",
            name="worked_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, db_default=[], size=None
            ),
        ),
        migrations.AddField(
            model_name="caserecord",
            name="held_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, db_default=[], size=None
            ),
        ),
        _added(models.Index(fields=["queue_at", "id"], name="case_queue")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *_replaced("case_status", "status", "queue_at"),
        *_replaced("case_township", "township", "queue_at"),
        *_replaced("case_community", "community", "queue_at"),
        *_replaced("case_grid", "grid", "queue_at"),
        _added(models.Index(fields=["kind", "queue_at"], name="case_kind")),
        _added(models.Index(fields=["queue_at", "id"], name="case_open", condition=Q(closed_at=None))),
        _added(
            models.Index(
                fields=["queue_at"], name="case_supervised", condition=Q(closed_at=None, supervised=True)
            )
        ),
        _added(GinIndex(fields=["worked_by"], name="case_worked_by", fastupdate=False)),
        _added(GinIndex(fields=["held_by"], name="case_held_by", fastupdate=False, condition=Q(closed_at=None))),
        migrations.RunSQL("ANALYZE cases_caserecord", migrations.RunSQL.noop),  # or lists start from the wrong index
    ]
