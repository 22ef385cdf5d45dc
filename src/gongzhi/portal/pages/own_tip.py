"""The tip as its reporter sees it after typing the receipt: read answers, write, add files, fetch a reward."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.base.errors import NotFound, Refused
from gongzhi.portal import reporter
from gongzhi.portal.pages.tips import identity_of
from gongzhi.tips import operations, queries
from gongzhi.tips.types import ReceiptKey, RewardState

Act = Callable[[HttpRequest, ReceiptKey], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@reporter.sealed_page
def page(request: HttpRequest) -> HttpResponse:
    """Type the sixteen digits; with the key put away, the tip itself."""
    now = timezone.now()
    if request.method != "POST":
        key = reporter.held_key(request, now)
        return _show(request, key) if key else render(request, "portal/tip_open.html")
    try:
        key = operations.open_receipt(receipt=request.POST.get("receipt", ""), now=now)
    except Refused as refused:
        context = {"error": str(refused.message)}
        return render(request, "portal/tip_open.html", context, status=refused.status)
    answer = redirect("portal:own_tip")
    reporter.put_away(request, answer, key, now)
    return answer


def with_key(act: Act) -> Callable[[HttpRequest], HttpResponse]:
    """Only with a key; without one the receipt is asked for again. What is refused is said on the tip's page."""

    @require_POST
    @reporter.sealed_page
    def guarded(request: HttpRequest) -> HttpResponse:
        key = reporter.held_key(request, timezone.now())
        if key is None:
            context = {"error": _("The tip was shut again. Type the receipt once more.")}
            return render(request, "portal/tip_open.html", context, status=403)
        try:
            answer = act(request, key)
        except Refused as refused:
            return _show(request, key, error=str(refused.message), status=refused.status)
        reporter.put_away(request, answer, key, timezone.now())
        return answer

    return guarded


@with_key
def write(request: HttpRequest, key: ReceiptKey) -> HttpResponse:
    """Write again, or add files."""
    text, files = request.POST.get("text", ""), reporter.uploads(request)
    operations.add_message(key=key, text=text, files=files, now=timezone.now())
    return redirect("portal:own_tip")


@with_key
def identity(request: HttpRequest, key: ReceiptKey) -> HttpResponse:
    """Leave a name or a contact, or replace it."""
    operations.give_identity(key=key, identity=identity_of(request.POST), now=timezone.now())
    return redirect("portal:own_tip")


@with_key
def file(request: HttpRequest, key: ReceiptKey) -> HttpResponse:
    """The cleaned copy of a file; asked for by a form, so that no address tells of it."""
    try:
        wanted = uuid.UUID(request.POST.get("file", ""))
    except ValueError as error:
        raise NotFound(_("There is no such file."), code="no_file") from error
    found = queries.file_for_reporter(key, wanted)
    answer = HttpResponse(found.data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return answer


@with_key
def claim(request: HttpRequest, key: ReceiptKey) -> HttpResponse:
    """A code for the cash desk, shown once; a new one ends the one before."""
    code = operations.claim_reward(key=key, now=timezone.now())
    return render(request, "portal/tip_claim.html", {"code": code})


@require_POST
@reporter.sealed_page
def leave(request: HttpRequest) -> HttpResponse:
    """Shut the tip."""
    answer = redirect("portal:tips")
    reporter.forget(request, answer)
    return answer


def _show(request: HttpRequest, key: ReceiptKey, *, error: str = "", status: int = 200) -> HttpResponse:
    tip = queries.tip_for_reporter(key, timezone.localdate())
    context = {
        "tip": tip,
        "error": error,
        "typed": request.POST.get("text", ""),
        "yuan": tip.reward.amount / 100 if tip.reward else 0,
        "claimable": tip.reward is not None and tip.reward.state is RewardState.CLAIMABLE,
    }
    return render(request, "portal/own_tip.html", context, status=status)
