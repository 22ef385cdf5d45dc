"""One's own data: ask about it, take a copy home, take the contact back."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.base import actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.base.ids import clean_code, show_code
from gongzhi.cases import operations as cases
from gongzhi.cases import queries, titles
from gongzhi.cases.types import Right
from gongzhi.portal import limiter, receipts
from gongzhi.portal.forms import RightForm, first_errors
from gongzhi.portal.pages.case import MOST_WRONG_CODES, MOST_WRONG_RECEIPTS

MOST_REQUESTS = 20  # from one address in ten minutes


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Ask about what was kept: the case code and the receipt code are all it takes."""
    if request.method != "POST":
        about = clean_code(request.GET.get("about", ""))
        first = {
            "client_id": uuid.uuid4(),
            "about": about,
            "receipt": receipts.shown(request.session, about) if about else "",
            "right": request.GET.get("right", ""),
        }
        return _show(request, first, {})
    form = RightForm(request.POST)
    errors = first_errors(form) or _ask(request, form.cleaned_data)
    if errors:
        return _show(request, request.POST, errors, status=422)
    return redirect("portal:receipt")


@require_POST
def withdraw_contact(request: HttpRequest, code: str) -> HttpResponse:
    """Erase the phone number or address at once; nobody is asked."""
    cases.withdraw_contact(case=code, receipt=held_receipt(request, code), now=timezone.now())
    request.session["portal_done"] = [code, "contact_gone"]
    return redirect("portal:case", code=code)


@require_safe
@never_cache
def copy(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Everything the holder of the receipt gave and was answered, to keep: as data or to read."""
    receipt = held_receipt(request, code)
    bundle = queries.own_copy(code, receipt)
    cases.note_copy_taken(case=code, receipt=receipt, now=timezone.now())
    if ending == "json":
        answer: HttpResponse = JsonResponse(bundle, json_dumps_params={"ensure_ascii": False, "indent": 2})
    else:
        answer = HttpResponse(readable(bundle), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.{ending}"'
    return answer


def readable(bundle: Mapping[str, Any]) -> str:
    """A copy as a page of plain text."""
    given = [f"{line['at']}  {line['what']}: {line['words']}" for line in bundle["given"]]
    steps = [f"{step['at']}  {step['what']}  {step['words']}".rstrip() for step in bundle["steps"]]
    agreed = [f"{consent['given_at']} – {consent['until']}" for consent in bundle["consents"]]
    parts = [
        (_("What you gave"), given),
        (_("What was done and answered"), steps),
        (_("What you agreed to"), agreed),
    ]
    heads = [
        _("A copy of what is kept about this case"),
        f"{_('Case code')}: {show_code(bundle['case'])}",
        bundle["kind"],
    ]
    blocks = ["\n".join([title, *lines]) for title, lines in parts if lines]
    return "\n\n".join(["\n".join(heads), *blocks]) + "\n"


def held_receipt(request: HttpRequest, code: str) -> str:
    """The receipt code this visitor has shown for a case; refused if none was."""
    receipt = receipts.shown(request.session, code)
    if not receipt:
        raise Refused(_("Enter your receipt code first, on the page of the case."), code="no_receipt")
    return receipt


def _ask(request: HttpRequest, given: dict[str, Any]) -> dict[str, str]:
    """Send the request; what was wrong with it, by field. Wrong codes count against guessing."""
    about, receipt = clean_code(given["about"]), clean_code(given["receipt"])
    tries = f"receipt:{about}"
    limiter.refuse_when_over(request, "code", MOST_WRONG_CODES)
    limiter.refuse_when_over(request, tries, MOST_WRONG_RECEIPTS)
    limiter.refuse_when_over(request, "right", MOST_REQUESTS)
    try:
        if not queries.receipt_fits(about, receipt):
            limiter.count(request, tries)
            return {"receipt": _("That is not the receipt code of this case.")}
        told = cases.ask_right(
            client_id=given["client_id"],
            right=Right(given["right"]),
            about=about,
            receipt=receipt,
            text=given["text"],
            by=actor.RESIDENT,
            now=timezone.now(),
        )
    except NotFound as unknown:
        limiter.count(request, "code")
        return {"about": str(unknown.message)}
    except Refused as refused:
        return {"right": str(refused.message)}
    limiter.count(request, "right")
    receipts.remember_latest(request.session, told.case_code, told.receipt_code)
    return {}


def _show(request: HttpRequest, typed: Any, errors: dict[str, str], status: int = 200) -> HttpResponse:
    rights = [(right.value, titles.RIGHT[right]) for right in Right]
    context = {"typed": typed, "errors": errors, "rights": rights}
    return render(request, "portal/right.html", context, status=status)
