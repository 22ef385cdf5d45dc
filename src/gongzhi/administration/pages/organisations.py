"""Organisations and their teams."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import directory, operations
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.administration.finding import area_named, areas_to_choose
from gongzhi.administration.forms import OperationForm, OrganisationForm, TeamForm
from gongzhi.administration.visitor import Visitor, for_role


@require_safe
@for_role(Role.SYSTEM_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The list, with what can be added and ended."""
    return _shown(request, visitor)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def add(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Add an organisation."""
    form = OrganisationForm(request.POST)
    if form.submit(lambda filled: _create(visitor, filled)):
        messages.success(request, _("The organisation is there."))
        return redirect("administration:organisations")
    return _shown(request, visitor, form)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def end(request: HttpRequest, visitor: Visitor, organisation: UUID) -> HttpResponseBase:
    """Nothing more is given to it from today."""
    operations.end_organisation(organisation=organisation, by=visitor.by, now=visitor.now)
    messages.success(request, _("The organisation has ended; what it did stays readable."))
    return redirect("administration:organisations")


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def add_team(request: HttpRequest, visitor: Visitor, organisation: UUID) -> HttpResponseBase:
    """Add a team."""
    form = TeamForm(request.POST)
    what = {"organisation": organisation, "by": visitor.by, "now": visitor.now}
    if form.submit(lambda filled: operations.create_team(**filled, **what)):  # type: ignore[arg-type]
        messages.success(request, _("The team is there."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("administration:organisations")


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def end_team(request: HttpRequest, visitor: Visitor, team: UUID) -> HttpResponseBase:
    """A team stops today."""
    operations.end_team(team=team, by=visitor.by, now=visitor.now)
    messages.success(request, _("The team has ended."))
    return redirect("administration:organisations")


def _create(visitor: Visitor, filled: dict[str, object]) -> UUID:
    place = str(filled["area"])
    return operations.create_organisation(
        code=str(filled["code"]),
        name=str(filled["name"]),
        kind=OrganisationKind(str(filled["kind"])),
        area=area_named(place, field="area") if place else None,
        dispatchable=bool(filled["dispatchable"]),
        by=visitor.by,
        now=visitor.now,
    )


def _shown(request: HttpRequest, visitor: Visitor, form: OperationForm | None = None) -> HttpResponse:
    context = {
        "visitor": visitor,
        "organisations": directory.organisations(on=visitor.today),
        "form": form or OrganisationForm(),
        "areas": areas_to_choose(),
    }
    return render(request, "administration/organisations.html", context, status=422 if form else 200)
