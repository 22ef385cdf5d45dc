"""What a person may see, in one place: every read for staff starts from `visible`. The second lock says it again in locks.sql."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.accounts.types import Scope
from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code
from gongzhi.cases.models import CaseRecord, CaseTask
from gongzhi.cases.rules import OPEN
from gongzhi.cases.types import TaskStatus


def visible(scope: Scope) -> QuerySet[CaseRecord]:
    """The cases a scope reaches: by area for the centre and the grid, by task for departments.

    A support case (`assigned_only`) is reached by its open task alone, whatever area or office somebody has.
    """
    supported = Q(Exists(support_tasks(scope)), assigned_only=True, status__in=OPEN)
    return CaseRecord.objects.filter(supported | Q(reached(scope), assigned_only=False))


def in_lists(scope: Scope) -> QuerySet[CaseRecord]:
    """What queues, searches, exports and figures are made of: never a support case."""
    return CaseRecord.objects.filter(reached(scope), assigned_only=False)


def reached(scope: Scope) -> Q:
    """The ordinary rule: by area, or by a task of one's own organisation."""
    if scope.sees_all:
        return Q()
    filters = Q(worked_by__overlap=hands(scope))
    for level, areas in scope.visible_areas().items():
        filters |= Q(**{f"{level}__in": areas})
    return filters


def visible_case(scope: Scope, code: str) -> CaseRecord:
    """One case, or the same answer as if it did not exist."""
    record = visible(scope).select_related("lead_case").filter(code=clean_code(code)).first()
    if record is None:
        raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")
    return record


def support_tasks(scope: Scope) -> QuerySet[CaseTask]:
    """The open tasks by which a person is inside a support case: theirs by name, or their team's until it has a name."""
    mine = Q(person=scope.person) | Q(person=None, organisation__in=scope.handling_alone)
    return CaseTask.objects.filter(
        mine, case=OuterRef("pk"), status__in=(TaskStatus.ASSIGNED, TaskStatus.STARTED)
    )


def hands(scope: Scope) -> list[uuid.UUID]:
    """Whom a task may name for it to be one's own: the person, and the organisations they handle matters for."""
    return [scope.person, *scope.handling]
