"""Every test begins without an atlas in memory, for the one before may have left its own."""

import pytest

from gongzhi.territory import shelf


@pytest.fixture(autouse=True)
def own_shelf(monkeypatch):
    monkeypatch.setattr(shelf, "_shelf", shelf._Shelf())
