"""Two administrators at the same moment."""

from functools import partial

from gongzhi.accounts import queries
from gongzhi.accounts.types import ADMIN_ROLES, Role
from gongzhi.base.errors import Refused
from tests.accounts.county import TODAY, give, hire, make_county
from tests.accounts.side_by_side import side_by_side


def test_two_administrations_given_at_once_leave_one(clean_cell):
    county = make_county()
    somebody = hire("somebody", "某人")
    results = side_by_side(*(partial(give, county, somebody, role) for role in sorted(ADMIN_ROLES)))
    assert sum(isinstance(result, Refused) for result in results) == 2
    assert len(queries.scope_of(somebody, TODAY).roles) == 1


def test_the_same_user_name_asked_for_at_once_is_given_once(clean_cell):
    make_county()
    results = side_by_side(*(partial(hire, "dispatcher", f"第{n}位") for n in range(3)))
    assert sum(isinstance(result, Refused) for result in results) == 2


def test_the_same_role_given_at_once_is_given_once(clean_cell):
    county = make_county()
    somebody = hire("somebody", "某人")
    results = side_by_side(*(partial(give, county, somebody, Role.HANDLER, "fire") for _ in range(3)))
    assert sum(isinstance(result, Refused) for result in results) == 2
