"""The audit log: what stands in it can't be changed, dropped or slipped in unseen."""

import psycopg
import pytest
from django.db import DatabaseError, transaction

from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.trust import audit
from gongzhi.trust.models import AuditRow
from gongzhi.trust.types import AuditKind
from tests.cases.conftest import NOW


def note(**more: object) -> int:
    return audit.note(kind=AuditKind.EXPORTED, by=SYSTEM, now=NOW, subject="queue", **more)  # type: ignore[arg-type]


def test_rows_are_numbered_and_chained(db: None) -> None:
    assert [note(), note(data={"rows": 3}), note(succeeded=False)] == [1, 2, 3]
    assert list(audit.broken()) == []


def test_the_application_can_neither_change_nor_remove_a_row(db: None) -> None:
    note()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.update(actor="person:other")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("meddling", "finding"),
    [
        ("UPDATE trust_auditrow SET actor = 'person:x' WHERE seq = 2", "row 2 (exported) was changed"),
        ("DELETE FROM trust_auditrow WHERE seq = 2", "row 2 is missing"),
    ],
)
def test_what_a_superuser_meddles_with_is_named(
    clean_cell: postgres.Server, meddling: str, finding: str
) -> None:
    for _ in range(3):
        note()
    with psycopg.connect(clean_cell.url(postgres.SUPERUSER, postgres.DATABASE), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # as one would who wants no trigger to speak
        server.execute(meddling)
    assert any(finding in line for line in audit.broken())
