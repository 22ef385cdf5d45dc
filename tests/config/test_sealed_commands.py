"""The commands for keys and erasure, on the demo county: each says what it did and answers with its exit code."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.config import cell, cli
from gongzhi.trust.models import AuditRow, Content
from gongzhi.trust.types import AuditKind
from tests.cases.conftest import NOW, Town

PHONE = "13800005678"


@pytest.fixture
def town(demo_cell: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The demo county; commands find it open already."""

    @contextmanager
    def opened(role: str):
        yield None

    monkeypatch.setattr(cell, "opened", opened)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=91))
    return Town()


def left() -> int:
    return Content.objects.filter(name="contact", erased_at=None).count()


def test_retention_counts_and_then_erases(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.closed(contact=PHONE)
    assert cli.main(["retention", "--dry-run"]) == 0 and left() == 1
    assert "contact: 1" in capsys.readouterr().out
    assert cli.main(["retention"]) == 0 and left() == 0


def test_erase_is_the_centre_heads_alone(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code = town.closed(contact=PHONE)
    asked = ["erase", code, "contact", "--reason", "asked", "--by"]
    assert cli.main([*asked, "dispatcher"]) == 1 and left() == 1
    assert cli.main([*asked, "nobody"]) == 2 and left() == 1
    assert cli.main([*asked, "head"]) == 0 and left() == 0
    assert cli.main([*asked, "head"]) == 1, "there is nothing left to erase"
    assert PHONE not in capsys.readouterr().out


def test_an_undeclared_reason_is_wrong_use(town: Town) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["erase", "1", "contact", "--by", "head", "--reason", "because"])
    assert ended.value.code == 2


def test_a_rotation_is_told_and_audited(
    town: Town, settings, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.GONGZHI_KEYS = tmp_path
    town.report(contact=PHONE)
    assert cli.main(["keys", "rotate"]) == 0
    told = capsys.readouterr().out
    assert "master.key" in told and "master-2.key" in told
    row = AuditRow.objects.get(kind=AuditKind.KEYS_ROTATED)
    assert (row.kind, row.data) == ("keys_rotated", {"master": 2, "keys": 1})
    assert cli.main(["keys", "list"]) == 0
