"""The lifecycle, blocking and redaction, without a database."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.base.errors import Refused
from gongzhi.tips import rules
from gongzhi.tips.rules.blocking import Member
from gongzhi.tips.types import BlockGround, TipStatus, TipStepKind

texts = st.text(alphabet="甲乙丙丁戊己 abc", max_size=40)
people = st.integers(min_value=0, max_value=5).map(lambda n: uuid.UUID(int=n))
organisations = st.integers(min_value=10, max_value=16).map(lambda n: uuid.UUID(int=n))
members = st.builds(
    Member,
    people,
    st.frozensets(organisations, min_size=1, max_size=2),
    st.frozensets(organisations, max_size=1),
)


@given(st.lists(st.sampled_from(TipStepKind), max_size=40))
def test_a_tip_is_erased_only_after_it_ended_and_stays_within_its_statuses(steps):
    status = TipStatus.RECEIVED
    for step in steps:
        if not rules.may_follow(status, step):
            continue
        if step is TipStepKind.ERASED:
            assert status.ended
            return
        status = rules.arrow(step).leads_to or status
        assert isinstance(status, TipStatus)


@given(st.lists(st.sampled_from(TipStepKind), max_size=40))
def test_nothing_is_handed_over_or_closed_unread(steps):
    status, read = TipStatus.RECEIVED, False
    for step in steps:
        if rules.may_follow(status, step):
            read = read or step in (TipStepKind.READ, TipStepKind.DECLINED)
            assert read or step not in (
                TipStepKind.HANDED_OVER,
                TipStepKind.CLOSED,
                TipStepKind.REWARD_PROPOSED,
            )
            status = rules.arrow(step).leads_to or status


def test_every_step_but_the_first_has_one_arrow_and_every_arrow_a_reason():
    assert sorted(a.step for a in rules.ARROWS) == sorted(set(TipStepKind) - {TipStepKind.RECEIVED})
    assert all(len(a.why) > 10 for a in rules.ARROWS)


def test_every_status_but_an_end_leads_on_to_an_end():
    def reachable(status, seen=()):
        after = {
            a.leads_to for a in rules.ARROWS if a.leads_to and status in a.starts and a.leads_to not in seen
        }
        return after.union(*(reachable(one, (*seen, *after)) for one in after)) if after else set()

    for status in TipStatus:
        assert status.ended or any(one.ended for one in reachable(status))


@given(
    st.lists(
        st.tuples(organisations, st.lists(members, max_size=4, unique_by=lambda m: m.person)),
        max_size=4,
        unique_by=lambda entry: entry[0],
    ),
    st.frozensets(organisations, max_size=3),
    st.frozensets(people, max_size=3),
)
def test_whoever_receives_may_know_and_an_earlier_unit_could_not(units, line, named):
    routed = rules.route(units, line, named)
    if routed is None:
        return
    held = next(m for u, m in units if u == routed.unit)
    assert routed.members
    for person in routed.members:
        [mine] = [m for m in held if m.person == person]
        assert person not in named
        assert not (mine.organisations | mine.interests) & line
    for unit, passed in units[: [u for u, _ in units].index(routed.unit)]:
        assert unit in line or all(rules.grounds(m, line, named) for m in passed)


def test_the_ground_is_the_first_that_fits():
    me, here, there = uuid.UUID(int=1), uuid.UUID(int=10), uuid.UUID(int=11)
    member = Member(me, frozenset({here}), frozenset({there}))
    assert rules.grounds(member, {here, there}, {me}) is BlockGround.NAMED
    assert rules.grounds(member, {here, there}, ()) is BlockGround.IN_LINE
    assert rules.grounds(member, {there}, ()) is BlockGround.INTEREST
    assert rules.grounds(member, {uuid.UUID(int=12)}, ()) is None


@given(texts, st.data())
def test_nothing_that_was_cut_is_left_and_the_rest_stays_in_order(text, data):
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).map(tuple)
    cuts = [c for c in data.draw(st.lists(spans, max_size=4)) if c[0] < c[1]]
    kept = "".join(c for i, c in enumerate(text) if not any(a <= i < b for a, b in cuts))
    assert rules.redact(text, cuts).replace(rules.CUT, "") == kept


@given(st.integers(1, 9), st.integers(1, 9))
def test_the_length_of_what_was_cut_can_not_be_told(one, other):
    assert rules.redact("前" + "密" * one + "后", [(1, 1 + one)]) == rules.redact(
        "前" + "密" * other + "后", [(1, 1 + other)]
    )


@pytest.mark.parametrize("cut", [(-1, 2), (2, 2), (3, 1), (0, 99)])
def test_a_cut_outside_the_text_is_refused(cut):
    with pytest.raises(Refused):
        rules.redact("一二三四", [cut])


def test_words_to_cut_are_found_wherever_they_stand_even_overlapping():
    assert rules.spans_of("三号楼旁的三号楼", ["三号楼", "号楼旁"]) == ((0, 3), (1, 4), (5, 8))
    assert rules.redact("哈哈哈走", rules.spans_of("哈哈哈走", ["哈哈"])) == f"{rules.CUT}走"
    for missing in ("四号楼", ""):
        with pytest.raises(Refused):
            rules.spans_of("三号楼", [missing])
