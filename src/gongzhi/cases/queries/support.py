"""Support cases: what a worker has, and the file as the person it is about reads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.accounts.types import Scope
from gongzhi.base.bounds import passing
from gongzhi.base.errors import NotFound
from gongzhi.cases import rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import SUPPORT
from gongzhi.cases.operations.rights import asked_right
from gongzhi.cases.pictures import AppointmentPicture, RightPicture, SupportPicture, SupportRow
from gongzhi.cases.queries.contents import open_steps
from gongzhi.cases.queries.timeline import own_file, public_timeline
from gongzhi.cases.queries.visibility import visible
from gongzhi.cases.queries.work import states
from gongzhi.cases.reach import of_code, subject
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import AppointmentState, CaseState
from gongzhi.trust.consent import consents_of, held_refs

GIVEN = frozenset({"text", "place_text", "contact"})


def my_support(scope: Scope, now: datetime) -> list[SupportRow]:
    """The support cases this person is inside, the next appointment first; the only list they stand in."""
    # Open ones, as the index `case_support` holds them.
    supported = visible(scope).filter(assigned_only=True, closed_at=None)
    records = list(supported.order_by("reported_at"))
    standing = held_refs([_ref(record) for record in records], SUPPORT, now)
    held = [record for record in records if _ref(record) in standing]
    ledgers = states({record.uuid for record in held})
    rows = [_row(record, ledgers[record.uuid]) for record in held]
    return sorted(rows, key=lambda row: (row.next_at is None, row.next_at or row.until))


def consent_or_nothing(record: CaseRecord, now: datetime) -> None:
    """A support case whose consent is withdrawn or over does not exist for anybody at work."""
    if record.assigned_only and _ref(record) not in held_refs([_ref(record)], SUPPORT, now):
        raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")


def support_picture(record: CaseRecord, state: CaseState) -> SupportPicture | None:
    """What was agreed; None for an ordinary case."""
    if not record.assigned_only or record.support_until is None:
        return None
    return SupportPicture(
        until=record.support_until,
        givers=tuple(by.value for by in LAWS.kind(record.definition).support.by),  # type: ignore[union-attr]
        consents=consents_of(_ref(record)),
        appointments=tuple(_appointment(a) for a in state.appointments),
        may_withdraw=record.status in rules.OPEN,
    )


def right_picture(record: CaseRecord) -> RightPicture | None:
    """What a rights request asks; None for any other case."""
    if record.kind != rules.RIGHTS_KIND:
        return None
    right, about = asked_right(record)
    return RightPicture(right, str(titles.RIGHT[right]), about.code if about else "")


def own_copy(code: str, receipt: str) -> Mapping[str, Any]:
    """Everything the holder of a receipt gave, and everything that was answered, as plain data to take home."""
    with passing(*map(subject, of_code(code))):
        record = CaseRecord.objects.filter(code=code).first()
        if record is None or not is_receipt(record.client_id, receipt):
            raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")
        return _copy(record)


def _copy(record: CaseRecord) -> Mapping[str, Any]:
    rows = list(CaseStep.objects.filter(case=record).order_by("seq").select_related("case"))
    timeline = own_file(rows) if record.assigned_only else public_timeline(rows, answers=True)
    return {
        "case": record.code,
        "kind": LAWS.kind(record.definition).title.show(get_language()),
        "reported_at": record.reported_at.isoformat(),
        "given": _given(rows),
        "steps": [{"at": s.at.isoformat(), "what": s.title, "words": s.words} for s in timeline],
        "consents": [
            {
                "purpose": c.purpose,
                "given_by": c.giver,
                "given_at": c.given_at.isoformat(),
                "until": c.until.isoformat(),
            }
            for c in consents_of(_ref(record))
        ],
    }


def _given(rows: list[CaseStep]) -> list[dict[str, Any]]:
    own = [row for row in rows if row.seq == 1 or row.actor == "resident"]
    opened = open_steps(own)
    return [
        {
            "at": row.happened_at.isoformat(),
            "what": str(titles.CONTENT.get(name, name)),
            "words": str(titles.ERASED) if value is None else value if name != "photo" else "",
        }
        for row in own
        for name, values in opened[row.uuid].by_name.items()
        for value in values
    ]


def _row(record: CaseRecord, state: CaseState) -> SupportRow:
    agreed = [a.at for a in state.appointments if a.open]
    lead = state.lead_task
    return SupportRow(
        code=record.code,
        kind_title=LAWS.kind(record.definition).title.show(get_language()),
        asked_at=record.reported_at,
        until=record.support_until or record.reported_at,
        next_at=min(agreed, default=None),
        taken_up=bool(lead and lead.person),
    )


def _appointment(state: AppointmentState) -> AppointmentPicture:
    return AppointmentPicture(
        id=state.id,
        way_title=str(titles.WAY[state.way]),
        at=state.at,
        held_at=state.held_at,
        cancelled=state.cancelled,
    )


def _ref(record: CaseRecord) -> str:
    return f"case:{record.id}"
