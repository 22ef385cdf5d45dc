"""What a person may see, in one place: every read for staff starts from `visible`."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.accounts.types import Role, Scope
from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code
from gongzhi.cases.models import CaseRecord, CaseTask


def visible(scope: Scope) -> QuerySet[CaseRecord]:
    """The cases a scope reaches: by area for the centre and the grid, by task for departments."""
    if scope.sees_all:
        return CaseRecord.objects.all()
    filters = Q(Exists(own_tasks(scope)))
    for level, areas in scope.visible_areas().items():
        filters |= Q(**{f"{level}__in": areas})
    return CaseRecord.objects.filter(filters)


def visible_case(scope: Scope, code: str) -> CaseRecord:
    """One case, or the same answer as if it did not exist."""
    record = visible(scope).select_related("lead_case").filter(code=clean_code(code)).first()
    if record is None:
        raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")
    return record


def own_tasks(scope: Scope) -> QuerySet[CaseTask]:
    """The tasks of the person and of the organisations they handle matters for."""
    handling = {
        g.organisation for g in (*scope.area_grants(Role.HANDLER), *scope.area_grants(Role.GRID_WORKER))
    }
    return CaseTask.objects.filter(Q(person=scope.person) | Q(organisation__in=handling), case=OuterRef("pk"))
