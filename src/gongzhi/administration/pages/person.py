"""One account: the system administrator's half (account) and the security administrator's (roles, keys)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import city_links, directory, operations
from gongzhi.accounts.types import Role
from gongzhi.administration.finding import area_named, areas_to_choose
from gongzhi.administration.forms import ExpiryForm, GrantForm, OperationForm, ReasonForm
from gongzhi.administration.visitor import Visitor, for_role


@require_safe
@for_role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def page(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """What there is to know of an account, and what the visitor may do with it."""
    return _shown(request, visitor, person)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
@sensitive_variables("password")
def reset(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """A new password, shown once; running sessions of the person end."""
    password = operations.one_time_password()
    operations.set_password(person=person, password=password, by=visitor.by, now=visitor.now)
    line = directory.person(person, on=visitor.today)
    context = {"visitor": visitor, "person": line, "password": password}
    return render(request, "administration/password.html", context)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def expiry(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Set or lift the day the account ends by itself."""
    form = ExpiryForm(request.POST)
    if form.submit(lambda f: operations.set_expiry(person=person, **f, by=visitor.by, now=visitor.now)):
        messages.success(request, _("The date is set."))
        return redirect("administration:person", person)
    return _shown(request, visitor, person, expiry_form=form)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def close(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Shut the account at once."""
    form = ReasonForm(request.POST)
    if form.submit(lambda f: operations.close_account(person=person, **f, by=visitor.by, now=visitor.now)):
        messages.success(request, _("The account is closed. Roles, posts and keys have ended with it."))
        return redirect("administration:person", person)
    return _shown(request, visitor, person, close_form=form)


@require_POST
@for_role(Role.SYSTEM_ADMIN)
def end_sessions(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Sign the person out everywhere."""
    form = ReasonForm(request.POST, auto_id="sessions_%s")
    if form.submit(lambda f: operations.end_sessions(person=person, **f, by=visitor.by, now=visitor.now)):
        messages.success(request, _("The person is signed out everywhere."))
        return redirect("administration:person", person)
    return _shown(request, visitor, person, sessions_form=form)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def reset_factor(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Take away the second factor of somebody who lost it."""
    form = ReasonForm(request.POST, auto_id="factor_%s")
    if form.submit(
        lambda f: operations.reset_second_factor(person=person, **f, by=visitor.by, now=visitor.now)
    ):
        messages.success(request, _("The second factor is gone. It is set up anew at the next sign-in."))
        return redirect("administration:person", person)
    return _shown(request, visitor, person, factor_form=form)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def untie_city(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Untie the identity at the city's sign-on, so that another one may open the account."""
    form = ReasonForm(request.POST, auto_id="city_%s")
    if form.submit(
        lambda f: operations.untie_city_sign_on(person=person, **f, by=visitor.by, now=visitor.now)
    ):
        messages.success(
            request, _("Untied. The next city sign-on with this user name is tied to the account.")
        )
        return redirect("administration:person", person)
    return _shown(request, visitor, person, city_form=form)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def grant(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponseBase:
    """Give a role for an organisation and an area."""
    form = GrantForm(request.POST, on=visitor.today)
    if form.submit(lambda filled: _grant(visitor, person, filled)):
        messages.success(request, _("The role holds."))
        return redirect("administration:person", person)
    return _shown(request, visitor, person, grant_form=form)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def end_grant(request: HttpRequest, visitor: Visitor, person: UUID, grant: UUID) -> HttpResponseBase:
    """End a role today, with the reason."""
    reason = request.POST.get("reason", "")
    operations.end_grant(grant=grant, reason=reason, by=visitor.by, now=visitor.now)
    messages.success(request, _("The role has ended."))
    return redirect("administration:person", person)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def revoke(request: HttpRequest, visitor: Visitor, person: UUID, token: UUID) -> HttpResponseBase:
    """A key stops working at once."""
    operations.revoke_token(token=token, by=visitor.by, now=visitor.now)
    messages.success(request, _("The key no longer works."))
    return redirect("administration:person", person)


def _grant(visitor: Visitor, person: UUID, filled: dict[str, object]) -> UUID:
    return operations.grant_role(
        person=person,
        role=Role(str(filled["role"])),
        organisation=UUID(str(filled["organisation"])),
        area=area_named(str(filled["area"]), field="area"),
        valid_from=filled["valid_from"],  # type: ignore[arg-type]
        valid_to=filled["valid_to"],  # type: ignore[arg-type]
        by=visitor.by,
        now=visitor.now,
    )


def _shown(request: HttpRequest, visitor: Visitor, person: UUID, **forms: OperationForm) -> HttpResponse:
    line = directory.person(person, on=visitor.today)
    context = {"visitor": visitor, "person": line, "own": person == visitor.scope.person}
    context |= {"grants": directory.grants_of(person, on=visitor.today)}
    if visitor.runs_system:
        context |= {
            "expiry_form": ExpiryForm(initial={"expires_on": line.expires_on}),
            "close_form": ReasonForm(),
            "sessions_form": ReasonForm(auto_id="sessions_%s"),
        }
    if visitor.keeps_rights:
        context |= {
            "factor_form": ReasonForm(auto_id="factor_%s"),
            "city_form": ReasonForm(auto_id="city_%s"),
            "city_since": city_links.tied_since(person),
            "grant_form": GrantForm(on=visitor.today),
            "areas": areas_to_choose(),
            "tokens": directory.tokens_of(person, now=visitor.now),
        }
    return render(request, "administration/person.html", context | forms, status=422 if forms else 200)
