"""A key does what its scopes say and no more, and says which one it lacks."""

from collections.abc import Callable

import pytest

from gongzhi.accounts.models import ApiToken
from gongzhi.accounts.types import TokenScope
from tests.exchange.conftest import Api


@pytest.mark.parametrize("address", ["queue", "work", "cases/1234567890123/steps"])
def test_reading_needs_the_scope_for_reading(signed: Callable[..., Api], address: str):
    answer = signed("dispatcher", TokenScope.CASE_STEP).get(address)
    assert (answer.status, answer.body["code"], answer.body["scope"]) == (403, "scope_missing", "case:read")
    assert "case:read" in answer.body["detail"]
    assert signed("dispatcher", TokenScope.CASE_READ).get(address).status in (200, 404)


def test_a_step_needs_the_scope_for_steps(signed: Callable[..., Api]):
    body = {"step": "accept"}
    answer = signed("dispatcher", TokenScope.CASE_READ).post("cases/1234567890123/steps", body)
    assert (answer.status, answer.body["scope"]) == (403, "case:step")
    assert signed("dispatcher", TokenScope.CASE_STEP).post("cases/1234567890123/steps", body).status == 404


def test_a_key_without_any_scope_opens_nothing(signed: Callable[..., Api]):
    caller = signed("dispatcher")
    ApiToken.objects.update(scopes=[])
    assert caller.get("queue").status == 403
