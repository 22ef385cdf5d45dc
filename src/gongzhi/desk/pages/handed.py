"""Redacted copies of tips at the desk of the unit that checks them: the list, one copy opened, the answer to it."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages.tip import saved
from gongzhi.desk.pages.tips import uuid_of
from gongzhi.desk.tip_key import for_handlers
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries
from gongzhi.tips.types import MemberKey


@require_safe
@for_handlers
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The copies handed to this person, without a word of them."""
    return listing(request, visitor)


@require_http_methods(["GET", "HEAD", "POST"])
@for_handlers
def copy(request: HttpRequest, visitor: Visitor, hand_over: uuid.UUID) -> HttpResponseBase:
    """Sent, it opens the copy, which is noted; opened, the copy, until the key is locked."""
    key = tip_key.held_key(request, visitor)
    if key is None:
        return listing(request, visitor, status=403)
    if request.method == "POST":
        operations.open_handed(hand_over=hand_over, key=key, by=visitor.by, now=visitor.now)
        tip_key.mark_opened(request, hand_over)
        return redirect("desk:handed_copy", hand_over=hand_over)
    if not tip_key.is_opened(request, hand_over):
        return redirect("desk:handed")
    return _show(request, visitor, hand_over, key)


@require_POST
@for_handlers
def answer(request: HttpRequest, visitor: Visitor, hand_over: uuid.UUID) -> HttpResponseBase:
    """What the unit found out, to the tip unit."""
    key = tip_key.held_key(request, visitor)
    if key is None:
        return listing(request, visitor, status=403)
    text = request.POST.get("text", "")
    try:
        operations.answer_handed(hand_over=hand_over, text=text, key=key, by=visitor.by, now=visitor.now)
    except Refused as refused:
        if not tip_key.is_opened(request, hand_over):
            raise
        return _show(request, visitor, hand_over, key, error=str(refused.message), status=refused.status)
    back = redirect("desk:handed")
    tip_key.put_away(request, back, key, visitor)
    return back


@require_POST
@for_handlers
def file(request: HttpRequest, visitor: Visitor, hand_over: uuid.UUID) -> HttpResponseBase:
    """A cleaned file that went along; noted."""
    key = tip_key.held_key(request, visitor)
    if key is None:
        return listing(request, visitor, status=403)
    wanted = uuid_of(request.POST.get("file", ""))
    found = operations.open_handed_file(
        hand_over=hand_over, file=wanted, key=key, by=visitor.by, now=visitor.now
    )
    return saved(found)


def listing(request: HttpRequest, visitor: Visitor, *, error: str = "", status: int = 200) -> HttpResponse:
    """The list of copies, with one's key."""
    person = visitor.scope.person
    context = {
        "visitor": visitor,
        "section": "handed",
        "error": error,
        "copies": queries.handed_to(person),
        "state": queries.key_state(person, visitor.today),
        "unlocked": tip_key.held_key(request, visitor) is not None,
    }
    return render(request, "desk/handed.html", context, status=status)


def _show(
    request: HttpRequest,
    visitor: Visitor,
    hand_over: uuid.UUID,
    key: MemberKey,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "visitor": visitor,
        "section": "handed",
        "error": error,
        "typed": request.POST.get("text", ""),
        "view": queries.handed_copy(hand_over, key, visitor.today),
    }
    return render(request, "desk/handed_copy.html", context, status=status)
