"""The function behind every append-only trigger."""

from django.db import migrations

from gongzhi.base.append_only import FUNCTION


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION gongzhi_refuse_change();")]
