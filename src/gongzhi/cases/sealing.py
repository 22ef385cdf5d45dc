"""What cases hand to the public log: the digest of every step, and what people call it."""

import uuid
from collections.abc import Iterator

from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.trust.log import BATCH, made_at
from gongzhi.trust.types import LogRow, LogSource


def _rows(since: uuid.UUID) -> Iterator[LogRow]:
    rows = CaseStep.objects.filter(id__gte=since).order_by("id").values_list("id", "case_id", "digest")
    for row, case, digest in rows.iterator(chunk_size=BATCH):
        yield LogRow(row, case, bytes(digest))


def _name(row: uuid.UUID, about: uuid.UUID | None) -> str:
    found = CaseStep.objects.filter(id=row).values_list("case__code", "seq", "kind").first()
    if found:
        return f"{found[0]}: step {found[1]} ({found[2]})"
    code = about and CaseRecord.objects.filter(id=about).values_list("code", flat=True).first()
    return f"{code or about}: a step of {made_at(row)}"


STEPS = LogSource("step", _rows, _name)
