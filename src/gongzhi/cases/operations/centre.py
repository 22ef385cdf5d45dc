"""What the governance centre does: accept, sort, decline, link, assign, rule, grant time, chase."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.base.ids import clean_code, new_id
from gongzhi.cases import rules
from gongzhi.cases.informing import inform
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.intake import answers, where
from gongzhi.cases.operations.ledger import Wish, locked, read_steps, take, words
from gongzhi.cases.reach import acting, is_lead, of_code
from gongzhi.cases.types import Content, Door, StepKind, TaskRole
from gongzhi.programs import queries as programs
from gongzhi.territory.types import Point

MAX_TITLE = 80


@transaction.atomic
def accept_case(
    *,
    case: str,
    by: Actor,
    now: datetime,
    title: str = "",
    kind: str = "",
    severity: str = "",
    form: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Take a report on; a kind may be chosen at the same time, its questions answered, and a public title written."""
    data, contents = _sorting(case, kind, severity, title, form, now)
    inform(take(case, Wish(StepKind.ACCEPTED, by, now, data, contents, happened_at, version)))


@transaction.atomic
def sort_case(
    *,
    case: str,
    kind: str,
    by: Actor,
    now: datetime,
    severity: str = "",
    title: str = "",
    form: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> None:
    """Name the kind of a case: pins the kind's current version, and the response clock runs on."""
    data, contents = _sorting(case, kind, severity, title, form, now)
    inform(take(case, Wish(StepKind.SORTED, by, now, data, contents, None, version)))


def decline_case(
    *, case: str, door: Door, ground: str, by: Actor, now: datetime, version: int | None = None
) -> None:
    """Not a matter for the centre: say why, and where it belongs."""
    wish = Wish(
        StepKind.DECLINED,
        by,
        now,
        {"door": Door(door).value},
        words("reply", ground, required=True),
        None,
        version,
    )
    inform(take(case, wish))


@transaction.atomic
def link_case(*, case: str, to: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """The same matter as an earlier report: this reporter is kept informed of that one."""
    with acting(by, case, now):
        lead = _lead_for(case, to)
    inform(take(case, Wish(StepKind.LINKED, by, now, {"lead_case": str(lead)}, (), None, version)))


def assign_case(
    *,
    case: str,
    lead: uuid.UUID,
    by: Actor,
    now: datetime,
    supporting: Sequence[uuid.UUID] = (),
    note: str = "",
    teams: Sequence[str] = (),
    happened_at: datetime | None = None,
    version: int | None = None,
) -> list[str]:
    """One agency leads, others support; returns the ids of their tasks."""
    tasks = [_task(lead, TaskRole.LEAD), *(_task(o, TaskRole.SUPPORTING) for o in supporting)]
    for task, team in zip(tasks, teams, strict=False):
        task["team"] = team
    data = {"tasks": tasks}
    inform(take(case, Wish(StepKind.ASSIGNED, by, now, data, words("note", note), happened_at, version)))
    return [task["task"] for task in tasks]


def add_task(
    *,
    case: str,
    organisation: uuid.UUID,
    by: Actor,
    now: datetime,
    note: str = "",
    team: str = "",
    happened_at: datetime | None = None,
    version: int | None = None,
) -> str:
    """Another agency supports; returns the id of its task."""
    task = _task(organisation, TaskRole.SUPPORTING)
    task["team"] = team
    data = {"tasks": [task]}
    inform(take(case, Wish(StepKind.TASK_ADDED, by, now, data, words("note", note), happened_at, version)))
    return str(task["task"])


def rule_case(
    *,
    case: str,
    lead: uuid.UUID,
    ground: str,
    by: Actor,
    now: datetime,
    supporting: Sequence[uuid.UUID] = (),
    version: int | None = None,
) -> list[str]:
    """Decide after a second return who leads: it can't be returned again."""
    tasks = [_task(lead, TaskRole.LEAD), *(_task(o, TaskRole.SUPPORTING) for o in supporting)]
    wish = Wish(
        StepKind.RULED, by, now, {"tasks": tasks}, words("ground", ground, required=True), None, version
    )
    inform(take(case, wish))
    return [task["task"] for task in tasks]


def withdraw_task(
    *, case: str, task: str, ground: str, by: Actor, now: datetime, version: int | None = None
) -> None:
    """Take an order back from an agency."""
    wish = Wish(
        StepKind.TASK_WITHDRAWN,
        by,
        now,
        {"task": task},
        words("ground", ground, required=True),
        None,
        version,
    )
    inform(take(case, wish))


def suspend_case(
    *, case: str, until: datetime, ground: str, by: Actor, now: datetime, version: int | None = None
) -> None:
    """It can't go on before a date: clocks that may pause, pause."""
    data = {"until": until.isoformat()}
    wish = Wish(StepKind.SUSPENDED, by, now, data, words("ground", ground, required=True), None, version)
    inform(take(case, wish))


def resume_case(*, case: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """The obstacle is gone: clocks go on counting."""
    inform(take(case, Wish(StepKind.RESUMED, by, now, {}, (), None, version)))


@transaction.atomic
def decide_extension(
    *, case: str, approve: bool, by: Actor, now: datetime, ground: str = "", version: int | None = None
) -> None:
    """Grant or refuse the time an agency asked for."""
    with acting(by, case, now):
        asked = _asked_extension(case)
    kind = StepKind.EXTENSION_APPROVED if approve else StepKind.EXTENSION_REFUSED
    contents = words("ground", ground, required=not approve)
    inform(take(case, Wish(kind, by, now, asked, contents, None, version)))


def supervise_case(*, case: str, order: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """A supervision order: the centre chases, apart from the handling."""
    wish = Wish(StepKind.SUPERVISED, by, now, {}, words("note", order, required=True), None, version)
    inform(take(case, wish))


def relocate_case(
    *,
    case: str,
    by: Actor,
    now: datetime,
    place: Point | None = None,
    area: uuid.UUID | None = None,
    version: int | None = None,
) -> None:
    """Correct where the matter is."""
    if place is None and area is None:
        raise Refused(_("Choose an area or a point on the map."), code="missing", field="place")
    inform(take(case, Wish(StepKind.RELOCATED, by, now, where(place, area).as_data(), (), None, version)))


def _task(organisation: uuid.UUID, role: TaskRole) -> dict[str, Any]:
    accounts.organisation(organisation)  # refuses one that does not exist
    return {"task": str(new_id()), "organisation": str(organisation), "role": role.value}


def _sorting(
    case: str, kind: str, severity: str, title: str, form: Mapping[str, Any] | None, now: datetime
) -> tuple[dict[str, Any], tuple[Content, ...]]:
    """What naming the kind says; nobody can be made to answer for the reporter, so no answer is a must here."""
    data: dict[str, Any] = {**_title(title), **_kind(kind, severity, now)}
    if not form:
        return data, ()
    definition = data.get("definition") or locked(case).definition
    public, sealed = answers(LAWS.kind(definition), form, complete=False)
    return {**data, "form": public}, sealed


def _title(title: str) -> dict[str, str]:
    words("title", title, limit=MAX_TITLE)
    return {"title": title.strip()} if title.strip() else {}


def _kind(kind: str, severity: str, now: datetime) -> dict[str, str]:
    if not kind:
        return {"severity": severity} if severity else {}
    definition = programs.current_kind(kind, timezone.localdate(now))
    if definition is None:
        raise Refused(_("This kind of matter is not known here."), code="unknown_kind", field="kind")
    known = [s.key for s in definition.severities]
    if severity and severity not in known:
        raise Refused(
            _("This degree of urgency is not known for this kind."), code="unknown_severity", field="severity"
        )
    return {"kind": definition.key, "definition": definition.sha256, "severity": severity or known[0]}


def _lead_for(case: str, to: str) -> uuid.UUID:
    known = CaseRecord.objects.filter(code=clean_code(to), assigned_only=False)
    found = known.only("lead_case").first()
    if found is None:
        raise Refused(
            _("There is no case with this code. Please check the digits."), code="no_case", field="to"
        )
    lead = found.lead_case_id or found.uuid
    if any(own == lead or is_lead(own) for own in of_code(case)[:1]):
        raise Refused(_("A case others are linked to can't be linked itself."), code="is_lead", field="to")
    return lead


def _asked_extension(case: str) -> dict[str, Any]:
    asked = rules.fold(read_steps(locked(case).uuid), LAWS).extension_asked
    return {key: value for key, value in (asked or {}).items() if key in ("task", "clock", "value", "unit")}
