"""The demo's cases are written by the real operations and can be loaded twice."""

from gongzhi.cases import demo, verification
from gongzhi.cases.models import CaseRecord
from tests.cases.conftest import NOW


def test_the_demo_cases_load_once_and_verify(demo_cell: None) -> None:
    demo.load(now=NOW)
    demo.load(now=NOW)
    assert CaseRecord.objects.count() == len(demo.CASES)
    assert verification.verify_all().problems == [] and verification.rebuild_all().problems == []
    assert {"reported", "accepted", "assigned", "under_way", "resolved", "closed"} <= set(
        CaseRecord.objects.values_list("status", flat=True)
    )
