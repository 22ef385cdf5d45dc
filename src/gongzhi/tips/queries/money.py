"""The reward rule, the rewards that wait, and the fund."""

import uuid
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotAllowed, NotFound
from gongzhi.programs import queries as programs
from gongzhi.programs.types import TipRules
from gongzhi.tips import access, views
from gongzhi.tips import fund as ledger_of_money
from gongzhi.tips.models import FundMove, Reward
from gongzhi.tips.types import FundMoveKind, FundMoveView, FundView, RewardState, RewardView

PAGE = 50
FINANCE_MAY = frozenset({"approve_as_finance", "refuse"})


def reward_rule(on: date) -> TipRules:
    """The rule in force: grades, cap, from where on finance approves, claim period; amounts in fen."""
    rules = programs.current_tip_rules(on)
    if rules is None:
        raise NotFound(_("No rule for rewards is in force."), code="no_rule")
    return rules


def rewards_waiting(person: uuid.UUID, on: date) -> list[RewardView]:
    """Rewards this person may decide on; finance sees amounts, never the tip."""
    if accounts.scope_of(person, on).has(Role.FINANCE):
        held = Reward.objects.filter(state=RewardState.AWAITING_FINANCE).order_by("id")
        return [views.reward_view(row, FINANCE_MAY) for row in held]
    proposed = Reward.objects.filter(state=RewardState.PROPOSED).select_related("tip").order_by("id")
    seen = [views.reward(row.tip, person) for row in proposed if access.can_open(row.tip, person, on)]
    return [view for view in seen if view and view.may]


def fund(person: uuid.UUID, on: date, offset: int = 0) -> FundView:
    """The reward fund with its movements; for finance and tip members."""
    if not accounts.scope_of(person, on).has(Role.FINANCE, Role.TIP_MEMBER):
        raise NotAllowed(_("The fund is shown to finance and to tip members."), code="not_your_role")
    state = ledger_of_money.state()
    rows = list(FundMove.objects.order_by("-seq")[offset : offset + PAGE + 1])
    people = {row.id: Actor.parse(row.actor).person_id for row in rows}
    names = accounts.names_of(i for i in people.values() if i)
    moves = tuple(
        FundMoveView(row.seq, FundMoveKind(row.kind), row.amount, row.at, names.get(people[row.id], ""))  # type: ignore[arg-type]
        for row in rows[:PAGE]
    )
    more = offset + PAGE if len(rows) > PAGE else None
    return FundView(state.deposited, state.available, state.reserved, state.paid, moves, more)
