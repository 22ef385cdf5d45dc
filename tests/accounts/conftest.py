"""The small county, ready."""

import pytest

from tests.accounts import county as place


@pytest.fixture
def county(db) -> place.County:
    return place.make_county()
