"""The audit log is read by the audit administrator; whoever reads it stands in it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.accounts import operations
from gongzhi.administration import audit_words
from gongzhi.base.actor import SYSTEM
from gongzhi.trust import audit, audit_reading
from gongzhi.trust.audit_reading import AuditFilters
from gongzhi.trust.types import AuditKind
from tests.administration.conftest import noted, now, person

LOG = "/administration/audit/"


def rows(page: str) -> int:
    return page.count('<td class="number quiet">')


@pytest.mark.parametrize("kind", AuditKind)
def test_every_kind_of_act_has_chinese_words(kind):
    from django.utils.translation import override

    with override("zh-hans"):
        assert audit_words.label(kind) != kind.value
        assert not audit_words.label(kind).isascii()


def test_it_says_who_did_what_to_whom_by_name(auditor, system):
    operations.close_account(person=person("gridworker"), by=system.actor, now=now(), reason="调离")
    page = auditor.see(LOG, kind="account_closed")
    assert rows(page) == 1
    for said in ("停用账号", "钱系统", "陈网格", "调离"):
        assert said in page
    assert str(system.id) not in page


def test_it_is_searched_by_person_subject_day_kind_and_outcome(auditor, system):
    operations.set_expiry(person=person("handler"), expires_on=None, by=system.actor, now=now())
    audit.note(kind=AuditKind.SIGN_IN_FAILED, by=SYSTEM, now=now(), subject="case:123", succeeded=False)
    assert rows(auditor.see(LOG, who="钱系统")) == 1
    assert rows(auditor.see(LOG, who="sysadmin", kind="account_changed", subject="王城管")) == 1
    assert rows(auditor.see(LOG, who="谁也不是")) == 0
    assert "没有符合的记录" in auditor.see(LOG, who="谁也不是")
    assert rows(auditor.see(LOG, succeeded="no")) == 1
    assert rows(auditor.see(LOG, subject="1 2 3")) == 1
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    assert rows(auditor.see(LOG, since=tomorrow)) == 0
    assert rows(auditor.see(LOG, until="2000-01-01")) == 0
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    audit.note(kind=AuditKind.DEFINITION_CHANGED, by=SYSTEM, now=long_ago, subject="definition:x")
    assert rows(auditor.see(LOG, who="system", until="2026-01-02")) == 1


def test_what_makes_no_sense_in_the_address_is_left_out(auditor):
    assert rows(auditor.see(LOG, kind="no such", since="yesterday", before="-1", succeeded="maybe")) > 0


def test_a_search_is_noted_once_and_turning_pages_is_the_same_search(auditor):
    auditor.see(LOG, kind="account_opened")
    auditor.see(LOG, kind="account_opened")
    auditor.see(LOG, kind="account_opened", before="20")
    assert [row.data for row in noted("audit_read")] == [{"kind": "account_opened"}]
    auditor.see(LOG, kind="role_granted")
    assert len(noted("audit_read")) == 2
    assert noted("audit_read")[0].actor == str(auditor.actor)


def test_the_note_of_a_search_names_nobody(auditor):
    auditor.see(LOG, who="陈网格")
    assert noted("audit_read")[0].data == {"actors": [f"person:{person('gridworker')}"]}


def test_pages_go_back_to_the_first_row_without_losing_one(demo_cell):
    for _row in range(40):
        audit.note(kind=AuditKind.DEFINITION_CHANGED, by=SYSTEM, now=now(), subject="definition:x")
    seen, before, older = [], None, True
    while older:
        lines, older = audit_reading.audit_page(AuditFilters(), before=before, size=7)
        seen += [line.seq for line in lines]
        before = lines[-1].seq
    assert seen == list(range(len(seen), 0, -1))


def test_a_page_costs_the_same_however_many_rows_it_has(auditor, django_assert_max_num_queries):
    for kind in ("role_granted", "account_opened"):
        auditor.see(LOG, kind=kind, until="2026-06-01")
        with django_assert_max_num_queries(10):
            auditor.see(LOG, kind=kind, until="2026-06-01")


def export(auditor, **fields: str) -> list[list[str]]:
    answer = auditor.send("/administration/audit.csv", **fields)
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_an_export_has_a_purpose_and_stands_in_the_log_itself(auditor):
    header, *lines = export(auditor, kind="role_granted", purpose="季度核对")
    assert header[:4] == ["序号", "时间", "行为", "谁"]
    assert len(lines) == len(noted("role_granted"))
    [exported] = noted("exported")
    assert (exported.purpose, exported.data["rows"]) == ("季度核对", len(lines))
    assert noted("audit_read")[0].purpose == "季度核对"


def test_an_export_without_a_purpose_is_refused_and_a_formula_is_made_harmless(auditor, system):
    assert auditor.send("/administration/audit.csv", purpose=" ").status_code == 422
    assert noted("exported") == []
    operations.close_account(person=person("gridworker"), by=system.actor, now=now(), reason="=1+1")
    [_header, line] = export(auditor, kind="account_closed", purpose="核对")
    assert line[5] == "'=1+1"


def test_the_chain_is_whole_after_all_this(auditor):
    auditor.see(LOG, who="陈网格")
    export(auditor, purpose="核对")
    assert list(audit.broken()) == []
