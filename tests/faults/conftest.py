import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cell
from tests.notices.sink import Sink


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory of its own, on the disk, with a PostgreSQL that keeps its promises."""
    made = cell.make_folder()
    yield made
    cell.remove_folder(made)


@pytest.fixture
def post_office() -> Iterator[Sink]:
    """An SMTP server that takes everything."""
    sink = Sink()
    sink.open()
    yield sink
    sink.close()


@pytest.fixture
def quick_programs(folder: Path) -> Path:
    """The programs of the repository; an unsorted report has to be seen to within twelve seconds, not sixty."""
    copy = folder / "programs"
    shutil.copytree(cell.REPOSITORY / "programs", copy)
    unsorted = copy / "intake" / "cases" / "unsorted.yaml"
    words = unsorted.read_text(encoding="utf-8")
    assert "limit: 1 分钟" in words
    unsorted.write_text(words.replace("limit: 1 分钟", "limit: 12 秒"), encoding="utf-8")
    return copy
