"""One's own account: password, second factor, sessions and keys, each with what can be done about it."""

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import queries, second_factor, sessions, signing_in
from gongzhi.accounts.types import SECOND_FACTOR_ROLES
from gongzhi.desk.own_account import for_owner
from gongzhi.desk.pages.sign_in import refusal, wanted
from gongzhi.desk.visitor import Visitor, home_of


class ConfirmForm(forms.Form):
    """The password once more, or for somebody without one a code."""

    proof = forms.CharField(max_length=1000, strip=False)

    def __init__(self, *args: object, by_password: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["proof"]
        field.label = _("Password") if by_password else _("Verification code")
        kept = "current-password" if by_password else "one-time-code"
        field.widget = forms.PasswordInput({"autocomplete": kept, "autofocus": True, "required": True})


@require_safe
@for_owner
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Everything at a glance."""
    person = visitor.scope.person
    shown = {
        "visitor": visitor,
        "home": reverse(home_of(visitor.scope)),
        "roles": sorted(role.label for role in visitor.scope.roles),
        "factors": second_factor.factors_of(person),
        "has_factor": second_factor.has_any(person),
        "must_have_factor": not SECOND_FACTOR_ROLES.isdisjoint(visitor.scope.roles),
        "required": settings.GONGZHI_SECOND_FACTOR == "required",
        "sessions": sessions.sessions_of(person, visitor.now),
        "here": sessions.own_id(request.session),
        "tokens": queries.tokens_of(person, visitor.now),
    }
    return render(request, "desk/account.html", shown)


@sensitive_post_parameters("proof")
@for_owner
def confirm(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Say again who you are, before something that matters."""
    by_password = signing_in.has_password(request)
    form, status = ConfirmForm(request.POST or None, by_password=by_password), 200
    if request.method == "POST" and form.is_valid():
        proof = form.cleaned_data["proof"]
        if by_password:
            answer = signing_in.confirm_password(request, password=proof, now=visitor.now)
        else:
            answer = signing_in.confirm_code(request, code=proof, now=visitor.now)
        if answer.person:
            return redirect(wanted(request) or "account:home")
        form.add_error("proof", refusal(answer, now_("This does not fit. Check it and try again.")))
        status = 429 if answer.wait else 422
    shown = {"visitor": visitor, "form": form, "next": wanted(request)}
    return render(request, "desk/account_confirm.html", shown, status=status)


@require_POST
@for_owner
def end_one(request: HttpRequest, visitor: Visitor, session: uuid.UUID) -> HttpResponseBase:
    """End one of one's own sessions."""
    sessions.end(session=session, person=visitor.scope.person, by=visitor.by, now=visitor.now)
    messages.success(request, now_("This sign-in is ended."))
    return redirect("account:home")


@require_POST
@for_owner
def end_others(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """End all of one's own sessions but this one."""
    here = sessions.own_id(request.session)
    sessions.end_all(person=visitor.scope.person, by=visitor.by, now=visitor.now, why="asked", but=here)
    messages.success(request, now_("You are signed in only here now."))
    return redirect("account:home")
