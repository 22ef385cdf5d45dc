"""The gate behind every signed-in request: does the session still hold, and is something owed before pages open?

Its place among the middleware: after sessions, accounts and messages, which it uses; before whatever bounds a request
by who is signed in (the database scope), because a session that has ended is nobody's.
"""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import sessions, signing_in
from gongzhi.accounts.sessions import Ending
from gongzhi.accounts.types import Duty

Answer = Callable[[HttpRequest], HttpResponseBase]
PAGES = {Duty.PASSWORD: "account:password", Duty.FACTOR: "account:factors"}
ALWAYS_OPEN = ("sign_out", "sign_in", "account:confirm")


class SignedInGate:
    """Ends sessions that were revoked, rested too long or grew too old; walks people to what they owe first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        ending = sessions.check(request.session, uuid.UUID(str(request.user.pk)), timezone.now())
        if ending is not None:
            _end(request, ending)
            return self.get_response(request)
        return _detour(request) or self.get_response(request)


def _end(request: HttpRequest, ending: Ending) -> None:
    sessions.drop(request.session)
    auth.logout(request)
    words = {
        Ending.IDLE: _("You were signed out because nothing was done for a while. Sign in to go on."),
        Ending.TOO_OLD: _("You were signed out: this sign-in had lasted its time. Sign in again."),
        Ending.ENDED: _("This sign-in was ended, by you elsewhere or by an administrator. Sign in again."),
    }
    messages.info(request, words[ending])


def _detour(request: HttpRequest) -> HttpResponseBase | None:
    """The page of the first duty, unless this is it."""
    duties = signing_in.open_duties(request)
    if not duties:
        return None
    page = reverse(PAGES[Duty(duties[0])])
    if request.path.startswith(page) or request.path in [reverse(name) for name in ALWAYS_OPEN]:
        return None
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return redirect(page)
