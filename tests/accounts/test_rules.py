"""Who may hold what: the pure rules."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.accounts.rules import Clash, clash, in_force
from gongzhi.accounts.types import ADMIN_ROLES, OPERATIONAL_ROLES, Role

DAY = date(2026, 6, 3)


def test_it_refuses_two_administrations_in_one_person():
    assert clash([Role.SYSTEM_ADMIN], Role.AUDIT_ADMIN) is Clash.TWO_ADMINISTRATIONS


def test_it_refuses_an_administrator_who_also_handles_matters():
    assert clash([Role.DISPATCHER], Role.SECURITY_ADMIN) is Clash.ADMIN_AND_OPERATION
    assert clash([Role.SECURITY_ADMIN], Role.DISPATCHER) is Clash.ADMIN_AND_OPERATION


def test_it_allows_several_operational_roles_and_the_same_administration_twice():
    assert clash([Role.DISPATCHER, Role.VERIFIER], Role.HANDLER) is None
    assert clash([Role.AUDIT_ADMIN], Role.AUDIT_ADMIN) is None


@given(st.lists(st.sampled_from(list(Role)), max_size=8))
def test_however_roles_are_asked_for_nobody_ends_up_with_two_kinds_of_power(wishes: list[Role]):
    held: set[Role] = set()
    for wanted in wishes:
        if clash(held, wanted) is None:
            held.add(wanted)
    assert len(held & ADMIN_ROLES) <= 1
    assert not (held & ADMIN_ROLES and held & OPERATIONAL_ROLES)


def test_a_period_holds_on_its_first_day_and_no_longer_on_its_last():
    assert in_force(DAY, None, DAY)
    assert not in_force(DAY, None, DAY - timedelta(days=1))
    assert in_force(DAY, DAY + timedelta(days=1), DAY)
    assert not in_force(DAY, DAY, DAY)
