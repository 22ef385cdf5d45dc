"""Checks that nobody has cooked the ledger, and that the rows say what the ledger says."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from gongzhi.base.bounds import need_everything
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, CaseTask
from gongzhi.cases.operations import projection
from gongzhi.cases.operations.ledger import as_step, step_digest
from gongzhi.cases.types import CaseState
from gongzhi.trust import queries as trust

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What a check went through and what it found, in words."""

    cases: int = 0
    steps: int = 0
    contents: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.problems


def verify_all(progress: Progress | None = None) -> Report:
    """Recompute every chain and every commitment that still has its value."""
    need_everything()
    report = Report()
    total = CaseRecord.objects.count()
    for record in CaseRecord.objects.order_by("id").iterator(chunk_size=500):
        verify_case(record, report)
        report.cases += 1
        if progress:
            progress(report.cases, total)
    return report


def verify_case(record: CaseRecord, report: Report) -> None:
    """Recompute one case's chain; every break is named by case code and step."""
    previous = b""
    rows = list(CaseStep.objects.filter(case=record).order_by("seq"))
    for expected, row in enumerate(rows, start=1):
        report.steps += 1
        if row.seq != expected:
            report.problems.append(f"{record.code}: step {expected} is missing")
            return
        for problem in _broken(record, row, previous):
            report.problems.append(f"{record.code}: step {row.seq} ({row.kind}) {problem}")
        previous = bytes(row.digest)
    if not rows:
        report.problems.append(f"{record.code}: has no steps")
    elif bytes(record.last_digest) != previous or record.last_seq != len(rows):
        report.problems.append(f"{record.code}: the last steps are missing or the case row was changed")
    report.problems += [f"{record.code}: {problem}" for problem in _unproved(rows)]
    report.contents += sum(len(row.contents) for row in rows)


def _unproved(rows: list[CaseStep]) -> Iterator[str]:
    committed = {
        uuid.UUID(content): commitment for row in rows for _name, content, commitment in row.contents
    }
    names = {
        uuid.UUID(content): f"step {row.seq}: {name}" for row in rows for name, content, _ in row.contents
    }
    for content in sorted(trust.unproved(committed), key=str) if committed else ():
        yield f"{names[content]} does not match its commitment"


def _broken(record: CaseRecord, row: CaseStep, previous: bytes) -> Iterator[str]:
    if bytes(row.previous) != previous:
        yield "does not follow the step before it"
    if step_digest(record.uuid, as_step(row), bytes(row.previous), row.hash_version) != bytes(row.digest):
        yield "was changed after it was written"


def rebuild_all(*, fix: bool = False, progress: Progress | None = None) -> Report:
    """Fold every ledger again and compare with the rows; `fix` writes what the ledger says."""
    need_everything()
    report = Report()
    total = CaseRecord.objects.count()
    for record in CaseRecord.objects.order_by("id").iterator(chunk_size=500):
        rebuild_case(record, report, fix=fix)
        report.cases += 1
        if progress:
            progress(report.cases, total)
    return report


@transaction.atomic
def rebuild_case(record: CaseRecord, report: Report, *, fix: bool = False) -> None:
    """Compare one case's rows with a fresh fold; the case is held meanwhile, since somebody may be taking a step."""
    record = CaseRecord.objects.select_for_update().get(pk=record.pk)
    rows = list(CaseStep.objects.filter(case=record).order_by("seq"))
    state = rules.fold([as_step(row) for row in rows], LAWS)
    report.steps += len(rows)
    found = [*_case_differences(record, state, rows[-1]), *_task_differences(record, state)]
    found += _clock_differences(record, state)
    report.problems += [f"{record.code}: {difference}" for difference in found]
    if fix and found:
        _rewrite(record, state, rows)


def _case_differences(record: CaseRecord, state: CaseState, last: CaseStep) -> Iterator[str]:
    columns = projection.case_columns(None, state)
    columns["place_text"] = place_text_of(record)
    columns["last_digest"] = bytes(last.digest)
    yield from _differences("case", record, columns)


def _task_differences(record: CaseRecord, state: CaseState) -> Iterator[str]:
    rows = {str(row.id): row for row in CaseTask.objects.filter(case=record)}
    for task in state.tasks:
        row = rows.pop(task.id, None)
        if row is None:
            yield f"task {task.id} has no row"
        else:
            yield from _differences(f"task {task.id}", row, projection.task_columns(task))
    yield from (f"task {extra} is not in the ledger" for extra in rows)


def _clock_differences(record: CaseRecord, state: CaseState) -> Iterator[str]:
    rows = {
        (str(row.task_id or ""), row.name, row.round): row for row in CaseClock.objects.filter(case=record)
    }
    for clock in state.clocks:
        row = rows.pop((clock.task, clock.name, clock.round), None)
        if row is None:
            yield f"clock {clock.name} has no row"
        else:
            yield from _differences(f"clock {clock.name}", row, projection.clock_columns(clock))
    yield from (f"clock {name} is not in the ledger" for _task, name, _round in rows)


def _differences(what: str, row: Any, columns: dict[str, Any]) -> Iterator[str]:
    for name, value in columns.items():
        held = getattr(row, name)
        if isinstance(held, memoryview):
            held = bytes(held)
        if held != value:
            yield f"{what}: {name} is {held!r}, the ledger says {value!r}"


def place_text_of(record: CaseRecord) -> str:
    """The place in words as the sealed content still has it; empty once erased."""
    first = CaseStep.objects.filter(case=record, seq=1).values_list("contents", flat=True)[0]
    ids = [uuid.UUID(content) for name, content, _commitment in first if name == "place_text"]
    value = trust.open_content(ids[0]) if ids else None
    return value.decode() if value else ""


def _rewrite(record: CaseRecord, state: CaseState, rows: list[CaseStep]) -> None:
    for name, value in projection.case_columns(None, state).items():
        setattr(record, name, value)
    record.place_text = place_text_of(record)
    record.last_digest = bytes(rows[-1].digest)
    record.save()
    CaseClock.objects.filter(case=record).delete()
    CaseTask.objects.filter(case=record).exclude(id__in=[t.id for t in state.tasks]).delete()
    for task in state.tasks:
        CaseTask.objects.update_or_create(id=task.id, case=record, defaults=projection.task_columns(task))
    for clock in state.clocks:
        CaseClock.objects.create(
            case=record, **projection.clock_key(clock), **projection.clock_columns(clock)
        )
