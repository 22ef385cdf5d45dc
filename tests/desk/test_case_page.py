"""One case as staff see it: what it is, its clocks, who does what, what happened."""

import re

import pytest
from django.utils import timezone

from gongzhi.base.actor import RESIDENT, SYSTEM
from gongzhi.cases import operations
from gongzhi.files import operations as files
from gongzhi.territory.types import Point
from gongzhi.trust import heads
from tests.desk.conftest import PLACE, upload


def test_opened_directly_it_is_the_whole_desk(dispatcher, matters):
    code = matters.report()
    page = dispatcher.see(f"/desk/cases/{code}/")
    assert '<section id="queue"' in page and '<section id="case"' in page


def test_asked_for_by_htmx_it_is_the_case_alone(dispatcher, matters):
    code = matters.report()
    fragment = dispatcher.open(f"/desk/cases/{code}/", fragment=True).content.decode()
    assert fragment.startswith('<section id="case"')
    assert '<section id="queue"' not in fragment


def test_it_shows_code_words_place_and_who_reported(dispatcher, matters):
    code = matters.report(contact="13800000001")
    page = dispatcher.see(f"/desk/cases/{code}/")
    assert f"{code[:4]} {code[4:8]} {code[8:12]} {code[12]}" in page
    assert "菜场东门的井盖没了" in page and "东市菜场东门" in page and "居民" in page
    assert "138****01" in page and "13800000001" not in page


def test_a_case_of_another_agency_does_not_exist(outsider, matters):
    code, _task = matters.assigned()
    assert outsider.open(f"/desk/cases/{code}/").status_code == 404


def test_the_dispatcher_gets_the_steps_of_the_centre(dispatcher, matters):
    code = matters.report()
    page = dispatcher.see(f"/desk/cases/{code}/")
    assert 'data-key="a"' in page and 'data-key="x"' in page
    assert f"/desk/cases/{code}/resolve/" not in page


def test_the_handler_gets_the_steps_of_the_task(handler, matters):
    code, task = matters.assigned()
    page = handler.see(f"/desk/cases/{code}/")
    assert f"/desk/cases/{code}/start/?task={task}" in page
    assert f"/desk/cases/{code}/return/?task={task}" in page
    assert f"/desk/cases/{code}/assign/" not in page


def test_it_suggests_who_should_lead_and_why(dispatcher, matters):
    code = matters.accepted()
    suggestion = dispatcher.picture(code).suggestion
    page = dispatcher.see(f"/desk/cases/{code}/")
    assert suggestion and suggestion.lead in page and suggestion.reason in page


def test_it_shows_similar_reports_nearby_and_offers_to_join_them(dispatcher, matters):
    first, second = matters.report(minutes_ago=5), matters.report()
    assert f"/desk/cases/{second}/link/?to={first}" in dispatcher.see(f"/desk/cases/{second}/")


def test_it_says_which_of_them_is_very_likely_the_same_matter(dispatcher, matters):
    matters.report(minutes_ago=5, place=Point(PLACE.lon + 0.0005, PLACE.lat))
    assert "很可能是同一件事" not in dispatcher.see(f"/desk/cases/{matters.report()}/")
    matters.report(minutes_ago=5)
    page = dispatcher.see(f"/desk/cases/{matters.report()}/")
    assert page.count("很可能是同一件事") == 2


def test_why_it_is_due_is_worked_out_line_by_line(dispatcher, matters):
    code, _task = matters.assigned()
    [clock] = [c for c in dispatcher.picture(code).tasks[0].clocks if c.due_at]
    address = f"/desk/cases/{code}/clocks/{clock.id}/"
    assert "怎么计时" in dispatcher.see(address)
    fragment = dispatcher.open(address, fragment=True).content.decode()
    assert "的时限是这样算的" in fragment and fragment.count('<span class="at">') >= 2


def test_why_due_of_a_case_out_of_scope_does_not_exist(dispatcher, outsider, matters):
    code, _task = matters.assigned()
    clock = dispatcher.picture(code).tasks[0].clocks[0]
    assert outsider.open(f"/desk/cases/{code}/clocks/{clock.id}/").status_code == 404


def test_bookkeeping_is_folded(dispatcher, matters):
    code = matters.accepted()
    operations.sort_case(case=code, kind="hazards.road_damage", by=dispatcher.actor, now=timezone.now())
    page = dispatcher.see(f"/desk/cases/{code}/")
    assert re.search(r"<summary>1 条系统记录</summary>", page)


def test_photos_are_shown_to_those_who_may_see_the_case(dispatcher, handler, outsider, matters):
    photo = files.keep_photo(data=upload(), by=RESIDENT, now=timezone.now())
    code, _task = matters.assigned(photos=[photo])
    assert f"/desk/photos/{photo}/thumbnail/" in dispatcher.see(f"/desk/cases/{code}/")
    for size in ("full", "thumbnail"):
        answer = handler.open(f"/desk/photos/{photo}/{size}/")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == "private, no-store"
    assert outsider.open(f"/desk/photos/{photo}/full/").status_code == 404


def test_a_sealed_original_is_never_served(dispatcher, matters):
    photo = files.keep_photo(data=upload(), by=RESIDENT, now=timezone.now())
    matters.report(photos=[photo])
    assert dispatcher.open(f"/desk/photos/{photo}/original/").status_code == 404


def test_a_code_that_is_none_gets_a_clear_page(dispatcher):
    answer = dispatcher.open("/desk/cases/1234/")
    assert answer.status_code == 404
    assert "编号" in answer.content.decode() or "没有" in answer.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_a_case_asks_the_database_as_often_with_one_task_as_with_three(
    dispatcher, matters, many: int, django_assert_num_queries
):
    code, _task = matters.assigned()
    for agency in ("police", "fire")[: many - 1]:
        operations.add_task(
            case=code, organisation=matters.agency(agency), by=dispatcher.actor, now=timezone.now()
        )
    dispatcher.open(f"/desk/cases/{code}/", fragment=True)
    with django_assert_num_queries(34):
        dispatcher.open(f"/desk/cases/{code}/", fragment=True)


@pytest.mark.usefixtures("may_seal")
def test_a_step_that_no_head_covers_yet_says_so(dispatcher, matters, settings, tmp_path):
    settings.GONGZHI_HEADS = tmp_path / "heads"
    code, _task = matters.assigned()
    address = f"/desk/cases/{code}/"
    assert "尚未封存" in dispatcher.open(address, fragment=True).content.decode()
    heads.seal(by=SYSTEM, now=timezone.now())
    assert "尚未封存" not in dispatcher.open(address, fragment=True).content.decode()
