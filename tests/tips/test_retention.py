"""Nothing live is erased, nothing is erased unwarned, and a tombstone stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongzhi.base.errors import NotFound, Refused
from gongzhi.notices import queries as notices
from gongzhi.tips import operations, queries, upkeep, verification
from gongzhi.tips.models import Access, Share, Tip, TipMessage, TipStep
from gongzhi.tips.types import Identity, TipStepKind
from tests.tips.conftest import NOW, TipTown

YEARS = timedelta(days=1095)
MONTH = timedelta(days=30)


def test_a_live_tip_is_never_erased(town: TipTown):
    tip = town.read()
    for years in (3, 10, 50):
        upkeep.sweep(NOW + years * timedelta(days=366))
    row = Tip.objects.get(id=tip)
    assert row.erase_on is None and row.erased_on is None
    assert TipMessage.objects.filter(tip=tip).exists()


def test_the_database_itself_refuses_to_call_a_live_tip_erased(town: TipTown):
    tip = town.read()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tip.objects.filter(id=tip).update(erased_on=NOW.date())


def test_a_closed_tip_is_warned_of_then_erased_and_a_tombstone_stays(town: TipTown):
    sent = town.submit(identity=Identity(name="赵某"))
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    copy = town.hand(key.tip)
    town.close(key.tip)
    upkeep.sweep(NOW + YEARS - MONTH - timedelta(days=1))
    assert Tip.objects.get(id=key.tip).erase_on is None
    before = len(notices.inbox(town.id("tipmember")))
    upkeep.sweep(NOW + YEARS - MONTH)
    assert Tip.objects.get(id=key.tip).erase_on == (NOW + YEARS).date()
    assert len(notices.inbox(town.id("tipmember"))) == before + 1
    assert queries.tip_for_reporter(key, NOW.date()).erase_on == (NOW + YEARS).date()
    upkeep.sweep(NOW + YEARS - timedelta(days=1))
    assert TipMessage.objects.filter(tip=key.tip).exists()
    upkeep.sweep(NOW + YEARS)
    stone = Tip.objects.get(id=key.tip)
    assert stone.erased_on == (NOW + YEARS).date() and stone.locator is None
    assert TipStep.objects.filter(tip=key.tip).last().kind == TipStepKind.ERASED
    assert not TipMessage.objects.filter(tip=key.tip).exists()
    assert not Access.objects.filter(tip=key.tip).exists()
    assert Share.objects.count() == 3  # those of the recovery key; the identity's are gone
    for attempt in (
        lambda: operations.open_receipt(receipt=sent.receipt, now=NOW),
        lambda: queries.tip_for_reporter(key, NOW.date()),
        lambda: operations.open_tip(tip=key.tip, **town.acting("tipmember")),
        lambda: operations.open_handed(hand_over=copy, **town.acting("handler3")),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert verification.problems() == []


def test_a_sweep_that_comes_late_still_warns_a_month_before(town: TipTown):
    tip = town.closed()
    late = NOW + 2 * YEARS
    upkeep.sweep(late)
    upkeep.sweep(late + MONTH - timedelta(days=1))
    assert TipMessage.objects.filter(tip=tip).exists()
    upkeep.sweep(late + MONTH)
    assert not TipMessage.objects.filter(tip=tip).exists()


def test_a_member_can_keep_it_longer_and_reopening_ends_the_date(town: TipTown):
    tip = town.closed()
    upkeep.sweep(NOW + YEARS - MONTH)
    operations.keep_longer(tip=tip, **town.acting("tipmember", NOW + YEARS - MONTH))
    upkeep.sweep(NOW + YEARS + MONTH)
    assert TipMessage.objects.filter(tip=tip).exists()
    operations.reopen_tip(tip=tip, **town.acting("tipmember", NOW + YEARS))
    upkeep.sweep(NOW + 5 * YEARS)
    assert TipMessage.objects.filter(tip=tip).exists()


def test_an_open_reward_keeps_a_tip(town: TipTown):
    tip = town.closed()
    operations.propose_reward(tip=tip, grade="third", fines=0, by=town.who("tipmember"), now=NOW)
    upkeep.sweep(NOW + YEARS)
    upkeep.sweep(NOW + 2 * YEARS)
    assert TipMessage.objects.filter(tip=tip).exists()


def test_the_reporter_of_an_erased_tip_can_not_write(town: TipTown):
    sent = town.submit()
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    upkeep.sweep(NOW + YEARS)
    upkeep.sweep(NOW + YEARS + MONTH)
    with pytest.raises(Refused):
        operations.add_message(key=key, text="还在吗", now=NOW + 2 * YEARS)
