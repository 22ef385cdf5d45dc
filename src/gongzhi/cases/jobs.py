"""Background entry points of the closed loop."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.cases.operations.retention import erase_due

RETENTION = "cases.retention"
log = logging.getLogger("gongzhi.retention")


@app.periodic(cron="17 19 * * *", periodic_id=RETENTION)  # 03:17 in Shanghai
@app.task(name=RETENTION, queueing_lock=RETENTION, lock=RETENTION)
def retention(timestamp: int) -> None:
    """Once a day: erase what its purpose does not need any more."""
    erased = erase_due(now=timezone.now())
    log.info("retention: %d contents erased %s", erased.total(), dict(erased))
