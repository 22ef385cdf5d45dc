"""Choosing a new password; somebody who was given one by an administrator begins here."""

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from gongzhi.accounts import signing_in
from gongzhi.accounts.types import Duty
from gongzhi.base.errors import Refused
from gongzhi.desk.own_account import for_owner
from gongzhi.desk.pages.sign_in import refusal
from gongzhi.desk.visitor import Visitor


def _secret(label: object, kept: str) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": kept})
    return forms.CharField(label=label, max_length=1000, strip=False, widget=widget)  # type: ignore[arg-type]


class PasswordForm(forms.Form):
    """The old one, and the new one twice."""

    old = _secret(_("The password you have now"), "current-password")
    new = _secret(_("The new password"), "new-password")
    again = _secret(_("The new password once more"), "new-password")

    def clean(self) -> dict[str, object]:
        """Typed twice the same."""
        told = super().clean() or {}
        if told.get("new") and told.get("again") and told["new"] != told["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return told


@sensitive_post_parameters("old", "new", "again")
@for_owner
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Change one's own password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form, visitor):
        messages.success(
            request, now_("The new password holds. Wherever else you were signed in, you are out.")
        )
        return redirect("account:home")
    shown = {
        "visitor": visitor,
        "form": form,
        "rules": password_validators_help_texts(),
        "owed": Duty.PASSWORD in signing_in.open_duties(request),
    }
    return render(request, "desk/account_password.html", shown, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: PasswordForm, visitor: Visitor) -> bool:
    told = form.cleaned_data
    answer = signing_in.confirm_password(request, password=told["old"], now=visitor.now)
    if not answer.person:
        form.add_error("old", refusal(answer, now_("This is not the password you have now.")))
        return False
    try:
        signing_in.change_password(request, password=told["new"], by=visitor.by, now=visitor.now)
    except Refused as refused:
        form.add_error("new", str(refused.message))
        return False
    return True
