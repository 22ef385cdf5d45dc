"""One protected tip, opened with one's own key: read, write to the reporter, close, step aside, ask for the identity."""

import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages.tips import listing, uuid_of
from gongzhi.desk.tip_key import for_members
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries
from gongzhi.tips.types import IdentityPurpose, MemberKey, RightDoor, TipOutcome, TipStepKind

Listed = TypeVar("Listed", TipOutcome, RightDoor, IdentityPurpose)
Typed = Mapping[str, str]
Act = Callable[[uuid.UUID, Typed, MemberKey, Visitor], object]


@require_safe
@for_members
def page(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The tip, opened; every opening is noted."""
    key = _key_for(request, visitor, tip)
    return _show(request, visitor, tip, key) if key else listing(request, visitor, status=403)


@require_POST
@for_members
def act(request: HttpRequest, visitor: Visitor, tip: uuid.UUID, act: str) -> HttpResponseBase:
    """One step on a tip; what is refused is said on its page, with the words kept."""
    key = _key_for(request, visitor, tip)
    if key is None:
        return listing(request, visitor, status=403)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](tip, request.POST.dict(), key, visitor)
    except Refused as refused:
        return _show(request, visitor, tip, key, error=str(refused.message), status=refused.status)
    answer = redirect("desk:tips") if act == "recuse" else redirect("desk:tip", tip=tip)
    tip_key.put_away(request, answer, key, visitor)
    return answer


@require_POST
@for_members
def file(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The cleaned working copy of a file, to save; noted."""
    key = _key_for(request, visitor, tip)
    if key is None:
        return listing(request, visitor, status=403)
    wanted = uuid_of(request.POST.get("file", ""))
    found = operations.open_file(tip=tip, file=wanted, key=key, by=visitor.by, now=visitor.now)
    answer = HttpResponse(found.data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return answer


def _answer(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.answer_reporter(tip=tip, text=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now)


def _close(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    outcome = _one_of(TipOutcome, typed.get("outcome", ""))
    operations.close_tip(
        tip=tip, outcome=outcome, words=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now
    )


def _decline(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    door = _one_of(RightDoor, typed.get("door", ""))
    operations.decline_tip(
        tip=tip, door=door, words=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now
    )


def _reopen(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.reopen_tip(tip=tip, key=key, by=visitor.by, now=visitor.now)


def _recuse(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.recuse(tip=tip, by=visitor.by, now=visitor.now)


def _identity(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    purpose = _one_of(IdentityPurpose, typed.get("purpose", ""))
    operations.ask_identity(tip=tip, purpose=purpose, by=visitor.by, now=visitor.now)


ACTS: dict[str, Act] = {
    "answer": _answer,
    "close": _close,
    "decline": _decline,
    "reopen": _reopen,
    "recuse": _recuse,
    "identity": _identity,
}


def _one_of(listed: type[Listed], typed: str) -> Listed:
    try:
        return listed(typed)
    except ValueError as error:
        raise Refused(_("Please fill this in."), code="missing") from error


def _key_for(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> MemberKey | None:
    """The visitor's key; a tip they may not know of does not exist, locked or not."""
    queries.tip_header(tip, visitor.scope.person, visitor.today)
    return tip_key.held_key(request, visitor)


def _show(
    request: HttpRequest,
    visitor: Visitor,
    tip: uuid.UUID,
    key: MemberKey,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    view = operations.open_tip(tip=tip, key=key, by=visitor.by, now=visitor.now)
    context = {
        "visitor": visitor,
        "section": "tips",
        "view": view,
        "error": error,
        "typed": request.POST.get("text", ""),
        "outcomes": list(TipOutcome),
        "doors": list(RightDoor),
        "purposes": list(IdentityPurpose),
        "may_close": TipStepKind.CLOSED in view.may,
        "may_reopen": TipStepKind.REOPENED in view.may,
    }
    return render(request, "desk/tip.html", context, status=status)
