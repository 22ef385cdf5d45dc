"""A storage folder of the test's own."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(db, settings, tmp_path: Path) -> Path:
    settings.GONGZHI_DATA = tmp_path
    return tmp_path / "files"
