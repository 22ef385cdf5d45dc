import pytest

from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/", "/report/", "/sign-in/"])
def test_a_page_opens_without_a_complaint_from_the_browser(live_cell, open_page, path, size):
    page = open_page(size)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(live_cell.url + path)
    page.wait_for_load_state("networkidle")
    assert answer.status == 200
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    assert complaints == []
