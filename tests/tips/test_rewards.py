"""Rewards: decided by two, paid by a third, every fen accounted for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.accounts.types import Role
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.programs import queries as programs
from gongzhi.tips import operations, queries, rules, upkeep, verification
from gongzhi.tips.models import FundMove, Reward
from gongzhi.tips.types import FundMoveKind, RewardState
from tests.tips.conftest import NOW, YUAN, TipTown

ON = NOW.date()


def granted(town: TipTown, fines: int = 200_000) -> tuple:
    sent = town.submit()
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    reward = propose(town, key.tip, fines)
    operations.approve_reward(reward=reward, by=town.who("tipmember2"), now=NOW)
    return key, reward


def propose(town: TipTown, tip, fines: int = 200_000):
    return operations.propose_reward(
        tip=tip, grade="first", fines=fines * YUAN, by=town.who("tipmember"), now=NOW
    )


def test_the_rule_has_shares_floors_and_a_cap(town: TipTown):
    rule = programs.current_tip_rules(ON)
    assert rule is not None
    amounts = [
        rules.reward_amount(rule, grade, fines * YUAN) // YUAN
        for grade, fines in (
            ("first", 1_000_000),
            ("second", 1_000_000),
            ("third", 1_000_000),
            ("first", 0),
            ("second", 10),
            ("third", 99_000),
            ("first", 99_000_000),
        )
    ]
    assert amounts == [50_000, 30_000, 10_000, 5_000, 3_000, 1_000, 1_000_000]
    assert rules.needs_finance(rule, 500_000 * YUAN) and not rules.needs_finance(rule, 500_000 * YUAN - 1)


def test_a_reward_goes_from_proposal_to_payment_against_a_claim_code(town: TipTown):
    key, _ = granted(town)
    seen = queries.tip_for_reporter(key, ON).reward
    assert seen and seen.state is RewardState.CLAIMABLE and seen.amount == 10_000 * YUAN
    code = operations.claim_reward(key=key, now=NOW)
    assert len(code) == 12
    worth = operations.find_claim(claim_code=code, by=town.who("finance"), now=NOW)
    assert (worth.amount, worth.paid) == (10_000 * YUAN, False)
    assert not hasattr(worth, "tip")
    assert operations.pay_reward(claim_code=code, by=town.who("finance"), now=NOW) == 10_000 * YUAN
    fund = queries.fund(town.id("finance"), ON)
    assert (fund.deposited, fund.available, fund.reserved, fund.paid) == tuple(
        n * YUAN for n in (1_000_000, 990_000, 0, 10_000)
    )
    assert verification.problems() == []


def test_nobody_is_paid_twice(town: TipTown):
    key, _ = granted(town)
    code = operations.claim_reward(key=key, now=NOW)
    operations.pay_reward(claim_code=code, by=town.who("finance"), now=NOW)
    with pytest.raises(Conflict):
        operations.pay_reward(claim_code=code, by=town.who("finance"), now=NOW)
    with pytest.raises(NotFound):
        operations.claim_reward(key=key, now=NOW)


def test_a_new_claim_code_makes_the_old_one_worthless(town: TipTown):
    key, _ = granted(town)
    old, new = (operations.claim_reward(key=key, now=NOW) for _ in range(2))
    with pytest.raises(NotFound):
        operations.pay_reward(claim_code=old, by=town.who("finance"), now=NOW)
    assert operations.pay_reward(claim_code=new, by=town.who("finance"), now=NOW)


def test_one_alone_decides_nothing(town: TipTown):
    reward = propose(town, town.closed())
    with pytest.raises(Refused) as refused:
        operations.approve_reward(reward=reward, by=town.who("tipmember"), now=NOW)
    assert refused.value.code == "two_needed"
    for outsider in ("tipmember3", "custodian", "handler3"):
        with pytest.raises(NotFound):
            operations.approve_reward(reward=reward, by=town.who(outsider), now=NOW)


def test_whoever_handles_the_tip_decides_nothing(town: TipTown):
    tip = town.read()
    town.hand(tip)
    town.close(tip)
    reward = propose(town, tip)
    town.grant(town.id("tipmember2"), Role.HANDLER, "police")
    with pytest.raises(NotAllowed) as refused:
        operations.approve_reward(reward=reward, by=town.who("tipmember2"), now=NOW)
    assert refused.value.code == "handles_it"


def test_above_the_limit_finance_approves_and_another_clerk_pays(town: TipTown):
    key, reward = granted(town, 12_000_000)
    assert queries.tip_for_reporter(key, ON).reward is None
    assert [r.id for r in queries.rewards_waiting(town.id("finance"), ON)] == [reward]
    operations.approve_as_finance(reward=reward, by=town.who("finance"), now=NOW)
    code = operations.claim_reward(key=key, now=NOW)
    with pytest.raises(NotAllowed):
        operations.pay_reward(claim_code=code, by=town.who("finance"), now=NOW)
    assert operations.pay_reward(claim_code=code, by=town.who("finance2"), now=NOW) == 600_000 * YUAN


def test_the_fund_never_promises_what_it_does_not_have(town: TipTown):
    _, first = granted(town, 12_000_000)
    _, second = granted(town, 12_000_000)
    operations.approve_as_finance(reward=first, by=town.who("finance"), now=NOW)
    with pytest.raises(Refused) as refused:
        operations.approve_as_finance(reward=second, by=town.who("finance"), now=NOW)
    assert refused.value.code == "fund_empty"


def test_an_unclaimed_reward_returns_to_the_fund(town: TipTown):
    key, reward = granted(town)
    upkeep.sweep(NOW + timedelta(days=180))
    assert Reward.objects.get(id=reward).state == RewardState.CLAIMABLE
    upkeep.sweep(NOW + timedelta(days=181))
    assert Reward.objects.get(id=reward).state == RewardState.LAPSED
    assert queries.fund(town.id("finance"), ON).available == 1_000_000 * YUAN
    with pytest.raises(NotFound):
        operations.claim_reward(key=key, now=NOW + timedelta(days=181))
    assert verification.problems() == []


def test_only_what_was_found_true_is_rewarded_once(town: TipTown):
    tip = town.read()
    operations.close_tip(tip=tip, outcome="not_borne_out", words="查无此事", **town.acting("tipmember"))
    with pytest.raises(Refused) as refused:
        propose(town, tip)
    assert refused.value.code == "not_true"
    other = town.closed()
    reward = propose(town, other)
    with pytest.raises(Conflict):
        propose(town, other)
    operations.refuse_reward(reward=reward, by=town.who("tipmember2"), now=NOW)
    assert propose(town, other)


def test_only_finance_touches_the_money(town: TipTown):
    for name in ("tipmember", "custodian", "dispatcher", "sysadmin"):
        with pytest.raises(NotAllowed):
            operations.deposit(amount=1, by=town.who(name), now=NOW)
        with pytest.raises(NotAllowed):
            operations.find_claim(claim_code="1" * 12, by=town.who(name), now=NOW)


def test_the_ledger_of_the_fund_names_no_tip(town: TipTown):
    key, _ = granted(town)
    operations.pay_reward(
        claim_code=operations.claim_reward(key=key, now=NOW), by=town.who("finance"), now=NOW
    )
    assert str(key.tip) not in repr(list(FundMove.objects.values()))


moves = st.lists(
    st.builds(rules.Move, st.sampled_from(FundMoveKind), st.integers(min_value=-5, max_value=1_000_000)),
    max_size=60,
)


@given(moves)
def test_the_fund_never_goes_below_zero_and_no_fen_appears_or_vanishes(asked: list[rules.Move]):
    state, came_in = rules.EMPTY, 0
    for move in asked:
        try:
            state = rules.moved(state, move)
        except Refused:
            continue
        came_in += move.amount if move.kind is FundMoveKind.DEPOSITED else 0
        assert min(state.available, state.reserved, state.paid) >= 0
        assert state.deposited == came_in == state.available + state.reserved + state.paid
