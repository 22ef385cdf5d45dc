"""Whose reporters asked to be kept secret: what they photographed is shown to no stranger."""

import uuid
from collections.abc import Iterable

from gongzhi.cases.models import CaseStep


def kept_secret(cases: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these cases whose reporter asked for secrecy."""
    rows = CaseStep.objects.filter(case__in=list(cases), seq=1, data__secret=True)
    return set(rows.values_list("case_id", flat=True))
