"""Giving a protected tip, and its receipt: shown once, typed again, never in an address or a session."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.base.actor import RESIDENT
from gongzhi.base.address import address_of
from gongzhi.base.errors import Refused
from gongzhi.base.ids import clean_code
from gongzhi.portal import reporter
from gongzhi.tips import doorstep, operations, queries
from gongzhi.tips.types import Identity, Submitted

DIGITS = 16
LONGEST_PROOF = 4000  # characters


@require_http_methods(["GET", "HEAD", "POST"])
@reporter.sealed_page
def page(request: HttpRequest) -> HttpResponse:
    """Who reads it and what is kept, then the form; a sent one is answered by its receipt, in this answer only."""
    if request.method != "POST":
        return _form(request, {"form_id": uuid.uuid4()}, {})
    try:
        with doorstep.once(_uuid(request.POST.get("form_id", "")) or uuid.uuid4()):
            doorstep.refuse_flood(address_of(request), timezone.now())
            told = _submit(request)
    except Refused as refused:
        return _form(
            request, request.POST, {refused.field or "text": str(refused.message)}, status=refused.status
        )
    return _receipt(request, told.receipt, unit=told.unit_name)


@require_POST
@reporter.sealed_page
def check(request: HttpRequest) -> HttpResponse:
    """Whether the receipt was typed right; only then does the page let go of it."""
    shown, typed = clean_code(request.POST.get("shown", "")), clean_code(request.POST.get("typed", ""))
    if len(shown) != DIGITS or shown != typed:
        error = _("That is not the same. Compare the digits and type them again.")
        return _receipt(request, shown, error=error, status=422)
    return render(request, "portal/tip_noted.html")


@require_POST
@reporter.sealed_page
def proof(request: HttpRequest) -> HttpResponse:
    """The signed proof of receipt as a file; it says nothing about the tip."""
    now = timezone.now()
    shown = request.POST.get("shown", "")
    key = operations.open_receipt(receipt=shown, now=now) if shown else reporter.held_key(request, now)
    if key is None:
        return render(request, "portal/tip_open.html", status=404)
    held = queries.tip_for_reporter(key, timezone.localdate(now)).proof
    answer = HttpResponse(held.text, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="proof-of-receipt.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@reporter.sealed_page
def check_proof(request: HttpRequest) -> HttpResponse:
    """Whether a proof of receipt is genuine and of which day: for anyone, and it tells nothing else."""
    context: dict[str, Any] = {"key": queries.proof_key(), "typed": ""}
    if request.method == "POST":
        context["typed"] = _proof_sent(request)
        context["found"] = queries.check_proof(context["typed"])
    return render(request, "portal/tip_proof.html", context)


def _proof_sent(request: HttpRequest) -> str:
    """The proof as a file or as text; a longer one is none of ours."""
    files = reporter.uploads(request)
    sent = files[0].data.decode(errors="replace") if files else request.POST.get("proof", "")
    return sent[:LONGEST_PROOF]


def identity_of(given: Mapping[str, Any]) -> Identity:
    """Name and contact as they were typed."""
    return Identity(name=given.get("name", ""), contact=given.get("contact", ""))


def _submit(request: HttpRequest) -> Submitted:
    given = request.POST
    said = identity_of(given)
    return operations.submit_tip(
        text=given.get("text", ""),
        by=RESIDENT,
        now=timezone.now(),
        reported=_uuid(given.get("reported", "")),
        keep_from=given.get("keep_from", "").splitlines(),
        files=reporter.uploads(request),
        identity=said if said.name.strip() or said.contact.strip() else None,
    )


def _uuid(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def _form(request: HttpRequest, typed: Any, errors: dict[str, str], status: int = 200) -> HttpResponse:
    intake = queries.intake(timezone.localdate())
    context = {"intake": intake, "typed": typed, "errors": errors}
    context["megabytes"] = intake.largest_file // 1024 // 1024
    return render(request, "portal/tip.html", context, status=status)


def _receipt(
    request: HttpRequest, receipt: str, *, unit: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    words = {
        "file_name": _("tip-receipt.png"),
        "line_receipt": _("Receipt of a protected tip"),
        "line_keep": _("Keep these 16 digits to yourself. Whoever has them can read the tip."),
    }
    context = {"receipt": receipt, "unit": unit, "error": error, "script_words": words}
    return render(request, "portal/tip_receipt.html", context, status=status)
