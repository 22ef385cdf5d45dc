from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("base", "0002_calendar_version")]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE base_shared_cache (
                key bytea PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz
            );
            CREATE INDEX base_shared_cache_expires ON base_shared_cache (expires);
            """,
            "DROP TABLE base_shared_cache;",
        )
    ]
