"""What the system itself writes: warnings, breaches, resumptions, recalculations."""

import uuid
from datetime import datetime

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseClock, CaseRecord
from gongzhi.cases.operations.ledger import Wish, take
from gongzhi.cases.types import CaseStatus, StepKind


def fire_clock(*, clock: uuid.UUID, now: datetime) -> bool:
    """Record the warning or breach a clock has reached, once; False if another loop or a step was faster."""
    found = CaseClock.objects.filter(id=clock, next_at__lte=now).select_related("case").first()
    if (
        found is None
        or not CaseRecord.objects.select_for_update(skip_locked=True).filter(pk=found.case.pk).exists()
    ):
        return False
    row = CaseClock.objects.filter(id=clock, next_at__lte=now).first()  # again, now that the case is ours
    if row is None or row.next_at is None or row.due_at is None:
        return False
    breached = row.due_at <= now
    data = {
        "clock": row.name,
        "round": row.round,
        "task": str(row.task_id or ""),
        "due_at": row.due_at.isoformat(),
    }
    kind = StepKind.CLOCK_BREACHED if breached else StepKind.CLOCK_WARNED
    at = row.due_at if breached else row.next_at
    inform(take(found.case.code, Wish(kind, SYSTEM, now, data, (), at)))
    return True


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
