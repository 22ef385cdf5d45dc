"""Whoever is close to what was reported can't know that a tip exists."""

import pytest

from gongzhi.accounts import operations as accounts_operations
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound, Refused
from gongzhi.tips import operations, queries
from gongzhi.tips.models import Access, Block, Tip
from gongzhi.tips.types import BlockGround, Identity
from tests.tips.conftest import DAY, NOW, TipTown

ON = NOW.date()


def can_see(town: TipTown, name: str) -> set:
    return {row.id for row in queries.tips_for(town.id(name), on=ON)}


def test_the_members_of_the_first_unit_receive(town: TipTown):
    tip = town.tip()
    assert can_see(town, "tipmember") == can_see(town, "tipmember2") == {tip}
    assert can_see(town, "tipmember3") == set()


@pytest.mark.parametrize(
    ("reported", "receives"),
    [
        ("centre.county", "tips.politics_law"),
        ("tips.centre", "tips.politics_law"),
        ("tips.politics_law", "tips.centre"),
        ("water", "tips.centre"),
    ],
)
def test_a_unit_in_line_with_what_was_reported_never_receives(town: TipTown, reported, receives):
    tip = town.tip(reported=town.organisation(reported))
    assert Tip.objects.get(id=tip).unit_id == town.organisation(receives)


def test_everything_above_and_below_is_the_line(town: TipTown):
    part = accounts_operations.create_organisation(
        code="police.station",
        name="派出所",
        kind=OrganisationKind.DEPARTMENT,
        parent=town.organisation("police"),
        by=SYSTEM,
        now=NOW,
    )
    town.grant(town.id("tipmember2"), Role.HANDLER, "police")
    tip = town.tip(reported=part)
    assert can_see(town, "tipmember") == {tip}
    assert can_see(town, "tipmember2") == set()
    assert Block.objects.get(tip=tip).ground == BlockGround.IN_LINE


def test_a_blocked_member_holds_no_key_and_meets_a_tip_that_does_not_exist(town: TipTown):
    tip = town.tip(keep_from=["沈受理"])
    assert can_see(town, "tipmember2") == set()
    assert not Access.objects.filter(tip=tip, key__person=town.id("tipmember2")).exists()
    stranger = town.acting("tipmember2")
    attempts = (
        lambda: operations.open_tip(tip=tip, **stranger),
        lambda: operations.recuse(tip=tip, by=town.who("tipmember2"), now=NOW),
        lambda: operations.answer_reporter(tip=tip, text="x", **stranger),
        lambda: queries.tip_header(tip, town.id("tipmember2"), ON),
        lambda: queries.handlers(tip, town.id("tipmember2"), ON),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_nobody_lets_a_blocked_member_in(town: TipTown):
    tip = town.tip(keep_from=[" 沈 受理 "])
    with pytest.raises(NotFound):
        operations.share_access(tip=tip, to=town.id("tipmember2"), **town.acting("tipmember"))
    assert queries.without_access(tip, town.id("tipmember"), ON) == []


def test_when_every_member_is_blocked_the_next_unit_receives(town: TipTown):
    tip = town.tip(keep_from=["沈受理", "许受理"])
    assert can_see(town, "tipmember3") == {tip}
    assert can_see(town, "tipmember") == can_see(town, "tipmember2") == set()


def test_when_nobody_may_know_it_is_refused_with_a_door_and_nothing_is_kept(town: TipTown):
    before = Tip.objects.count()
    with pytest.raises(Refused, match="110"):
        town.submit(keep_from=["沈受理", "许受理", "严受理"])
    assert Tip.objects.count() == before


def test_a_declared_interest_shuts_tips_that_are_there_and_those_to_come(town: TipTown):
    water = town.organisation("water")
    before = town.tip(reported=water)
    operations.declare_interest(organisation=water, by=town.who("tipmember2"), now=NOW)
    after = town.tip(reported=water)
    assert can_see(town, "tipmember") == {before, after}
    assert can_see(town, "tipmember2") == set()
    operations.end_interest(organisation=water, by=town.who("tipmember2"), now=NOW + DAY)
    later = town.tip(reported=water)
    assert can_see(town, "tipmember2") == {later}


def test_recusal_is_recorded_and_for_good_but_the_last_member_may_not(town: TipTown):
    tip = town.read()
    operations.recuse(tip=tip, by=town.who("tipmember2"), now=NOW)
    assert can_see(town, "tipmember2") == set()
    assert Block.objects.get(tip=tip).ground == BlockGround.RECUSED
    with pytest.raises(NotFound):
        operations.share_access(tip=tip, to=town.id("tipmember2"), **town.acting("tipmember"))
    with pytest.raises(Refused) as refused:
        operations.recuse(tip=tip, by=town.who("tipmember"), now=NOW)
    assert refused.value.code == "last_member"


def test_a_member_who_left_opens_nothing_with_the_key_they_still_have(town: TipTown):
    tip = town.tip()
    key = town.acting("tipmember2")
    accounts_operations.close_account(person=town.id("tipmember2"), by=SYSTEM, now=NOW, reason="调走")
    with pytest.raises(NotFound):
        operations.open_tip(tip=tip, **key)


def test_a_key_does_not_work_in_other_hands(town: TipTown):
    tip = town.tip()
    with pytest.raises(Refused) as refused:
        operations.open_tip(tip=tip, key=town.key("tipmember"), by=town.who("tipmember2"), now=NOW)
    assert refused.value.code == "not_your_key"


def test_nothing_is_handed_to_the_line_of_what_was_reported(town: TipTown):
    tip = town.read(reported=town.organisation("police"))
    assert "police" not in {o.code for o in queries.handlers(tip, town.id("tipmember"), ON)}
    with pytest.raises(Refused) as refused:
        town.hand(tip)
    assert refused.value.code == "no_handlers"
    assert "police" in {o.code for o in queries.handlers(town.read(), town.id("tipmember"), ON)}


def test_a_custodian_in_line_gets_no_share_and_is_not_asked(town: TipTown):
    tip = town.read(reported=town.organisation("justice"), identity=Identity(name="赵某"))
    operations.ask_identity(tip=tip, purpose="court_order", by=town.who("tipmember"), now=NOW)
    assert len(queries.ceremonies_for(town.id("custodian"), NOW)) == 1
    assert queries.ceremonies_for(town.id("custodian2"), NOW) == []
