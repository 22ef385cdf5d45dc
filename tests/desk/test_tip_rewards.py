"""Rewards at the desk: proposed by one, approved by another, by finance above a level, paid against a code."""

import re
import uuid

import pytest

from gongzhi.tips import operations, queries
from gongzhi.tips.models import Reward
from gongzhi.tips.types import RewardState
from tests.desk.conftest import Staff
from tests.desk.test_tips import opened, words_of
from tests.tips.conftest import WORDS, YUAN, TipTown, cheap_guesses, town

__all__ = ["cheap_guesses", "town"]

PAGE = "/desk/tips/rewards/"


def proposed(town: TipTown, fines: str = "200,000") -> tuple[uuid.UUID, uuid.UUID]:
    """A closed tip and the reward the first member proposes for it."""
    tip = town.closed()
    sent = opened("tipmember", tip).client.post(
        f"/desk/tips/{tip}/reward/", {"grade": "first", "fines": fines}
    )
    assert sent.status_code == 302
    return tip, Reward.objects.get(tip=tip).uuid


def decide(name: str, reward: uuid.UUID, act: str) -> int:
    return Staff(name).client.post(f"{PAGE}{reward}/", {"act": act}).status_code


def state(reward: uuid.UUID) -> str:
    return Reward.objects.get(id=reward).state


def test_two_people_and_neither_of_them_the_same(town: TipTown):
    tip, reward = proposed(town)
    assert decide("tipmember", reward, "approve") == 422
    assert state(reward) == RewardState.PROPOSED
    assert "¥10,000.00" in words_of(Staff("tipmember2"), PAGE)
    assert decide("tipmember2", reward, "approve") == 302
    assert state(reward) == RewardState.CLAIMABLE
    assert "¥10,000.00" in words_of(opened("tipmember", tip), f"/desk/tips/{tip}/")


def test_above_the_level_finance_decides_and_sees_no_tip(town: TipTown):
    operations.deposit(amount=2_000_000 * YUAN, by=town.who("finance"), now=town.now)
    tip, reward = proposed(town, "20000000")
    assert decide("finance", reward, "approve_as_finance") == 409
    decide("tipmember2", reward, "approve")
    assert state(reward) == RewardState.AWAITING_FINANCE
    page = words_of(Staff("finance"), PAGE)
    assert ("¥1,000,000.00" in page, str(tip) in page, WORDS in page) == (True, False, False)
    assert decide("finance", reward, "approve_as_finance") == 302
    assert state(reward) == RewardState.CLAIMABLE


def test_a_refused_reward_may_be_proposed_again(town: TipTown):
    tip, reward = proposed(town)
    assert decide("tipmember2", reward, "refuse") == 302
    assert state(reward) == RewardState.REFUSED
    page = words_of(opened("tipmember", tip), f"/desk/tips/{tip}/")
    assert 'name="grade"' in page


def test_the_clerk_pays_against_the_code_and_only_once(town: TipTown):
    receipt = town.submit().receipt
    key = operations.open_receipt(receipt=receipt, now=town.now)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    member = opened("tipmember", key.tip)
    member.client.post(f"/desk/tips/{key.tip}/reward/", {"grade": "first", "fines": "200000"})
    decide("tipmember2", Reward.objects.get(tip=key.tip).uuid, "approve")
    code = operations.claim_reward(key=key, now=town.now)
    clerk = Staff("finance")
    found = clerk.client.post(f"{PAGE}claim/", {"claim_code": code}).content.decode()
    assert ("¥10,000.00" in found, str(key.tip) in found, WORDS in found) == (True, False, False)
    assert queries.fund(town.id("finance"), town.now.date()).paid == 0
    paid = {"claim_code": code, "act": "pay"}
    assert [clerk.client.post(f"{PAGE}claim/", paid).status_code for _ in range(2)] == [302, 409]
    assert queries.fund(town.id("finance"), town.now.date()).paid == 10_000 * YUAN
    assert code not in words_of(clerk, PAGE)


def test_a_wrong_code_and_a_wrong_clerk_get_nothing(town: TipTown):
    assert Staff("finance").client.post(f"{PAGE}claim/", {"claim_code": "1" * 12}).status_code == 404
    assert Staff("tipmember").client.post(f"{PAGE}claim/", {"claim_code": "1" * 12}).status_code == 403


def test_the_fund_shows_every_movement_and_takes_money_from_finance_only(town: TipTown):
    clerk = Staff("finance")
    assert clerk.client.post(f"{PAGE}deposit/", {"amount": "1200.50"}).status_code == 302
    assert "¥1,001,200.50" in words_of(clerk, PAGE)
    assert Staff("tipmember").client.post(f"{PAGE}deposit/", {"amount": "1"}).status_code == 403
    for typed in ("", "-1", "1.234", "一千"):
        assert clerk.client.post(f"{PAGE}deposit/", {"amount": typed}).status_code == 422
    assert queries.fund(town.id("finance"), town.now.date()).deposited == 1_001_200 * YUAN + 50


@pytest.mark.parametrize("name", ["custodian", "handler3", "dispatcher", "head"])
def test_to_everybody_else_there_is_no_fund(town: TipTown, name):
    _, reward = proposed(town)
    assert Staff(name).client.get(PAGE).status_code == 404
    for address in (f"{reward}/", "deposit/", "claim/"):
        assert Staff(name).client.post(PAGE + address, {"act": "approve"}).status_code == 404
    assert state(reward) == RewardState.PROPOSED


def test_finance_begins_at_the_fund(town: TipTown):
    answer = Staff("finance").client.get("/desk/")
    assert re.fullmatch(PAGE, answer["Location"])
