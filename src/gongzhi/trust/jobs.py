"""Background entry points of trust: a head every hour."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.base.actor import SYSTEM
from gongzhi.trust import heads

SEAL = "trust.seal"


@app.periodic(cron="0 * * * *")
@app.task(name=SEAL, queueing_lock=SEAL, pass_context=False)
def seal(timestamp: int = 0) -> None:
    """Seal what is new; done twice, it signs one head more over the same entries."""
    heads.seal(by=SYSTEM, now=timezone.now())
