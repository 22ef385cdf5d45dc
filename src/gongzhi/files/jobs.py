"""Background entry points of files."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.files import operations

NIGHTLY = "20 19 * * *"  # in UTC: twenty past three at night in China


@app.periodic(cron=NIGHTLY)
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Once a day: remove files that no photo names."""
    operations.sweep_orphans(now=timezone.now())
