"""On the phone: one tap says what for, and the reporter can be called for sixty seconds."""

import pytest
from django.utils import timezone

from gongzhi.accounts.types import Role
from gongzhi.base.actor import RESIDENT
from gongzhi.cases import operations as cases
from gongzhi.cases.models import CaseStep, CaseTask
from gongzhi.programs.types import Source
from tests.field.conftest import CLIENT_ID, PLACE, actor_of, own_organisation

PHONE = "13800005678"


@pytest.fixture
def case(demo_cell: None, now) -> str:
    """A matter of the grid worker's township centre, whose reporter can be called."""
    receipt = cases.report_case(
        client_id=CLIENT_ID,
        kind="hazards.manhole",
        text="河边步道的井盖没了。",
        contact=PHONE,
        place=PLACE,
        source=Source.RESIDENT,
        by=RESIDENT,
        now=now,
    )
    by = actor_of("dispatcher")
    cases.accept_case(case=receipt.case_code, by=by, now=now)
    lead = own_organisation("gridworker", Role.GRID_WORKER)
    cases.assign_case(case=receipt.case_code, lead=lead, by=by, now=now)
    return receipt.case_code


@pytest.fixture
def now():
    return timezone.now()


def openings(code: str) -> list[str]:
    steps = CaseStep.objects.filter(case__code=code, kind="contact_revealed").order_by("seq")
    return [step.data["purpose"] for step in steps]


def test_the_one_with_the_task_calls_with_one_tap(phone, case: str):
    worker = phone("gridworker")
    page = worker.get(f"/field/cases/{case}/").content.decode()
    assert "打电话" in page and "138****78" in page and PHONE not in page
    asked = worker.get(f"/field/cases/{case}/contact/").content.decode()
    assert PHONE not in asked and openings(case) == []
    answer = worker.post(f"/field/cases/{case}/contact/", {"field": "contact", "purpose": "arrange"})
    opened = answer.content.decode()
    assert f'href="tel:{PHONE}"' in opened and 'data-reveal="60"' in opened
    assert 'http-equiv="refresh" content="60;' in opened and "no-store" in answer["Cache-Control"]
    assert openings(case) == ["arrange"]
    assert PHONE not in worker.get(f"/field/cases/{case}/").content.decode()


def test_a_purpose_the_page_does_not_offer_opens_nothing(phone, case: str):
    answer = phone("gridworker").post(f"/field/cases/{case}/contact/", {"purpose": "curiosity"})
    assert answer.status_code == 422 and PHONE not in answer.content.decode()
    assert openings(case) == []


def test_once_the_task_is_done_the_number_stays_shut(phone, case: str, now):
    worker = phone("gridworker")
    task = str(CaseTask.objects.get(case__code=case).id)
    cases.start_task(case=case, task=task, by=actor_of("gridworker"), now=now)
    cases.resolve_task(case=case, task=task, by=actor_of("gridworker"), now=now, note="换好了")
    page = worker.get(f"/field/cases/{case}/").content.decode()
    assert f"/field/cases/{case}/contact/" not in page
    assert "有任务的人" in worker.get(f"/field/cases/{case}/contact/").content.decode()
    answer = worker.post(f"/field/cases/{case}/contact/", {"purpose": "ask"})
    assert answer.status_code == 403 and openings(case) == []
