"""Asking for support, and keeping the upper hand: call a meeting off, agree to go on, withdraw."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.base import actor
from gongzhi.base.errors import Refused
from gongzhi.cases import operations as cases
from gongzhi.cases import queries
from gongzhi.portal import limiter, receipts
from gongzhi.portal.forms import SupportForm, first_errors
from gongzhi.portal.pages.rights import held_receipt
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind, Consenting, Source
from gongzhi.trust.types import ConsentWay

MOST_REQUESTS = 20  # from one address in ten minutes


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The kinds of support there are; for one of them the terms, and the form that agrees to them."""
    kind = _kind((request.POST if request.method == "POST" else request.GET).get("kind", ""))
    if kind is None:
        return render(request, "portal/support.html", {"programs": _offered()})
    if request.method != "POST":
        return _show(request, kind, {"client_id": uuid.uuid4()}, {})
    limiter.refuse_when_over(request, "support", MOST_REQUESTS)
    form = SupportForm(request.POST)
    errors = first_errors(form) or _open(request, kind, form.cleaned_data)
    if errors:
        return _show(request, kind, request.POST, errors, status=422)
    limiter.count(request, "support")
    return redirect("portal:receipt")


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the consent back: it ends and its words are erased, now."""
    cases.withdraw_support(case=code, receipt=held_receipt(request, code), now=timezone.now())
    return _back(request, code, "withdrawn")


@require_POST
def cancel(request: HttpRequest, code: str, appointment: uuid.UUID) -> HttpResponse:
    """Call a meeting off; no reason is asked."""
    cases.cancel_appointment(
        case=code,
        appointment=str(appointment),
        receipt=held_receipt(request, code),
        by=actor.RESIDENT,
        now=timezone.now(),
    )
    return _back(request, code, "called_off")


@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Agree to go on, counted from today."""
    receipt, now = held_receipt(request, code), timezone.now()
    support = queries.public_picture(code, receipt, now).support
    giver = support.consents[-1].giver.value if support and support.consents else Consenting.PERSON.value
    cases.renew_support(
        case=code, giver=Consenting(giver), way=ConsentWay.WEB, receipt=receipt, by=actor.RESIDENT, now=now
    )
    return _back(request, code, "renewed")


def _back(request: HttpRequest, code: str, what: str) -> HttpResponse:
    request.session["portal_done"] = [code, what]
    return redirect("portal:case", code=code)


def _kind(key: str) -> CaseKind | None:
    kind = programs.current_kind(key, timezone.localdate()) if key else None
    return kind if kind is not None and kind.support is not None else None


def _offered() -> list[dict[str, Any]]:
    language = get_language()
    return [
        {
            "title": program.title.show(language),
            "summary": program.summary.show(language),
            "kinds": [{"key": k.key, "title": k.title.show(language), "icon": k.icon} for k in kinds],
        }
        for program in programs.programs(timezone.localdate())
        if (kinds := [k for k in program.kinds if k.support is not None])
    ]


def _open(request: HttpRequest, kind: CaseKind, given: dict[str, Any]) -> dict[str, str]:
    try:
        told = cases.open_support(
            client_id=given["client_id"],
            kind=kind.key,
            text=given["text"],
            contact=given["contact"],
            giver=Consenting(given["giver"]),
            way=ConsentWay.WEB,
            source=Source.RESIDENT,
            by=actor.RESIDENT,
            now=timezone.now(),
        )
    except Refused as refused:
        return {refused.field or "text": str(refused.message)}
    receipts.remember_latest(request.session, told.case_code, told.receipt_code)
    return {}


def _show(
    request: HttpRequest, kind: CaseKind, typed: Any, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    assert kind.support is not None
    words = {
        Consenting.PERSON: _("It is for me, and I agree"),
        Consenting.GUARDIAN: _("I am the guardian, and I agree"),
    }
    context = {
        "key": kind.key,
        "title": kind.title.show(get_language()),
        "workers": kind.dispatch[0].reason.show(get_language()),
        "months": kind.support.months,
        "givers": [(by.value, words[by]) for by in kind.support.by],
        "typed": typed,
        "errors": errors,
    }
    return render(request, "portal/support_ask.html", context, status=status)
