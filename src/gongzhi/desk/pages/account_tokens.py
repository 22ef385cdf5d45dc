"""One's own keys for machines: made, shown once, revoked."""

import uuid
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gongzhi.accounts import operations
from gongzhi.accounts.types import LEAST_SCOPES, TokenScope
from gongzhi.base.errors import Refused
from gongzhi.desk.own_account import freshly_confirmed
from gongzhi.desk.visitor import Visitor

LASTS = ((30, _("30 days")), (90, _("90 days")), (365, _("One year")))


class KeyForm(forms.Form):
    """What the key is called, what it is for, how long it lasts."""

    name = forms.CharField(label=_("Which program will use it"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(str(scope), scope) for scope in TokenScope],
        initial=sorted(LEAST_SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("How long it lasts"), choices=LASTS, initial=90, coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scopes"].choices = [(str(scope), scope.label) for scope in TokenScope]  # type: ignore[attr-defined]


@freshly_confirmed
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Make a key; it is shown this once."""
    form, key = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        expires = visitor.now + timedelta(days=told["days"])
        try:
            key = operations.issue_token(
                person=visitor.scope.person,
                name=told["name"],
                scopes=told["scopes"],
                expires=expires,
                by=visitor.by,
                now=visitor.now,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
    shown = {"visitor": visitor, "form": form, "key": key}
    return render(request, "desk/account_tokens.html", shown, status=422 if form.errors else 200)


@require_POST
@freshly_confirmed
def revoke(request: HttpRequest, visitor: Visitor, token: uuid.UUID) -> HttpResponseBase:
    """A key of one's own stops working."""
    operations.revoke_token(token=token, by=visitor.by, now=visitor.now)
    messages.success(request, now_("The key opens nothing any more."))
    return redirect("account:home")
