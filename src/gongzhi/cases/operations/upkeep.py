"""What the system itself writes when a day has come: resumptions."""

from datetime import datetime

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, take
from gongzhi.cases.types import CaseStatus, StepKind


def resume_due(*, now: datetime) -> int:
    """Resume the cases whose suspension has come to its date; returns how many."""
    waiting = CaseRecord.objects.filter(status=CaseStatus.SUSPENDED, suspended_until__lte=now)
    done = 0
    for code in waiting.values_list("code", flat=True)[:200]:
        try:
            inform(take(code, Wish(StepKind.RESUMED, SYSTEM, now, {"because": "date"})))
        except Refused:  # somebody resumed it a moment ago
            continue
        done += 1
    return done
