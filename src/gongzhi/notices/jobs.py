"""Background entry point of the outbox."""

import uuid

from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.notices import operations


@app.task(name=operations.DELIVER)
def deliver(delivery: str) -> None:
    """Try one delivery now; what to do after a failure is decided in the outbox, not by the queue."""
    operations.deliver(delivery=uuid.UUID(delivery), now=timezone.now())
