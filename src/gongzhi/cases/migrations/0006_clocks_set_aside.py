"""A clock that could not be fired is set aside until then. A column without a value: no row is written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_queue")]

    operations = [
        migrations.AddField(
            model_name="caseclock", name="retry_at", field=models.DateTimeField(null=True)
        ),
    ]
