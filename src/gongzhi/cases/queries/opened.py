"""Who opened what of a case, and what can still be opened or erased."""

import uuid

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Scope
from gongzhi.cases import titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import purpose_of
from gongzhi.cases.pictures import HeldContent, PublicReveal, SealedField
from gongzhi.cases.queries.contents import mask
from gongzhi.cases.queries.visibility import visible_case
from gongzhi.cases.types import StepKind
from gongzhi.trust import queries as trust


def sealed_fields(record: CaseRecord, first: CaseStep) -> tuple[SealedField, ...]:
    """The personal fields a reporter left, masked."""
    left = {
        uuid.UUID(c): name for name, c, _ in first.contents if name == "contact" or name.startswith("form_")
    }
    values = trust.open_many(left) if left else {}
    kind = LAWS.kind(record.definition)
    return tuple(
        SealedField(name, titles.content_title(name, kind), mask(value.decode()) if value else "")
        for content, name in left.items()
        for value in (values.get(content),)
    )


def reveals_of(record: CaseRecord) -> tuple[PublicReveal, ...]:
    """When the reporter's contact was opened, by which organisation and what for."""
    rows = list(CaseStep.objects.filter(case=record, kind=StepKind.CONTACT_REVEALED).order_by("seq"))
    ids = {uuid.UUID(row.data["organisation"]) for row in rows if row.data["organisation"]}
    names = {str(key): name for key, name in accounts.organisation_names(ids).items()}
    kind = LAWS.kind(record.definition)
    return tuple(
        PublicReveal(
            at=row.happened_at,
            organisation=names.get(row.data["organisation"], str(titles.CENTRE)),
            what=titles.content_title(row.data["field"], kind),
            purpose=str(titles.REVEAL[row.data["purpose"]]),
        )
        for row in rows
    )


def held_contents(scope: Scope, code: str) -> tuple[HeldContent, ...]:
    """Every sealed content of a case that has not been erased, in the order of its steps."""
    record = visible_case(scope, code)
    rows = CaseStep.objects.filter(case=record).order_by("seq")
    found = [(row, name, uuid.UUID(content)) for row in rows for name, content, _ in row.contents]
    held, kind = trust.still_held([content for _row, _name, content in found]), LAWS.kind(record.definition)
    return tuple(
        HeldContent(
            content,
            name,
            titles.content_title(name, kind),
            row.happened_at,
            purpose_of(name, support=kind.support is not None),
        )
        for row, name, content in found
        if content in held
    )
