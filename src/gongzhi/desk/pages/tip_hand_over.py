"""Handing a tip over: choose messages, cut words out, look at what is left, and only then send that."""

import hashlib
import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages.tip import key_for
from gongzhi.desk.pages.tips import uuid_of
from gongzhi.desk.tip_key import for_members
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries
from gongzhi.tips.types import MemberKey, MessageView, Piece


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def page(request: HttpRequest, visitor: Visitor, tip: uuid.UUID) -> HttpResponseBase:
    """The form; its first answer is the preview, and what is sent is what was previewed."""
    key = key_for(request, visitor, tip)[1]
    if key is None or not tip_key.is_opened(request, tip):
        return redirect("desk:tip", tip=tip)
    if request.method != "POST":
        return _form(request, visitor, tip, key)
    try:
        text = _preview(request.POST, visitor, tip, key)
        if request.POST.get("seen") != _mark(text, request.POST):
            return _form(request, visitor, tip, key, preview=text)
        _send(request.POST, visitor, tip, key)
    except Refused as refused:
        return _form(request, visitor, tip, key, error=str(refused.message), status=refused.status)
    answer = redirect("desk:tip", tip=tip)
    tip_key.put_away(request, answer, key, visitor)
    return answer


def _preview(given: QueryDict, visitor: Visitor, tip: uuid.UUID, key: MemberKey) -> str:
    pieces = _pieces(given, queries.tip_for_member(tip, key, visitor.today).messages)
    return operations.preview_hand_over(
        tip=tip, pieces=pieces, note=given.get("note", ""), key=key, by=visitor.by, now=visitor.now
    )


def _send(given: QueryDict, visitor: Visitor, tip: uuid.UUID, key: MemberKey) -> None:
    operations.hand_over(
        tip=tip,
        to=uuid_of(given.get("to", "")),
        pieces=_pieces(given, queries.tip_for_member(tip, key, visitor.today).messages),
        note=given.get("note", ""),
        files=[uuid_of(typed) for typed in given.getlist("files")],
        key=key,
        by=visitor.by,
        now=visitor.now,
    )


def _pieces(given: QueryDict, messages: Sequence[MessageView]) -> list[Piece]:
    """The chosen messages, with every place where the words to cut stand."""
    chosen = set(given.getlist("pieces"))
    return [
        Piece(one.id, queries.spans_of(one.text, _cuts(given, one)))
        for one in messages
        if str(one.id) in chosen
    ]


def _cuts(given: QueryDict, message: MessageView) -> list[str]:
    typed = given.get(f"cut-{message.id}", "").splitlines()
    return [line.strip() for line in typed if line.strip()]


def _mark(text: str, given: QueryDict) -> str:
    """What was looked at: the words, who gets them, and the files that go along."""
    seen = [text, given.get("to", ""), *sorted(given.getlist("files"))]
    return hashlib.sha256("\0".join(seen).encode()).hexdigest()


def _form(
    request: HttpRequest,
    visitor: Visitor,
    tip: uuid.UUID,
    key: MemberKey,
    *,
    preview: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    view, given = queries.tip_for_member(tip, key, visitor.today), request.POST
    context = {
        "visitor": visitor,
        "section": "tips",
        "view": view,
        "handlers": queries.handlers(tip, visitor.scope.person, visitor.today),
        "messages_to_cut": [(one, given.get(f"cut-{one.id}", "")) for one in view.messages],
        "chosen": given.getlist("pieces") + given.getlist("files"),
        "to": given.get("to", ""),
        "note": given.get("note", ""),
        "preview": preview,
        "seen": _mark(preview, given) if preview else "",
        "error": error,
    }
    return render(request, "desk/tip_hand_over.html", context, status=status)
