"""Firing clocks: what is due is taken a few hundred at a time and written with a fixed number of statements.

A step of a clock touches the case's chain and the clock's own bookkeeping, nothing else: that is why it can be written
for many cases at once, past `ledger.take`. What is checked, folded, chained and told is the same.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from gongzhi.base.actor import SYSTEM
from gongzhi.cases import rules
from gongzhi.cases.informing import inform_all
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep
from gongzhi.cases.operations import projection
from gongzhi.cases.operations.ledger import Taken, announce, as_step, chained_row
from gongzhi.cases.rules import Hand
from gongzhi.cases.types import CaseState, ClockState, Step, StepKind

log = logging.getLogger("gongzhi.clocks")

BATCH = 300
RETRY_AFTER = timedelta(minutes=5)
AWAY = (OperationalError, InterfaceError)  # the database's trouble, not the clock's


@dataclass(frozen=True, slots=True)
class Fired:
    """What a batch came to: the steps written, and the clocks set aside because they could not be fired."""

    steps: int = 0
    set_aside: int = 0

    @property
    def any(self) -> bool:
        return self.steps + self.set_aside > 0


@dataclass(frozen=True, slots=True)
class Firing:
    """One clock with the step it takes and the row of the ledger that holds it."""

    row: CaseClock
    taken: Taken
    line: CaseStep
    clock: ClockState


def fire_due(*, now: datetime, at_most: int = BATCH) -> Fired:
    """Fire what is due, a batch at most, each clock once however many loops there are."""
    try:
        return _fire(due(now).order_by("next_at"), now, at_most)
    except AWAY:
        raise
    except Exception:
        log.exception("a batch of clocks could not be written: they are fired one by one")
    return _one_by_one(now, at_most)


def due(now: datetime) -> "QuerySet[CaseClock]":
    """The clocks whose time has come, but for those set aside for a while."""
    return waiting(now).filter(next_at__lte=now)


def waiting(now: datetime) -> "QuerySet[CaseClock]":
    """The clocks that have still to be fired, but for those set aside for a while."""
    return CaseClock.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now), next_at__isnull=False)


@transaction.atomic
def _fire(wanted: "QuerySet[CaseClock]", now: datetime, at_most: int) -> Fired:
    cases = _locked(wanted, at_most)
    if not cases:
        return Fired()
    # Once more, now that the cases are ours: a step may have stopped a clock while we waited for its turn.
    rows = list(wanted.filter(case__in=cases).order_by("case", "next_at"))
    fired, bad = _worked_out(cases, rows, now)
    _write(fired)
    if bad:
        _set_aside(CaseClock.objects.filter(id__in=bad), now)
    inform_all([firing.taken for firing in fired], now)
    return Fired(len(fired), len(bad))


def _locked(wanted: "QuerySet[CaseClock]", at_most: int) -> dict[uuid.UUID, CaseRecord]:
    """The cases of the clocks that come first, locked; those that somebody works on are left for the next look."""
    rows = wanted.select_related("case").select_for_update(of=("case",), skip_locked=True)
    return {row.case_id: row.case for row in rows[:at_most]}


def _ledgers(cases: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Step]]:
    rows = CaseStep.objects.filter(case__in=cases).order_by("case", "seq")
    return {
        case: [as_step(row) for row in lines] for case, lines in groupby(rows, key=lambda row: row.case_id)
    }


def _worked_out(
    cases: Mapping[uuid.UUID, CaseRecord], rows: Iterable[CaseClock], now: datetime
) -> tuple[list[Firing], list[uuid.UUID]]:
    """What each clock does, in the order in which those of a case were due; and the ones that can't do it."""
    ledgers, states = _ledgers(cases), dict[uuid.UUID, CaseState]()
    fired, bad = [], []
    for row in rows:
        record = cases[row.case_id]
        try:
            before = states.get(row.case_id) or rules.fold(ledgers[row.case_id], LAWS)
            firing = _step_of(record, before, row, now)
        except Exception:
            log.exception("a clock of case %s can't be fired: set aside", record.code)
            bad.append(row.uuid)
        else:
            states[row.case_id] = firing.taken.after
            fired.append(firing)
    return fired, bad


def _step_of(record: CaseRecord, before: CaseState, row: CaseClock, now: datetime) -> Firing:
    kind, at = _reached(row, now)
    data = {
        "clock": row.name,
        "round": row.round,
        "task": str(row.task_id or ""),
        "due_at": row.due_at.isoformat() if row.due_at else "",
    }
    step = Step(kind, str(SYSTEM), at, now, data, seq=before.last_seq + 1)
    rules.check(before, step, frozenset({Hand.SYSTEM}), LAWS.kind(before.definition))
    after = rules.apply(before, step, LAWS)
    clock = _moved(row, after)
    return Firing(row, Taken(record, before, after, step), chained_row(record, after, step), clock)


def _reached(row: CaseClock, now: datetime) -> tuple[StepKind, datetime]:
    """A clock found late is late: the warnings it missed are not given any more."""
    if row.next_at is None or row.due_at is None:
        raise ValueError(f"clock {row.id} has nothing to fire")
    if row.due_at <= now:
        return StepKind.CLOCK_BREACHED, row.due_at
    return StepKind.CLOCK_WARNED, row.next_at


def _moved(row: CaseClock, after: CaseState) -> ClockState:
    """The clock as the ledger has it now; one that the ledger doesn't move would be fired for ever."""
    key = (str(row.task_id or ""), row.name, row.round)
    clock = next((c for c in after.clocks if (c.task, c.name, c.round) == key), None)
    if clock is None or projection.next_at(clock) == row.next_at:
        raise ValueError(f"clock {row.id}: the ledger says otherwise; gongzhi rebuild shows what")
    return clock


# What is written, once for all.

CASES = """
UPDATE cases_caserecord c SET last_seq = v.seq, last_digest = v.digest
  FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS v (id, seq, digest) WHERE c.id = v.id
"""
CLOCKS = """
UPDATE cases_caseclock k SET warned = v.warned, breach_recorded = v.breached, next_at = v.next_at, retry_at = NULL
  FROM unnest(%s::uuid[], %s::int[], %s::bool[], %s::timestamptz[]) AS v (id, warned, breached, next_at)
 WHERE k.id = v.id
"""


def _write(fired: Sequence[Firing]) -> None:
    if not fired:
        return
    CaseStep.objects.bulk_create(firing.line for firing in fired)
    last = {firing.line.case_id: firing.line for firing in fired}
    clocks = [firing.clock for firing in fired]
    with connection.cursor() as cursor:
        lines = list(last.values())
        cursor.execute(CASES, [list(last), [line.seq for line in lines], [line.digest for line in lines]])
        ids, nexts = [firing.row.uuid for firing in fired], [projection.next_at(clock) for clock in clocks]
        cursor.execute(CLOCKS, [ids, [c.warned for c in clocks], [c.breach_recorded for c in clocks], nexts])
    announce(list({firing.row.case_id: firing.taken.record for firing in fired}.values()))


# Clocks that can't be fired.


def _one_by_one(now: datetime, at_most: int) -> Fired:
    """Each in a transaction of its own: one of them spoils the writing, and only that one is set aside."""
    steps = set_aside = 0
    for clock in list(due(now).order_by("next_at").values_list("id", flat=True)[:at_most]):
        one = CaseClock.objects.filter(id=clock)
        try:
            fired = _fire(due(now).filter(id=clock), now, 1)
        except AWAY:
            raise
        except Exception:
            log.exception("clock %s can't be written: set aside", clock)
            fired = Fired(set_aside=_set_aside(one, now))
        steps, set_aside = steps + fired.steps, set_aside + fired.set_aside
    return Fired(steps, set_aside)


def _set_aside(clocks: "QuerySet[CaseClock]", now: datetime) -> int:
    """Leave these alone for a while; they keep the time at which they are due."""
    return clocks.filter(next_at__lte=now).update(retry_at=now + RETRY_AFTER)
