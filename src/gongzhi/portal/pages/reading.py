"""How large the letters are: a cookie of the reader's own, for every face."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from gongzhi.base.templatetags.show import SENIOR_COOKIE, SENIOR_SIZES

A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Offer the sizes; a choice is kept and leads back to where the reader was."""
    if request.method != "POST":
        return render(request, "portal/senior.html", {"back": _back(request.GET.get("back", ""), request)})
    response = redirect(_back(request.POST.get("back", ""), request))
    size = request.POST.get("size", "")
    if size in SENIOR_SIZES:
        secure = request.is_secure()
        response.set_cookie(SENIOR_COOKIE, size, max_age=A_YEAR, samesite="Lax", secure=secure, httponly=True)
    else:
        response.delete_cookie(SENIOR_COOKIE, samesite="Lax")
    return response


def _back(address: str, request: HttpRequest) -> str:
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/")
    return address if safe else "/"
