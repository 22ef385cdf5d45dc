"""The demo's people: loaded twice they are the same, and one private password opens them."""

import os
import stat
import time
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from gongzhi.accounts import demo, queries
from gongzhi.accounts.models import AreaHead, Organisation, Person, RoleGrant, Team
from gongzhi.accounts.types import Role
from gongzhi.territory.types import Chain
from tests.accounts.county import GRID, NOW, TODAY, make_areas


@pytest.fixture
def areas(db, settings, tmp_path: Path):
    settings.GONGZHI_DATA = tmp_path
    return make_areas()


def counts() -> list[int]:
    return [model.objects.count() for model in (Organisation, Team, Person, RoleGrant, AreaHead)]


def test_loading_twice_changes_nothing_and_is_quick(areas):
    before = time.monotonic()
    demo.load(now=NOW)
    assert time.monotonic() - before < 5
    first, password = counts(), demo.sign_ins()[0].password
    demo.load(now=NOW)
    assert (counts(), demo.sign_ins()[0].password) == (first, password)


def test_every_printed_sign_in_opens_with_its_role(areas):
    demo.load(now=NOW)
    printed = demo.sign_ins()
    assert len(printed) == 19
    for sign_in in (printed[0], printed[-1]):
        assert authenticate(username=sign_in.username, password=sign_in.password) is not None
    titles = {role.label for role in Role}
    assert {sign_in.role for sign_in in printed} == titles
    assert all(sign_in.start.startswith("/") for sign_in in printed)


def test_the_password_file_is_private_and_a_lost_one_is_made_again(areas, settings):
    demo.load(now=NOW)
    path = Path(settings.GONGZHI_DATA) / demo.PASSWORD_FILE
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    path.unlink()
    assert demo.sign_ins() == []
    demo.load(now=NOW)
    again = demo.sign_ins()[0]
    assert authenticate(username=again.username, password=again.password) is not None


def test_every_township_has_a_centre_and_a_head_and_the_grid_has_a_leader(areas):
    demo.load(now=NOW)
    assert {"centre.county", "centre.330122001", "centre.330122002"} <= {
        o.code for o in queries.organisations("centre", on=TODAY)
    }
    worker = queries.person_by_username("gridworker")
    grant = queries.scope_of(worker.id, TODAY).grants[0]
    assert grant.area == areas[GRID]
    chain = Chain(county=areas["330122000000"], township=areas["330122001000"], grid=areas[GRID])
    names = queries.names_of(queries.head_of(chain, TODAY))
    assert [names[p] for p in queries.head_of(chain, TODAY)] == [
        "何网格长",
        "陈网格",
        "旧县街道值班长",
        "郑副主任",
        "吴主任",
    ]


def test_two_grid_workers_stand_in_different_townships(areas):
    demo.load(now=NOW)
    places = {
        queries.scope_of(queries.person_by_username(name).id, TODAY).grants[0].area
        for name in ("gridworker", "gridworker2")
    }
    assert len(places) == 2
