from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cell


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory of its own, which the PostgreSQL system user can enter too."""
    made = cell.make_folder()
    yield made
    cell.remove_folder(made)
