"""Notices about cases that reached nobody, as far as a person may see those cases."""

import uuid

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from gongzhi.accounts.types import Scope
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.pictures import UntoldNotice, UntoldPage
from gongzhi.cases.queries.visibility import visible
from gongzhi.notices import queries as notices

SUBJECT = "case:"


def untold(scope: Scope, page: int) -> UntoldPage:
    """One page of what did not arrive, each with the code of its case; whoever sees all sees other notices too."""
    subjects = None if scope.sees_all else _subjects(scope)
    total = notices.undelivered_count(subjects=subjects)
    pages = max(1, -(-total // notices.PAGE))
    page = min(max(page, 1), pages)
    found = notices.undelivered(subjects=subjects, page=page)
    codes = _codes([notice.subject for notice in found])
    rows = tuple(UntoldNotice(notice, codes.get(notice.subject, "")) for notice in found)
    return UntoldPage(rows, total, page, pages)


def may_settle(scope: Scope, delivery_or_notice: uuid.UUID) -> bool:
    """Whether a notice is about a case in this person's sight; whoever sees all settles other notices too."""
    subject = notices.subject_of(delivery_or_notice)
    if scope.sees_all:
        return bool(subject)
    return _is_case(subject) and visible(scope).filter(pk=subject.removeprefix(SUBJECT)).exists()


def _subjects(scope: Scope) -> QuerySet[CaseRecord, str]:
    """What notices about the cases in sight are filed under, worked out by the database."""
    filed = Concat(Value(SUBJECT), Cast("pk", CharField()))
    return visible(scope).annotate(filed=filed).values_list("filed", flat=True)


def _codes(subjects: list[str]) -> dict[str, str]:
    ids = [uuid.UUID(s.removeprefix(SUBJECT)) for s in subjects if _is_case(s)]
    rows = CaseRecord.objects.filter(pk__in=ids).values_list("pk", "code")
    return {f"{SUBJECT}{pk}": code for pk, code in rows}


def _is_case(subject: str) -> bool:
    return subject.startswith(SUBJECT) and len(subject) == len(SUBJECT) + 36
