"""The proof of one case, for anybody with its code: digests and paths, no words; the holder's own words with the receipt."""

import uuid

from gongzhi.base.actor import RESIDENT
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import as_step, step_form
from gongzhi.cases.pictures import CaseProof, OwnWords, ProvedStep
from gongzhi.cases.queries.public import known_case
from gongzhi.cases.queries.timeline import PUBLIC
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import StepKind
from gongzhi.trust import log
from gongzhi.trust.openings import opening
from gongzhi.trust.types import Place


def proof_of(code: str, receipt: str, size: int) -> CaseProof:
    """Where each step of a case stands among the first `size` entries of the log."""
    with known_case(code) as record:
        return _proof(record, receipt, size)


def _proof(record: CaseRecord, receipt: str, size: int) -> CaseProof:
    rows = list(CaseStep.objects.filter(case=record).order_by("seq"))
    places = log.places([row.uuid for row in rows], size)
    reporter = bool(receipt) and is_receipt(record.client_id, receipt)
    return CaseProof(
        code=record.code,
        steps=tuple(_proved(row, places.get(row.uuid)) for row in rows),
        own=_own_words(record.uuid, rows[0]) if reporter else None,
        is_reporter=reporter,
    )


def _proved(row: CaseStep, place: Place | None) -> ProvedStep:
    public = StepKind(row.kind) in PUBLIC
    return ProvedStep(
        seq=row.seq,
        digest=bytes(row.digest),
        kind=row.kind if public else "",
        happened_at=row.happened_at if public else None,
        place=place,
    )


def _own_words(case: uuid.UUID, row: CaseStep) -> OwnWords | None:
    """Only of a step the resident took alone: one that staff wrote down names them."""
    content = next(
        (uuid.UUID(content) for name, content, _commitment in row.contents if name == "text"), None
    )
    opened = opening(content) if content and row.actor == str(RESIDENT) else None
    if opened is None:
        return None
    form = step_form(case, as_step(row), bytes(row.previous), row.hash_version)
    return OwnWords(row.seq, form, *opened)
