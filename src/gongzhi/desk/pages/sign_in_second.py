"""The second step of signing in: a code from the phone, a passkey, or a recovery code."""

import uuid
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from gongzhi.accounts import second_factor, signing_in
from gongzhi.accounts.signing_in import Answer, Way
from gongzhi.accounts.types import FactorKind
from gongzhi.desk.pages.sign_in import let_in, refusal, wanted


class CodeForm(forms.Form):
    """A code from the phone or one of the recovery codes; or what a passkey answered."""

    code = forms.CharField(
        label=_("Verification code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "short",
            }
        ),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


@never_cache
def page(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor of whoever gave the right password a moment ago."""
    now = timezone.now()
    person = signing_in.half_signed_in(request, now)
    if person is None:
        return redirect("sign_in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        answer, way = _tried(form, person, now)
        if answer.person:
            return let_in(request, person, way, wanted(request), now)
        form.add_error(None, refusal(answer, _wrong(way)))
        status = 429 if answer.wait else 422
    kinds = second_factor.kinds_of(person)
    shown = {
        "form": form,
        "next": wanted(request),
        "has_phone": FactorKind.TOTP in kinds,
        "has_codes": FactorKind.RECOVERY_CODES in kinds,
        "passkey": second_factor.ask_passkey(person),
    }
    return render(request, "desk/sign_in_second.html", shown, status=status)


def _tried(form: CodeForm, person: uuid.UUID, now: datetime) -> tuple[Answer, Way]:
    credential = form.cleaned_data["credential"]
    if credential:
        return signing_in.try_passkey(person_id=person, credential=credential, now=now), Way.PASSKEY
    return signing_in.try_code(person_id=person, code=form.cleaned_data["code"], now=now), Way.CODE


def _wrong(way: Way) -> str:
    if way is Way.PASSKEY:
        return now_("The passkey did not fit this account. Try again, or use a code.")
    return now_(
        "This code does not fit, or was used before. Wait for the next one and type it within half a minute."
    )
