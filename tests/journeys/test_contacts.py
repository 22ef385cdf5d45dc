"""A contact in a real browser: by keyboard alone, for sixty seconds, and without scripts the page goes by itself."""

import uuid
from typing import Any

import httpx
import pytest

from tests.browser import DESK
from tests.journeys.conftest import Town

pytestmark = pytest.mark.browser
PHONE = "13800005678"
SPOT = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}


@pytest.fixture
def case(town: Town) -> str:
    """A report whose reporter can be called."""
    body = {"client_id": str(uuid.uuid4()), "text": "井盖没了。", "location": SPOT, "contact": PHONE}
    return str(httpx.post(f"{town.url}/api/v1/reports", json=body).json()["case_code"])


def test_by_keyboard_it_opens_is_masked_again_and_stands_on_the_case(
    town: Town, case: str, open_page: Any, check_page: Any
) -> None:
    page = open_page(DESK)
    town.sign_in(page, "dispatcher")
    page.clock.install()
    page.goto(f"{town.url}/desk/cases/{case}/")
    page.keyboard.press("t")
    page.wait_for_selector("form[data-step=contact]")
    page.wait_for_function("document.activeElement.name === 'purpose'")
    page.keyboard.press("Space")
    check_page(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-reveal] [data-value]")
    assert PHONE in page.inner_text("#step-form")
    check_page(page)
    page.clock.fast_forward(61_000)
    page.wait_for_selector("[data-when-closed]:not([hidden])")
    assert PHONE not in page.content()
    page.keyboard.press("Escape")
    page.wait_for_selector(".case-timeline >> text=打开了联系方式")
    assert PHONE not in page.content() and "contact_revealed" in town.steps(case)


def test_going_back_in_the_browser_shows_nothing(town: Town, case: str, open_page: Any) -> None:
    page = open_page(DESK)
    town.sign_in(page, "dispatcher")
    page.goto(f"{town.url}/desk/cases/{case}/contact/")
    page.check("[name=purpose][value=tell]", force=True)
    page.click("button.send")
    page.wait_for_selector("[data-reveal] [data-value]")
    page.goto(f"{town.url}/desk/supervision/")
    page.go_back()
    page.wait_for_load_state()
    assert PHONE not in page.content()


def test_without_scripts_it_is_a_page_that_leaves_by_itself(town: Town, case: str, open_page: Any) -> None:
    page = open_page(DESK, java_script_enabled=False)
    town.sign_in(page, "verifier")
    page.goto(f"{town.url}/desk/cases/{case}/contact/")
    page.check("[name=purpose][value=tell]", force=True)
    page.click("button.send")
    page.wait_for_selector("text=" + PHONE)
    refresh = page.get_attribute("meta[http-equiv=refresh]", "content")
    assert refresh == f"60;url=/desk/cases/{case}/"
    assert not page.is_visible("[data-hide]"), "a button that needs a script is not offered"
