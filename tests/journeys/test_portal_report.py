"""A resident reports from a phone: with a photo and the phone's position, over a bad network, by keyboard, read aloud."""

import io
import re

import psycopg
import pytest
from PIL import Image

pytestmark = pytest.mark.browser

HERE = {"longitude": 119.685, "latitude": 29.795}
ON_THE_STREET = {"geolocation": HERE, "permissions": ["geolocation"]}
WORDS = "二层楼道堆满纸箱，消防门打不开。"


def reports(town) -> int:
    """How many reports the cell holds."""
    with psycopg.connect(town.database) as connection:
        return connection.execute("SELECT count(*) FROM cases_caserecord").fetchone()[0]


def photo() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), "grey").save(out, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def listen(page) -> list[str]:
    """What the browser complains about; refusals of ours (4xx) are no complaint."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text) if line.type == "error" and "status of 4" not in line.text else None
        ),
    )
    return complaints


def test_a_resident_reports_follows_and_adds_to_a_case(town, open_page, check_page):
    page = open_page(**ON_THE_STREET)
    complaints = listen(page)
    page.goto(town.url)
    check_page(page)
    page.get_by_role("link", name="随手拍上报").first.click()
    page.set_input_files("#photos", photo())
    page.wait_for_selector("#previews li")
    page.fill("#text", WORDS)
    page.click("#locate")
    page.wait_for_selector("#where-words svg")
    check_page(page)
    page.click("#send")
    page.wait_for_url("**/receipt/")
    check_page(page)
    code = page.get_attribute("#receipt", "data-case")
    with page.expect_download() as saved:
        page.click("#save")
    assert saved.value.suggested_filename == f"回执-{code}.png"
    page.get_by_role("link", name="看进展").click()
    assert page.url.endswith(f"/c/{code}/")
    assert WORDS in page.inner_text("main")
    picture = page.locator(".large-photos img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    check_page(page)
    page.click("#more summary")
    page.fill("#more textarea", "今天又多了两箱")
    page.get_by_role("button", name="补充上去").click()
    assert page.locator('[role="status"]').count() == 1
    check_page(page)
    assert complaints == []


def test_a_report_survives_a_dead_network_and_a_closed_page_and_arrives_once(town, open_page):
    page = open_page()
    page.goto(f"{town.url}/report/")
    page.set_input_files("#photos", photo())
    page.wait_for_selector("#previews li")
    page.fill("#text", WORDS)
    lost, before = {"answers": 0}, reports(town)

    def lose_the_answer(route):
        """The report arrives, the answer does not: the worst of networks."""
        if lost["answers"]:
            return route.continue_()
        lost["answers"] += 1
        route.fetch()
        return route.abort()

    page.route(
        re.compile(r"/report/$"),
        lambda route: lose_the_answer(route) if route.request.method == "POST" else route.continue_(),
    )
    page.context.set_offline(True)
    page.click("#send")
    page.wait_for_selector("#send-state.waiting")
    assert "已存在手机里" in page.inner_text("#send-state")
    page.context.set_offline(False)
    while not lost["answers"]:
        page.wait_for_timeout(100)
    page.reload()
    page.wait_for_url("**/receipt/", timeout=30000)
    assert lost["answers"] == 1
    code = page.get_attribute("#receipt", "data-case")
    assert town.steps(code) == ["reported"]
    assert reports(town) == before + 1


def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(town, open_page, check_page):
    page = open_page()
    page.goto(f"{town.url}/report/")
    page.click("#send")
    page.wait_for_selector("#text-error:not([hidden])")
    check_page(page)
    page.fill("#text", WORDS)
    assert page.locator("#wrong").is_hidden()
    page.reload()
    page.wait_for_selector("#draft-note:not([hidden])")
    assert page.input_value("#text") == WORDS
    page.set_input_files(
        "#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"PK\x03\x04 not a photo"}
    )
    page.wait_for_selector("#previews li")
    page.click("#send")
    page.wait_for_selector("#photos-error:not([hidden])")
    assert page.input_value("#text") == WORDS


def test_a_report_can_be_made_by_keyboard_alone(town, open_page):
    page = open_page()
    page.goto(f"{town.url}/report/")
    page.wait_for_selector("#map path.area")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reach(page, "#text")
    page.keyboard.type(WORDS)
    reach(page, "#map .leaflet-container")
    page.keyboard.press("Enter")
    page.wait_for_selector("#where-words svg")
    before = page.input_value('[name="lon"]')
    reach(page, "#map .pin.here")
    page.keyboard.press("ArrowRight")
    assert page.input_value('[name="lon"]') != before
    reach(page, "#send")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")


def reach(page, selector: str) -> None:
    """Tab on until the element has the focus."""
    for _time in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def test_the_pages_work_without_javascript(town, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{town.url}/report/")
    assert page.locator("#locate").is_hidden()
    page.fill("#text", WORDS)
    page.fill("#place_text", "三号楼")
    page.set_input_files("#photos", photo())
    page.click("#send")
    assert page.url.endswith("/receipt/")
    assert page.locator("#save").is_hidden()


@pytest.mark.parametrize("size", ["1", "2", "3"])
def test_large_letters_keep_every_page_inside_the_phone(town, open_page, check_page, size):
    page = open_page()
    page.context.add_cookies([{"name": "senior", "value": size, "url": town.url}])
    for address in ("/", "/report/", "/map/", "/c/", "/promises/", "/about/", "/senior/"):
        page.goto(town.url + address)
        check_page(page)
        assert too_small(page) == [], address


def too_small(page) -> list[str]:
    """Controls a finger of seventy could miss: under 60 px high, links inside running text apart."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.button, input:not([type=hidden]), select, textarea, summary, nav a, .back')]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 59.5)
        .filter((each) => !['checkbox', 'radio'].includes(each.type))
        .map((each) => each.outerHTML.slice(0, 90))"""
    )
