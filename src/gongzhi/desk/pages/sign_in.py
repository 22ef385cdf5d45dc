"""Sign in, sign out, and on to the face that fits."""

from typing import Any

from django.contrib import auth
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gongzhi.desk.visitor import home_of, visitor_of


class SignInForm(AuthenticationForm):
    """User name and password, with one sentence when they don't match."""

    error_messages = {
        "invalid_login": _("User name and password don't match. Check both and try again."),
        "inactive": _("This account has been closed. Ask your system administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")


@never_cache
@sensitive_post_parameters("password")
def enter(request: HttpRequest) -> HttpResponseBase:
    """Show the form; with the right answer go on to where the person wanted to be."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(onward(request))
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        auth.login(request, form.get_user())
        return redirect(onward(request))
    status = 422 if form.is_bound else 200
    return render(request, "desk/sign_in.html", {"form": form, "next": wanted(request)}, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    auth.logout(request)
    return redirect("sign_in")


def onward(request: HttpRequest) -> str:
    """The page the person asked for, else the one that fits their role."""
    return wanted(request) or reverse(home_of(visitor_of(request).scope))


def wanted(request: HttpRequest) -> str:
    """The address to go to after signing in, if it is one of ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else ""
