"""Who is at their own account page, and whether they proved who they are lately."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gongzhi.accounts import signing_in
from gongzhi.desk.visitor import DeskView, Visitor, private, visitor_of


def for_owner(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Everybody with an account gets in, whatever their role, to what is their own."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return private(view(request, visitor_of(request), *args, **kwargs))

    return login_required(guarded)


def freshly_confirmed(view: DeskView) -> Callable[..., HttpResponseBase]:
    """What changes the ways in is opened only to somebody who proved who they are a few minutes ago."""

    @for_owner
    @functools.wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, *args: object, **kwargs: object) -> HttpResponseBase:
        if signing_in.confirmed_lately(request, visitor.now):
            return view(request, visitor, *args, **kwargs)
        if request.method == "POST":
            messages.info(request, _("Nothing was changed yet: say who you are, then do it once more."))
        onto = request.path if request.method == "GET" else reverse("account:home")
        return redirect(f"{reverse('account:confirm')}?{urlencode({'next': onto})}")

    return guarded
