"""Public proof: the signed heads of the log, as a page, as data and as a feed, and the proof of one case."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code
from gongzhi.cases import queries
from gongzhi.cases.pictures import CaseProof, OwnWords, ProvedStep
from gongzhi.portal import limiter, receipts
from gongzhi.portal.pages.case import MOST_WRONG_CODES, MOST_WRONG_RECEIPTS
from gongzhi.trust import heads, signing
from gongzhi.trust.types import Head

BUNDLE_VERSION = 1
ON_A_PAGE, IN_THE_FEED, IN_ONE_ANSWER = 24, 48, 1000


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the proof shows, the latest head, and all heads page by page."""
    pages = Paginator(heads.Listing(), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {"latest": heads.latest(), "heads": shown, "keys": list(signing.public_keys().values())}
    return render(request, "portal/proof.html", context)


@require_safe
@never_cache
def heads_json(request: HttpRequest) -> JsonResponse:
    """The heads after a number, oldest first, a thousand at a time."""
    after = _number(request, "after")
    found = [heads.as_json(head) for head in heads.since(after, IN_ONE_ANSWER)]
    return _json({"heads": found, "more": len(found) == IN_ONE_ANSWER})


@require_safe
def keys_json(request: HttpRequest) -> JsonResponse:
    """Every public key that has signed heads."""
    return _json({"keys": _keys()})


@require_safe
def heads_atom(request: HttpRequest) -> HttpResponse:
    """The newest heads as an Atom feed, so that anybody's reader keeps a copy."""
    site = settings.GONGZHI_PUBLIC_URL
    feed = Atom1Feed(
        title=_("Signed heads of the public log"),
        link=f"{site}{reverse('portal:proof')}",
        description="",
        feed_url=f"{site}{reverse('portal:proof_feed')}",
    )
    for head in heads.newest(IN_THE_FEED):
        feed.add_item(
            title=_("Head %(number)d: %(size)d entries") % {"number": head.number, "size": head.size},
            link=f"{site}{reverse('portal:proof_heads')}?after={head.number - 1}",
            description=heads.as_line(head),
            unique_id=f"{site}{reverse('portal:proof')}#{head.number}",
            updateddate=head.signed_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
@never_cache
def extends_json(request: HttpRequest) -> JsonResponse:
    """The proof that a newer head's log begins with an older one's."""
    old, new = heads.numbered(_number(request, "old")), heads.numbered(_number(request, "new"))
    if old is None or new is None or old.number > new.number:
        raise NotFound(_("There are no such heads."), code="no_heads")
    path = heads.extension(old, new)
    return _json({"old": heads.as_json(old), "new": heads.as_json(new), "path": path})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def case_json(request: HttpRequest, code: str) -> HttpResponse:
    """The proof of one case; sent with the receipt it also holds the reporter's own words, to be kept private."""
    code = clean_code(code)
    limiter.refuse_when_over(request, "code", MOST_WRONG_CODES)
    receipt = _receipt(request, code)
    head = heads.latest()
    try:
        proof = queries.proof_of(code, receipt, head.size if head else 0)
    except NotFound:
        limiter.count(request, "code")
        raise
    if receipt and not proof.is_reporter:
        limiter.count(request, f"receipt:{code}")
    answer = _json(_bundle(proof, head))
    if request.method == "POST" or request.GET.get("save"):
        answer["Content-Disposition"] = f'attachment; filename="gongzhi-{code}.json"'
    return answer


def _receipt(request: HttpRequest, code: str) -> str:
    """The receipt code sent along, else the one shown in this visit; only by POST, so that no address holds it."""
    if request.method != "POST":
        return ""
    limiter.refuse_when_over(request, f"receipt:{code}", MOST_WRONG_RECEIPTS)
    return clean_code(request.POST.get("receipt", "")) or receipts.shown(request.session, code)


def _bundle(proof: CaseProof, head: Head | None) -> dict[str, Any]:
    before = heads.numbered(head.number - 1) if head else None
    return {
        "v": BUNDLE_VERSION,
        "case": proof.code,
        "made_at": f"{timezone.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "head": heads.as_json(head) if head else None,
        "earlier": _earlier(before, head) if head and before else None,
        "keys": _keys(),
        "steps": [_step(step) for step in proof.steps],
        "own": _own(proof.own) if proof.own else None,
    }


def _earlier(before: Head, head: Head) -> dict[str, Any]:
    return {"head": heads.as_json(before), "path": heads.extension(before, head)}


def _step(step: ProvedStep) -> dict[str, Any]:
    at = f"{step.happened_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if step.happened_at else None
    place = step.place
    return {
        "seq": step.seq,
        "digest": step.digest.hex(),
        "kind": step.kind or None,
        "at": at,
        "entry": place.index if place else None,
        "path": [each.hex() for each in place.path] if place else [],
    }


def _own(own: OwnWords) -> dict[str, Any]:
    return {
        "seq": own.seq,
        "form": own.form.decode(),
        "salt": own.salt.hex(),
        "value": own.value.decode(),
    }


def _keys() -> list[dict[str, Any]]:
    return [heads.key_as_json(key) for key in signing.public_keys().values()]


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _json(told: dict[str, Any]) -> JsonResponse:
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
