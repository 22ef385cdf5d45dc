"""Rewards at the desk: the fund, what waits for a second person or for finance, and the cash desk."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts.types import Role
from gongzhi.base.errors import Refused
from gongzhi.desk import money
from gongzhi.desk.tip_key import for_rewards
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries
from gongzhi.tips.types import ClaimView

DECISIONS: dict[str, Callable[..., None]] = {
    "approve": operations.approve_reward,
    "approve_as_finance": operations.approve_as_finance,
    "refuse": operations.refuse_reward,
}


@require_safe
@for_rewards
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The fund with its movements and the rewards this person may decide on."""
    return _show(request, visitor)


@require_POST
@for_rewards
def decide(request: HttpRequest, visitor: Visitor, reward: uuid.UUID) -> HttpResponseBase:
    """Approve or refuse; who proposed it, or handles the tip, can't."""
    operation = DECISIONS.get(request.POST.get("act", ""))
    if operation is None:
        raise Http404
    try:
        operation(reward=reward, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return _show(request, visitor, error=str(refused.message), status=refused.status)
    return redirect("desk:rewards")


@require_POST
@for_rewards
def deposit(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Money comes into the fund; finance only."""
    try:
        amount = money.fen(request.POST.get("amount", ""), field="amount")
        operations.deposit(amount=amount, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return _show(request, visitor, error=str(refused.message), status=refused.status)
    messages.success(request, _("Put into the fund: %s.") % money.yuan(amount))
    return redirect("desk:rewards")


@require_POST
@for_rewards
def claim(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """What a claim code is worth, and then its payment; the clerk sees an amount and nothing else."""
    code = request.POST.get("claim_code", "")
    try:
        if request.POST.get("act") == "pay":
            paid = operations.pay_reward(claim_code=code, by=visitor.by, now=visitor.now)
            messages.success(request, _("Paid out and on record: %s.") % money.yuan(paid))
            return redirect("desk:rewards")
        found = operations.find_claim(claim_code=code, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return _show(request, visitor, error=str(refused.message), status=refused.status)
    return _show(request, visitor, found=found, code=code)


def _show(
    request: HttpRequest,
    visitor: Visitor,
    *,
    found: ClaimView | None = None,
    code: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    offset = request.GET.get("from", "")
    context = {
        "visitor": visitor,
        "section": "rewards",
        "fund": queries.fund(visitor.scope.person, visitor.today, int(offset) if offset.isdecimal() else 0),
        "waiting": queries.rewards_waiting(visitor.scope.person, visitor.today),
        "rule": queries.reward_rule(visitor.today),
        "finance": visitor.scope.has(Role.FINANCE),
        "found": found,
        "code": code,
        "error": error,
    }
    return render(request, "desk/rewards.html", context, status=status)
