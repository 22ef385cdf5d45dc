"""The public page of a case; the holder of the receipt can add facts and give a verdict."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gongzhi.base import actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.base.ids import clean_code, is_case_code
from gongzhi.base.templatetags.show import span
from gongzhi.cases import operations as cases
from gongzhi.cases import queries
from gongzhi.cases.pictures import PublicPicture
from gongzhi.files import operations as files
from gongzhi.portal import limiter, receipts
from gongzhi.portal.forms import MOST_PHOTOS, MoreForm, VerdictForm, first_errors

MOST_WRONG_CODES, MOST_WRONG_RECEIPTS = 30, 10  # from one address in ten minutes
DIGITS = 13


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Look a case up by its code, however it was typed."""
    typed = request.GET.get("code", "")
    code = clean_code(typed)
    if is_case_code(code):
        return redirect("portal:case", code=code)
    error = _code_error(code) if typed.strip() else ""
    return _show_find(request, typed, error, 422 if error else 200)


@require_safe
@never_cache
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Where the matter stands, who has it, how long they have."""
    if code != clean_code(code) and is_case_code(clean_code(code)):
        return redirect("portal:case", code=clean_code(code))
    if not is_case_code(code):
        return _show_find(request, code, _code_error(clean_code(code)), 404)
    try:
        picture = _picture(request, code)
    except NotFound:
        return _show_find(
            request, code, _("There is no case with this code. Check it against your receipt."), 404
        )
    return _show(request, picture)


@require_POST
def unlock(request: HttpRequest, code: str) -> HttpResponse:
    """Show the receipt code once; it is remembered for this visit."""
    what = f"receipt:{code}"
    limiter.refuse_when_over(request, what, MOST_WRONG_RECEIPTS)
    receipt = clean_code(request.POST.get("receipt", ""))
    if not queries.public_picture(code, receipt, timezone.now()).is_reporter:
        limiter.count(request, what)
        picture = queries.public_picture(code, "", timezone.now())
        words = _(
            "That is not the receipt code of this case. It has 12 digits and stands below the case code."
        )
        return _show(request, picture, errors={"receipt": words}, status=422)
    receipts.remember(request.session, code, receipt)
    return redirect("portal:case", code=code)


@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """More facts from the reporter."""
    picture = _for_holder(request, code)
    form = MoreForm(request.POST)
    errors = first_errors(form)
    if not errors:
        errors = _add(request, code, form.cleaned_data["text"])
    if errors:
        return _show(request, picture, errors=errors, typed=request.POST, status=422)
    return _done(request, code, "added")


@require_POST
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """Solved, or not solved and why: the reporter has the last word."""
    picture = _for_holder(request, code)
    form = VerdictForm(request.POST)
    errors = first_errors(form)
    solved = form.cleaned_data.get("solved") == "yes"
    if not errors:
        receipt = receipts.shown(request.session, code)
        why = form.cleaned_data["why"]
        try:
            cases.give_verdict(case=code, receipt=receipt, solved=solved, why=why, now=timezone.now())
        except Refused as refused:
            errors = {"why" if refused.field == "text" else refused.field or "verdict": str(refused.message)}
    if errors:
        return _show(request, picture, errors=errors, typed=request.POST, status=422)
    return _done(request, code, "solved" if solved else "reopened")


def _add(request: HttpRequest, code: str, text: str) -> dict[str, str]:
    now = timezone.now()
    uploads = request.FILES.getlist("photos")[:MOST_PHOTOS]
    try:
        photos = [files.keep_photo(data=upload, by=actor.RESIDENT, now=now) for upload in uploads]
        cases.add_information(
            case=code, text=text, photo_ids=photos, by=actor.RESIDENT, now=now, receipt=True
        )
    except Refused as refused:
        return {refused.field if refused.field in ("text", "photos") else "text": str(refused.message)}
    return {}


def _done(request: HttpRequest, code: str, what: str) -> HttpResponse:
    request.session["portal_done"] = [code, what]
    return redirect("portal:case", code=code)


def _for_holder(request: HttpRequest, code: str) -> PublicPicture:
    picture = _picture(request, code)
    if not picture.is_reporter:
        raise Refused(_("Enter your receipt code first, on the page of the case."), code="no_receipt")
    return picture


def _picture(request: HttpRequest, code: str) -> PublicPicture:
    """The picture for this visitor; codes that do not exist are counted against guessing."""
    limiter.refuse_when_over(request, "code", MOST_WRONG_CODES)
    try:
        return queries.public_picture(code, receipts.shown(request.session, code), timezone.now())
    except NotFound:
        limiter.count(request, "code")
        raise


def _code_error(code: str) -> str:
    if len(code) != DIGITS:
        return _("A case code has 13 digits; these are %(count)d.") % {"count": len(code)}
    return _("One of the digits is not right. Check the code against your receipt.")


def _show_find(request: HttpRequest, typed: str, error: str, status: int) -> HttpResponse:
    return render(request, "portal/find.html", {"typed": typed[:40], "error": error}, status=status)


def _show(
    request: HttpRequest, picture: PublicPicture, *, errors: Any = None, typed: Any = None, status: int = 200
) -> HttpResponse:
    done = request.session.pop("portal_done", None) if request.method == "GET" else None
    context = {
        "picture": picture,
        "stages": _stages(picture),
        "errors": errors or {},
        "typed": typed or {},
        "done": done[1] if done and done[0] == picture.code else "",
        "most_photos": MOST_PHOTOS,
        "blind": span(picture.blind_seconds),
    }
    page = "portal/locked.html" if picture.locked else "portal/case.html"
    return render(request, page, context, status=status)


def _stages(picture: PublicPicture) -> list[dict[str, Any]]:
    names = [_("Reported"), _("Taken in"), _("Under way"), _("Checked"), _("Closed")]
    return [
        {
            "name": name,
            "done": number < picture.stage or picture.stage == len(names),
            "now": number == picture.stage,
        }
        for number, name in enumerate(names, start=1)
    ]
