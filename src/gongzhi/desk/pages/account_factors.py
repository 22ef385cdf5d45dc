"""Setting up and taking away second factors; somebody whose role needs one begins here."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import second_factor, signing_in
from gongzhi.accounts.types import SECOND_FACTOR_ROLES, Duty
from gongzhi.base.errors import Refused
from gongzhi.desk.own_account import for_owner, freshly_confirmed
from gongzhi.desk.visitor import Visitor


class PhoneForm(forms.Form):
    """The code the phone shows."""

    code = forms.CharField(
        label=_("The 6 digits your phone shows now"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short", "autofocus": True}
        ),
    )


class PasskeyForm(forms.Form):
    """A name for the passkey, and what the browser made."""

    name = forms.CharField(
        label=_("What you call it"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


@require_safe
@for_owner
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """What there is, and what can be added."""
    person = visitor.scope.person
    shown = {
        "visitor": visitor,
        "factors": second_factor.factors_of(person),
        "kinds": second_factor.kinds_of(person),
        "owed": Duty.FACTOR in signing_in.open_duties(request),
    }
    return render(request, "desk/account_factors.html", shown)


@freshly_confirmed
def phone(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Scan the picture with the phone, type the code it shows."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.add_totp(request, code=form.cleaned_data["code"], by=visitor.by, now=visitor.now)
            return _added(request, visitor, now_("The phone is set up."))
        except Refused as refused:
            form.add_error("code", str(refused.message))
    secret, picture = second_factor.offer_totp(request)
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    shown = {"visitor": visitor, "form": form, "secret": groups, "picture": picture}
    return render(request, "desk/account_phone.html", shown, status=422 if form.errors else 200)


@freshly_confirmed
def passkey(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Let the browser make a passkey."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.add_passkey(**form.cleaned_data, by=visitor.by, now=visitor.now)
            return _added(request, visitor, now_("The passkey is set up."))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
    shown = {"visitor": visitor, "form": form, "options": second_factor.offer_passkey(request)}
    return render(request, "desk/account_passkey.html", shown, status=422 if form.errors else 200)


@freshly_confirmed
def codes(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Make recovery codes and show them, once."""
    if request.method != "POST":
        return render(request, "desk/account_codes.html", {"visitor": visitor, "codes": []})
    fresh = second_factor.new_recovery_codes(by=visitor.by, now=visitor.now)
    return render(request, "desk/account_codes.html", {"visitor": visitor, "codes": fresh})


@require_POST
@freshly_confirmed
def remove(request: HttpRequest, visitor: Visitor, factor: int) -> HttpResponseBase:
    """Take a second factor away."""
    needed = not SECOND_FACTOR_ROLES.isdisjoint(visitor.scope.roles)
    keep = needed and settings.GONGZHI_SECOND_FACTOR == "required"
    second_factor.remove(factor=factor, by=visitor.by, now=visitor.now, must_keep_one=keep)
    messages.success(request, now_("It is removed."))
    return redirect("account:factors")


def _added(request: HttpRequest, visitor: Visitor, words: str) -> HttpResponseBase:
    signing_in.duty_done(request, Duty.FACTOR)
    messages.success(request, words)
    if second_factor.has_recovery_codes(visitor.scope.person):
        return redirect("account:factors")
    return redirect("account:codes")
