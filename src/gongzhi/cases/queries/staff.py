"""One case as one member of staff may see it, with what they may do next."""

import uuid
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Scope
from gongzhi.base.bounds import passing
from gongzhi.base.calendar_runs import collapsed
from gongzhi.base.calendar_words import explain
from gongzhi.base.errors import NotFound
from gongzhi.cases import places, rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, CaseTask
from gongzhi.cases.operations.hands import hands_in, may_open_originals, may_reveal
from gongzhi.cases.operations.ledger import as_step
from gongzhi.cases.pictures import (
    CasePicture,
    ClockPicture,
    NoticePicture,
    Suggestion,
    TraceLine,
)
from gongzhi.cases.queries.allowed import allowed_steps
from gongzhi.cases.queries.answers import answers_in
from gongzhi.cases.queries.contents import open_steps
from gongzhi.cases.queries.nearby import similar_to
from gongzhi.cases.queries.opened import sealed_fields
from gongzhi.cases.queries.pictures_of import (
    case_rows,
    clock_picture,
    kind_of,
    names_for,
    photo_pictures,
    task_picture,
)
from gongzhi.cases.queries.support import consent_or_nothing, right_picture, support_picture
from gongzhi.cases.queries.timeline import staff_timeline
from gongzhi.cases.queries.visibility import visible, visible_case
from gongzhi.cases.queries.watching import blind_seconds
from gongzhi.cases.reach import subject
from gongzhi.cases.titles import RESIDENT
from gongzhi.cases.types import CaseState, Outcome
from gongzhi.notices import queries as notices
from gongzhi.programs import queries as programs

FIRST_STEP = frozenset({"text", "photo"})


def case_picture(scope: Scope, code: str, now: datetime, *, photos_at: str = "/desk/photos") -> CasePicture:
    """A case with its timeline, tasks, clocks, notices and the buttons this person has."""
    record = visible_case(scope, code)
    consent_or_nothing(record, now)
    # The question is settled: the second lock need not work it out for each read.
    with passing(subject(record.uuid)):
        return _picture(record, scope, now, photos_at)


def _picture(record: CaseRecord, scope: Scope, now: datetime, photos_at: str) -> CasePicture:
    steps = list(CaseStep.objects.filter(case=record).order_by("seq").select_related("case"))
    state = rules.fold([as_step(row) for row in steps], LAWS)
    clocks = _clocks(record, now)
    tasks = list(CaseTask.objects.filter(case=record).order_by("assigned_at", "id"))
    names = names_for([record], tasks)
    told = open_steps(steps[:1], FIRST_STEP)[steps[0].uuid]
    fields = sealed_fields(record, steps[0])
    return CasePicture(
        row=case_rows(CaseRecord.objects.filter(pk=record.pk), now)[0],
        definition=kind_of(record),
        text=told.first("text") or "",
        text_erased=told.erased("text"),
        contact=next((field.masked for field in fields if field.name == "contact"), ""),
        photos=photo_pictures(told.photos(), str(RESIDENT), photos_at),
        clocks=tuple(c for c in clocks if not c.task),
        tasks=tuple(task_picture(task, names, clocks) for task in tasks),
        steps=staff_timeline(steps, photos_at),
        notices=_notices(record),
        similar=similar_to(record, now, photos_at=photos_at),
        linked=tuple(case_rows(CaseRecord.objects.filter(lead_case=record), now)),
        suggestion=suggestion(record, now),
        allowed=allowed_steps(state, hands_in(scope, record, state.tasks), scope),
        returns=record.returns,
        suspended_until=record.suspended_until,
        outcome=Outcome(record.outcome) if record.outcome else None,
        blind_seconds=blind_seconds(record, now),
        answers=answers_in(steps),
        no_reply=bool(steps[0].data.get("no_reply")),
        secret=bool(steps[0].data.get("secret")),
        version=record.last_seq,
        sealed=fields,
        may_reveal=any(field.masked for field in fields) and may_reveal(scope, record, state),
        may_open_originals=may_open_originals(scope, record, state),
        held_until=record.held_until if record.held_until and record.held_until > now else None,
        support=support_picture(record, state),
        right=right_picture(record),
    )


def _clocks(record: CaseRecord, now: datetime) -> list[ClockPicture]:
    rows = CaseClock.objects.filter(case=record).order_by("started_at", "round", "id")
    return [clock_picture(row, record, now) for row in rows]


def _notices(record: CaseRecord) -> tuple[NoticePicture, ...]:
    return tuple(
        NoticePicture(n.to, n.channel, n.state, n.state_title, n.words, n.at)
        for n in notices.for_subject(f"case:{record.id}")
    )


def suggestion(record: CaseRecord, now: datetime) -> Suggestion | None:
    """Who should lead by the dispatch rules of the kind, and why; None if no rule names an agency we have."""
    codes = tuple(places.codes_of(record.area_id)) if record.area_id else ()
    rule = programs.dispatch(kind_of(record), codes, record.severity, now)
    if rule is None:
        return None
    known = accounts.organisations_by_code([rule.lead, *rule.supporting, *rule.must_support])
    if rule.lead not in known:
        return None
    always = [code for code in rule.must_support if code in known]
    maybe = [code for code in rule.supporting if code in known and code not in always]
    return Suggestion(
        lead_id=str(known[rule.lead].id),
        lead=known[rule.lead].name,
        supporting=tuple((str(known[code].id), known[code].name) for code in maybe),
        must_support=tuple((str(known[code].id), known[code].name) for code in always),
        reason=rule.reason.show(get_language()),
    )


def why_due(scope: Scope, code: str, clock: uuid.UUID, now: datetime) -> tuple[ClockPicture, list[TraceLine]]:
    """Why a clock is due when it is: the working, line by line."""
    record = visible_case(scope, code)
    consent_or_nothing(record, now)
    row = CaseClock.objects.filter(case=record, pk=clock).first()
    if row is None:
        raise NotFound(_("There is no such clock on this case."), code="no_clock")
    steps = CaseStep.objects.filter(case=record).order_by("seq")
    state = rules.fold([as_step(step) for step in steps], LAWS)
    return clock_picture(row, record, now), _working(state, row)


def _working(state: CaseState, row: CaseClock) -> list[TraceLine]:
    key = (str(row.task_id or ""), row.name, row.round)
    clock = next(c for c in state.clocks if (c.task, c.name, c.round) == key)
    due = rules.working(clock, state, LAWS.kind, LAWS.calendar(state.calendar))
    trace = collapsed(due.trace)
    return [TraceLine(line.at, words) for line, words in zip(trace, explain(trace), strict=True)]


def may_see_photo(scope: Scope, photo: uuid.UUID) -> bool:
    """Whether a photo hangs on a case this person may see."""
    return visible(scope).filter(photos=photo).exists()
