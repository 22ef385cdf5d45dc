"""The working calendar: which version holds, bringing in a new one, counting running clocks again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts.types import Role
from gongzhi.administration.forms import OperationForm, UploadForm
from gongzhi.administration.visitor import Visitor, for_role
from gongzhi.base import calendars
from gongzhi.base.calendar import WorkingCalendar
from gongzhi.cases import operations

LARGEST = 1_000_000


@require_safe
@for_role(Role.SYSTEM_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The versions, and what the one in force would change."""
    return _shown(request, visitor)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def bring_in(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Import a file; a bad one is refused with its line."""
    form = UploadForm(request.POST, request.FILES)

    def operation(filled: dict[str, object]) -> WorkingCalendar:
        body = calendars.read_file(filled["file"].read(LARGEST))  # type: ignore[attr-defined]
        return operations.import_calendar(body=body, by=visitor.by, now=visitor.now)

    if form.submit(operation):
        messages.success(request, _("The calendar is here. Running clocks wait for you below."))
        return redirect("administration:calendar")
    return _shown(request, visitor, form)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def recalculate(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Count running clocks again, each with a step on its case."""
    name = calendars.current().version
    many = operations.recalculate(calendar=name, by=visitor.by, now=visitor.now)
    messages.success(request, _("%(n)s cases now count with %(name)s.") % {"n": many, "name": name})
    return redirect("administration:calendar")


def _shown(request: HttpRequest, visitor: Visitor, form: OperationForm | None = None) -> HttpResponse:
    versions = calendars.versions()
    context = {
        "visitor": visitor,
        "versions": versions,
        "current": versions[0],
        "days_off": sorted(versions[0].calendar.names.items()),
        "behind": operations.behind(calendar=versions[0].calendar.version),
        "form": form or UploadForm(),
    }
    return render(request, "administration/calendar.html", context, status=422 if form else 200)
