"""The list of accounts, and opening a new one."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from gongzhi.accounts import directory, operations
from gongzhi.accounts.types import Role
from gongzhi.administration.forms import NewPersonForm
from gongzhi.administration.paging import page_number
from gongzhi.administration.visitor import Visitor, for_role

STATES = ("open", "ended", "all")


@require_safe
@for_role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Search by name, user name, organisation; the address remembers it."""
    find = _find(request)
    listed = directory.people(find, page=page_number(request), on=visitor.today)
    organisations = [o for o in directory.organisations(on=visitor.today) if o.ended_on is None]
    context = {"visitor": visitor, "listed": listed, "find": find, "organisations": organisations}
    return render(request, "administration/people.html", context)


@for_role(Role.SYSTEM_ADMIN)
@sensitive_variables("password")
def add(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Open an account; its first password is shown on the answer and nowhere else."""
    form = NewPersonForm(request.POST or None)
    password = operations.one_time_password()

    def create(filled: dict[str, Any]) -> uuid.UUID:
        return operations.create_person(**filled, password=password, by=visitor.by, now=visitor.now)

    if request.method == "POST" and form.submit(create):
        person = directory.person(form.outcome, on=visitor.today)
        context = {"visitor": visitor, "person": person, "password": password, "opened": True}
        return render(request, "administration/password.html", context)
    status = 422 if form.is_bound else 200
    return render(
        request, "administration/person_new.html", {"visitor": visitor, "form": form}, status=status
    )


def _find(request: HttpRequest) -> directory.Find:
    state = request.GET.get("state", "")
    return directory.Find(
        text=request.GET.get("q", "").strip()[:40],
        organisation=_id(request.GET.get("organisation", "")),
        state=state if state in STATES else "open",
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
