"""One protected tip at the desk: its header, opening it with one's own key, what is done with it, its files."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages.tip_acts import ACTS, one_of
from gongzhi.desk.pages.tips import listing, uuid_of
from gongzhi.desk.tip_key import for_members
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries
from gongzhi.tips.types import (
    FileContent,
    IdentityPurpose,
    MemberKey,
    OriginalReason,
    RightDoor,
    TipOutcome,
    TipRow,
    TipStepKind,
)

REWARDED = (TipOutcome.TRUE, TipOutcome.PARTLY_TRUE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def page(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The header with a button; sent, it opens the tip, which is noted. Opened, the tip, until the key is locked."""
    row, key = key_for(request, visitor, tip)
    if key is None:
        return listing(request, visitor, status=403)
    if request.method == "POST":
        operations.open_tip(tip=tip, key=key, by=visitor.by, now=visitor.now)
        tip_key.mark_opened(request, tip)
        return redirect("desk:tip", tip=tip)
    if not tip_key.is_opened(request, tip):
        context = {"visitor": visitor, "section": "tips", "row": row}
        return render(request, "desk/tip_header.html", context)
    return _show(request, visitor, tip, key)


@require_POST
@for_members
def act(request: HttpRequest, visitor: Visitor, tip: uuid.UUID, act: str) -> HttpResponseBase:
    """One step on a tip; what is refused is said on its page, with the words kept."""
    key = key_for(request, visitor, tip)[1]
    if key is None:
        return listing(request, visitor, status=403)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](tip, request.POST.dict(), key, visitor)
    except Refused as refused:
        return _refused(request, visitor, tip, key, refused)
    answer = redirect("desk:tips") if act == "recuse" else redirect("desk:tip", tip=tip)
    tip_key.put_away(request, answer, key, visitor)
    return answer


@require_POST
@for_members
def file(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The cleaned working copy of a file, to save; noted."""
    key = key_for(request, visitor, tip)[1]
    if key is None:
        return listing(request, visitor, status=403)
    wanted = uuid_of(request.POST.get("file", ""))
    return saved(operations.open_file(tip=tip, file=wanted, key=key, by=visitor.by, now=visitor.now))


@require_POST
@for_members
def original(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The sealed original of a file, for a stated reason; noted, and the reporter sees it."""
    key = key_for(request, visitor, tip)[1]
    if key is None:
        return listing(request, visitor, status=403)
    try:
        reason = one_of(OriginalReason, request.POST.get("reason", ""))
        wanted = uuid_of(request.POST.get("file", ""))
        found = operations.open_original(
            tip=tip, file=wanted, reason=reason, key=key, by=visitor.by, now=visitor.now
        )
    except Refused as refused:
        return _refused(request, visitor, tip, key, refused)
    return saved(found)


def saved(found: FileContent) -> HttpResponse:
    """A file to save: never shown by the browser, whatever it claims to be."""
    answer = HttpResponse(found.data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return answer


def key_for(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> tuple[TipRow, MemberKey | None]:
    """The header and the visitor's key; a tip they may not know of does not exist, locked or not."""
    row = queries.tip_header(tip, visitor.scope.person, visitor.today)
    return row, tip_key.held_key(request, visitor)


def _refused(
    request: HttpRequest, visitor: Visitor, tip: uuid.UUID, key: MemberKey, refused: Refused
) -> HttpResponse:
    """What was refused: on the tip's page when it is open, else as any other refusal."""
    if not tip_key.is_opened(request, tip):
        raise refused
    return _show(request, visitor, tip, key, error=str(refused.message), status=refused.status)


def _show(
    request: HttpRequest,
    visitor: Visitor,
    tip: uuid.UUID,
    key: MemberKey,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    view = queries.tip_for_member(tip, key, visitor.today)
    rewarded = view.outcome in REWARDED
    context = {
        "visitor": visitor,
        "section": "tips",
        "view": view,
        "error": error,
        "typed": request.POST.get("text", ""),
        "outcomes": list(TipOutcome),
        "doors": list(RightDoor),
        "purposes": list(IdentityPurpose),
        "reasons": list(OriginalReason),
        "may_close": TipStepKind.CLOSED in view.may,
        "may_reopen": TipStepKind.REOPENED in view.may,
        "may_hand_over": TipStepKind.HANDED_OVER in view.may,
        "colleagues": queries.without_access(tip, visitor.scope.person, visitor.today),
        "grades": queries.reward_rule(visitor.today).grades if rewarded and not view.reward else (),
    }
    return render(request, "desk/tip.html", context, status=status)
