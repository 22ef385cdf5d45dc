"""The other lists: the chase, what was not delivered, my notices, the export."""

import csv
import io
import uuid

import pytest
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.cases import queries as cases
from gongzhi.cases.models import CaseRecord
from gongzhi.notices import operations as notices
from gongzhi.notices import queries
from gongzhi.notices.types import Recipient
from gongzhi.trust import operations as trust


def export(staff, **parameters: str) -> list[list[str]]:
    answer = staff.open("/desk/queue.csv", **parameters)
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_chase_tells_unaccepted_from_unfinished(dispatcher, matters):
    matters.report(minutes_ago=30, kind="linkage.quarrel", text="没人理")
    matters.assigned(minutes_ago=60, kind="linkage.quarrel", text="派了没动", agency="police")
    page = dispatcher.see("/desk/supervision/")
    assert page.index("该受理未受理") < page.index("没人理") < page.index("该办未办") < page.index("派了没动")


def test_the_chase_says_when_nothing_is_late(dispatcher):
    assert "没有超时的事项" in dispatcher.see("/desk/supervision/")


@pytest.mark.parametrize("many", [1, 3])
def test_the_chase_costs_the_same_for_one_row_as_for_three(
    dispatcher, matters, many, django_assert_num_queries
):
    for _number in range(many):
        matters.report(minutes_ago=30, kind="linkage.quarrel")
    dispatcher.see("/desk/supervision/")
    with django_assert_num_queries(19):
        dispatcher.see("/desk/supervision/")


def test_pages_of_the_centre_are_closed_to_a_department(handler):
    for page in ("supervision", "undelivered", "intake"):
        assert handler.open(f"/desk/{page}/").status_code == 403


def test_a_notice_is_read_and_confirmed(dispatcher, matters):
    matters.report(kind="linkage.quarrel", severity="urgent", text="有人打架")
    page = dispatcher.see("/desk/inbox/")
    assert "我来办" in page and "未读" in page
    [notice] = [n for n in _inbox(dispatcher) if n.needs_acknowledgement]
    dispatcher.client.post(f"/desk/inbox/{notice.id}/acknowledge/")
    assert "我来办" not in dispatcher.see("/desk/inbox/")
    dispatcher.client.post("/desk/inbox/read/")
    assert "未读" not in dispatcher.see("/desk/inbox/")


def test_nobody_confirms_for_another(dispatcher, handler, matters):
    matters.report(kind="linkage.quarrel", severity="urgent", text="有人打架")
    [notice] = [n for n in _inbox(dispatcher) if n.needs_acknowledgement]
    assert handler.client.post(f"/desk/inbox/{notice.id}/acknowledge/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_inbox_costs_the_same_for_one_notice_as_for_three(
    dispatcher, matters, many, django_assert_num_queries
):
    for _number in range(many):
        matters.report()
    dispatcher.see("/desk/inbox/")
    with django_assert_num_queries(9):
        dispatcher.see("/desk/inbox/")


def test_an_undelivered_notice_says_why_and_is_settled_by_a_call(dispatcher, matters):
    _undeliverable(matters, 1)
    page = dispatcher.see("/desk/undelivered/")
    assert "请打电话" in page and "已电话告知" in page
    [notice] = _undelivered()
    dispatcher.client.post(f"/desk/undelivered/{notice.notice}/told/")
    assert "该通知的都通知到了" in dispatcher.see("/desk/undelivered/")


def test_each_undelivered_notice_leads_to_its_case(dispatcher, matters):
    code = matters.report()
    _undeliverable(matters, 1, code)
    assert f'href="/desk/cases/{code}/"' in dispatcher.see("/desk/undelivered/")


def test_undelivered_notices_come_in_pages_and_none_is_dropped(dispatcher, matters, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    _undeliverable(matters, 3)
    assert dispatcher.see("/desk/undelivered/").count("已电话告知</button>") == 2
    second = dispatcher.see("/desk/undelivered/", page="2")
    assert second.count("已电话告知</button>") == 1 and "2 / 2" in second


def test_undelivered_notices_stop_at_the_border_of_what_one_may_see(staff, matters):
    own, other = (
        accounts.scope_of(staff(name).person_id, timezone.localdate())
        for name in ("gridworker", "gridworker2")
    )
    assert not own.sees_all
    code = matters.report(place=None, area=own.area_grants(Role.GRID_WORKER)[0].area)
    _undeliverable(matters, 1, code)
    assert [row.code for row in cases.untold(own, 1).rows] == [code]
    assert cases.untold(other, 1).rows == ()


def test_only_who_sees_the_case_settles_its_notice(staff, matters):
    own, other = (
        accounts.scope_of(staff(name).person_id, timezone.localdate())
        for name in ("gridworker", "gridworker2")
    )
    code = matters.report(place=None, area=own.area_grants(Role.GRID_WORKER)[0].area)
    _undeliverable(matters, 1, code)
    [notice] = _undelivered()
    for known in (notice.notice, notice.id):
        assert (cases.may_settle(own, known), cases.may_settle(other, known)) == (True, False)
    assert not cases.may_settle(own, uuid.uuid4())


def test_a_notice_that_is_not_there_is_not_settled(dispatcher, matters):
    for act in ("told", "again"):
        assert dispatcher.client.post(f"/desk/undelivered/{uuid.uuid4()}/{act}/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_undelivered_notices_cost_the_same_for_one_as_for_three(
    dispatcher, matters, many, django_assert_num_queries
):
    _undeliverable(matters, many)
    dispatcher.see("/desk/undelivered/")
    with django_assert_num_queries(11):
        dispatcher.see("/desk/undelivered/")


def test_the_export_holds_every_row_of_the_filters(dispatcher, matters):
    code = matters.accepted(place_text="迎春路")
    matters.report(place_text="沿江步道")
    header, *lines = export(dispatcher, q="迎春路", tab="all")
    assert header[0] == "编号"
    assert [line[0].replace(" ", "") for line in lines] == [code]
    assert len(export(dispatcher, tab="all")) == 3


def test_the_export_never_hands_a_spreadsheet_a_formula(dispatcher, matters):
    matters.report(place_text="=HYPERLINK(1)")
    [_header, line] = export(dispatcher, tab="all")
    assert line[5] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("level", ["township", "community", "grid"])
def test_the_map_gets_the_boundaries_it_draws(dispatcher, level: str):
    answer = dispatcher.open(f"/desk/boundaries/{level}.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    assert dispatcher.open("/desk/boundaries/province.geojson").status_code == 404


def _inbox(staff):
    from gongzhi.notices import queries

    return queries.inbox(staff.person_id)


def _undelivered():
    from gongzhi.notices import queries

    return queries.undelivered()


def _undeliverable(matters, many: int, code: str = "") -> None:
    """Notices to a phone number, which no channel of ours can carry."""
    now = timezone.now()
    subject = f"case:{CaseRecord.objects.get(code=code or matters.report()).id}"
    for number in range(many):
        contact = trust.seal(
            subject=subject,
            name="contact",
            value=b"13800000001",
            media_type="text/plain",
            purpose="contact",
            now=now,
        )
        notices.send(
            subject=subject,
            to=Recipient.contact(contact.id),
            template="case_closed_to_reporter",
            params={"code": "1", "kind": "k", "outcome": "o"},
            urgent=False,
            key=f"told-{number}",
            now=now,
        )
    for waiting in _waiting():
        notices.deliver(delivery=waiting, now=now)


def _waiting():
    from gongzhi.notices.models import Delivery

    return list(Delivery.objects.filter(state="waiting").values_list("id", flat=True))
