"""The desk in a real browser: live, by keyboard alone, never losing what somebody writes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import DESK
from tests.journeys.conftest import Town

pytestmark = pytest.mark.browser
SOON = 8000


@pytest.fixture
def desk(town: Town, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """A dispatcher's screen, live and ready."""

    def opened(address: str = "/desk/?tab=all", viewport: dict[str, int] = DESK) -> Any:
        page = open_page(viewport)
        town.sign_in(page, "dispatcher")
        page.goto(f"{town.url}{address}")
        return page

    return opened


def take_down_a_call(page: Any, town: Town, words: str) -> str:
    """By keyboard alone; returns the case code that is read out."""
    page.goto(f"{town.url}/desk/intake/")
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.type("东门社区")
    page.wait_for_selector("#places button")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.select_option("[name=kind]", "linkage.quarrel")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".read-out")
    return str(page.inner_text(".read-out dd >> nth=0")).replace(" ", "")


def test_a_call_appears_on_the_other_desk_without_reload(
    town: Town, desk: Callable[..., Any], check_page: Any
):
    watching, taking = desk(), desk("/desk/intake/")
    watching.wait_for_selector(".live.on_time", timeout=SOON)
    watching.evaluate("window.sameDocument = true")
    code = take_down_a_call(taking, town, "河边有人争吵，越吵越凶")
    check_page(taking)
    row = watching.wait_for_selector(f"li.fresh[data-code='{code}']", timeout=SOON)
    assert "新" in row.inner_text()
    assert watching.evaluate("window.sameDocument")
    left = watching.locator(f"li[data-code='{code}'] .left")
    before = left.inner_text()
    watching.wait_for_timeout(2100)
    assert left.inner_text() != before
    check_page(watching)


def test_a_case_is_accepted_and_assigned_by_four_keys(town: Town, desk: Callable[..., Any], check_page: Any):
    code = take_down_a_call(desk("/desk/intake/"), town, "广场上两人扭打")
    page = desk(f"/desk/?tab=all&q={code}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#case[data-code='{code}']")
    assert f"/desk/cases/{code}/" in page.url
    page.keyboard.press("a")
    page.wait_for_selector("form[data-step=accept] :focus")
    check_page(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(".just-done")
    assert page.locator("#case #case").count() == 0
    page.keyboard.press("d")
    page.wait_for_selector("form[data-step=assign] :focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tasks .task")
    check_page(page)
    assert [kind for kind in town.steps(code) if "clock" not in kind] == ["reported", "accepted", "assigned"]


def test_what_somebody_writes_survives_what_others_do(town: Town, desk: Callable[..., Any], check_page: Any):
    code = take_down_a_call(desk("/desk/intake/"), town, "市场里有人推搡")
    writing, other = desk(f"/desk/cases/{code}/"), desk(f"/desk/cases/{code}/")
    writing.wait_for_selector(".live.on_time", timeout=SOON)
    writing.keyboard.press("x")
    writing.fill("[name=ground]", "双方已离开现场")
    other.keyboard.press("a")
    other.wait_for_selector("form[data-step=accept] :focus")
    other.keyboard.press("Enter")
    other.wait_for_selector(".just-done")
    writing.wait_for_selector("[data-moved]:not([hidden])", timeout=SOON)
    assert writing.input_value("[name=ground]") == "双方已离开现场"
    writing.select_option("[name=door]", "110")
    writing.click("button.send")
    writing.wait_for_selector("form [role=alert]")
    assert writing.input_value("[name=ground]") == "双方已离开现场"
    check_page(writing)
    writing.click("form [data-reload-case]")
    writing.wait_for_selector("#case:not(:has(form.step-form)) .actions")
    assert "declined" not in town.steps(code)


def test_search_keys_and_back_work_without_a_mouse(town: Town, desk: Callable[..., Any], check_page: Any):
    code = take_down_a_call(desk("/desk/intake/"), town, "楼下一直有人吵")
    page = desk()
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    check_page(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-rows] > li:only-child")
    assert f"q={code}" in page.url
    page.wait_for_selector("[data-rows] a:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#case[data-code='{code}']")
    page.go_back()
    page.wait_for_selector("#case.nothing")
    assert f"q={code}" in page.url


def test_keys_can_be_switched_off(desk: Callable[..., Any]):
    page = desk()
    page.keyboard.press("?")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find"


def test_on_a_phone_there_is_one_thing_at_a_time(town: Town, desk: Callable[..., Any], check_page: Any):
    code = take_down_a_call(desk("/desk/intake/"), town, "路口有人争执")
    page = desk(f"/desk/?tab=all&q={code}", {"width": 390, "height": 844})
    check_page(page)
    page.click(f"li[data-code='{code}'] a")
    page.wait_for_selector(f"#case[data-code='{code}']")
    assert not page.is_visible("#queue")
    check_page(page)
    page.click(".back a")
    assert page.is_visible("#queue")
    page.click("[data-toggle-map]")
    assert page.is_visible("#map")
    check_page(page)


@pytest.mark.parametrize("address", ["supervision", "undelivered", "inbox", "intake"])
def test_the_other_pages_are_clean(desk: Callable[..., Any], check_page: Any, address: str):
    for viewport in (DESK, {"width": 390, "height": 844}):
        page = desk(f"/desk/{address}/", viewport)
        page.wait_for_timeout(300)
        check_page(page)
