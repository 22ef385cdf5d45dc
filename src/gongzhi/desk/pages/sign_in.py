"""Sign in, sign out, and on to the face that fits."""

import math
import uuid
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import city_sign_on, second_factor, signing_in
from gongzhi.accounts.signing_in import Answer, Way
from gongzhi.base.address import address_of
from gongzhi.desk.visitor import home_of, visitor_of


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
def enter(request: HttpRequest) -> HttpResponseBase:
    """Show the form; with the right answer go on to where the person wanted to be."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(onward(request))
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST":
        answer, status = Answer(), 422
        if form.is_valid():
            now = timezone.now()
            answer = signing_in.try_password(
                request, **form.cleaned_data, address=address_of(request), now=now
            )
        if answer.person:
            return proceed(request, answer.person, Way.PASSWORD, wanted(request), now)
        if form.is_valid():
            form.add_error(None, refusal(answer, str(_no_match())))
            status = 429 if answer.wait else 422
    shown = {"form": form, "next": wanted(request), "city": city_sign_on.name()}
    return render(request, "desk/sign_in.html", shown, status=status)


@never_cache
@require_safe
def city(request: HttpRequest) -> HttpResponseBase:
    """Off to the city's own sign-on."""
    if not city_sign_on.name():
        return redirect("sign_in")
    back = request.build_absolute_uri(reverse("sign_in_city_back"))
    now = timezone.now()
    return redirect(city_sign_on.begin(request.session, back=back, onward=wanted(request), now=now))


@never_cache
@require_safe
def city_back(request: HttpRequest) -> HttpResponseBase:
    """Back from the city's own sign-on."""
    if not city_sign_on.name():
        return redirect("sign_in")
    now, back = timezone.now(), request.build_absolute_uri(reverse("sign_in_city_back"))
    person, onto = city_sign_on.finish(request.session, told=request.GET.dict(), back=back, now=now)
    return proceed(request, person, Way.CITY, onto, now)


@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    signing_in.leave(request, now=timezone.now())
    response = redirect("sign_in")
    response.headers["Clear-Site-Data"] = '"cache"'  # not "storage": reports not yet sent lie there
    return response


def proceed(request: HttpRequest, person: uuid.UUID, way: Way, onto: str, now: datetime) -> HttpResponse:
    """The first proof was right: on to the second one, or in."""
    if second_factor.has_any(person):
        signing_in.wait_for_factor(request, person, way, now)
        return redirect(reverse("sign_in_second") + (f"?{urlencode({'next': onto})}" if onto else ""))
    return let_in(request, person, way, onto, now)


def let_in(request: HttpRequest, person: uuid.UUID, way: Way, onto: str, now: datetime) -> HttpResponse:
    """All proofs were right: open the session and go on."""
    signing_in.enter(request, person_id=person, way=way, now=now)
    scope = visitor_of(request).scope
    if settings.GONGZHI_SECOND_FACTOR != "required" and signing_in.needs_factor(person, scope.roles):
        messages.warning(request, factor_advice())
    response = redirect(onto or onward(request))
    signing_in.remember_browser(request, response, person)
    return response


def factor_advice() -> str:
    """What somebody is told whose role would need a second factor in a real cell."""
    return now_(
        "Your role needs a second factor as soon as this is no demo. Set one up under “My account”: a phone or a passkey."
    )


def refusal(answer: Answer, otherwise: str) -> str:
    """The sentence for a try that failed: how long to wait, or what did not fit."""
    return wait_words(answer.wait) if answer.wait else otherwise


def wait_words(wait: timedelta) -> str:
    """How long to wait before the next try."""
    seconds = math.ceil(wait.total_seconds())
    if seconds < 60:
        how_long = ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    else:
        minutes = math.ceil(seconds / 60)
        how_long = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return now_("Too many tries. Wait %(time)s, then try again. The account stays yours.") % {
        "time": how_long
    }


def onward(request: HttpRequest) -> str:
    """The page the person asked for, else the one that fits their role."""
    return wanted(request) or reverse(home_of(visitor_of(request).scope))


def wanted(request: HttpRequest) -> str:
    """The address to go to after signing in, if it is one of ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else ""


def _no_match() -> str:
    return now_("User name and password don't match. Check both and try again.")
