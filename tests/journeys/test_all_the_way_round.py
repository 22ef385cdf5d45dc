"""One report all the way round in real browsers: reported, handled, checked, rejected by its reporter, done again."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser import DESK
from tests.journeys.conftest import Town

pytestmark = pytest.mark.browser
LEAD = "旧县街道综治中心"
PLACE = {"longitude": 119.7333, "latitude": 29.8555}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 140, 130)).save(made, "JPEG")
    path = tmp_path / "photo.jpg"
    path.write_bytes(made.getvalue())
    return path


def report(page: Any, town: Town, photo: Path) -> tuple[str, str]:
    """Snap and report; returns the case code and the receipt code."""
    page.goto(f"{town.url}/report/")
    page.set_input_files("#photos", str(photo))
    page.fill("#text", "楼梯口的灯箱掉下来了，电线露在外面")
    page.click("#locate")
    page.wait_for_function("document.querySelector('[name=lon]').value !== ''")
    page.click("#send")
    page.wait_for_url("**/receipt/")
    words = page.inner_text("main")
    code = re.search(r"\d{4} \d{4} \d{4} \d\b", words)
    receipt = re.search(r"\d{4} \d{4} \d{4}\b(?! \d)", words.replace(code.group(0) if code else "", ""))
    assert code and receipt, words
    return code.group(0).replace(" ", ""), receipt.group(0).replace(" ", "")


class Desk:
    """A member of staff at the desk."""

    def __init__(self, page: Any, town: Town, check_page: Callable[[Any], None]) -> None:
        self.page, self.town, self.check = page, town, check_page

    def take(self, code: str, step: str, **fields: str) -> None:
        """Open the form of a step, fill it in, send it."""
        self.page.goto(f"{self.town.url}/desk/cases/{code}/")
        self.check(self.page)
        self.page.goto(f"{self.town.url}/desk/cases/{code}/{step}/")
        self.check(self.page)
        for name, value in fields.items():
            self._fill(name, value)
        before = len(self.town.steps(code))
        self.page.click("form.step-form button.send")
        for _ in range(100):
            if len(self.town.steps(code)) > before:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{step} was not taken: {self.page.inner_text('form.step-form')}")

    def _fill(self, name: str, value: str) -> None:
        field = self.page.locator(f"form.step-form [name={name}]").first
        assert field.count(), f"no field {name} on {self.page.url}: {self.page.inner_text('body')}"
        kind = field.evaluate("e => e.type")
        if kind == "select-one":
            field.select_option(label=value) if not value.isascii() else field.select_option(value)
        elif kind in ("radio", "checkbox"):
            self.page.locator(f"form.step-form [name={name}][value={value}]").check(force=True)
        else:
            field.fill(value)


def handle_on_the_phone(page: Any, town: Town, code: str, check_page: Callable[[Any], None]) -> None:
    """The grid worker begins, then says it is done, with a photo."""
    page.goto(f"{town.url}/field/")
    check_page(page)
    page.goto(f"{town.url}/field/cases/{code}/")
    check_page(page)
    page.click("form[action*='/start/'] button")
    wait_for_step(page, town, code, "started")
    page.goto(f"{town.url}/field/cases/{code}/")
    page.click("a[href*='/resolve/']")
    page.fill("#words", "已断电，灯箱已取下")
    check_page(page)
    page.click(".thumb button.main")
    wait_for_step(page, town, code, "resolved")


def wait_for_step(page: Any, town: Town, code: str, kind: str) -> None:
    for _ in range(100):
        if town.steps(code)[-1] == kind:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{kind} did not come: {town.steps(code)}; {page.inner_text('main')}")


def test_a_report_goes_all_the_way_round_twice(
    town: Town, open_page: Callable[..., Any], check_page: Callable[[Any], None], photo: Path
) -> None:
    resident = open_page(geolocation=PLACE, permissions=["geolocation"])
    resident.goto(town.url)
    check_page(resident)
    code, receipt = report(resident, town, photo)
    check_page(resident)

    dispatcher, verifier = (Desk(open_page(DESK), town, check_page) for _ in range(2))
    worker = open_page()
    town.sign_in(dispatcher.page, "dispatcher")
    town.sign_in(verifier.page, "verifier")
    town.sign_in(worker, "gridworker", "/field/")

    dispatcher.take(code, "accept", kind="hazards.exposed_wires", title="楼梯口灯箱掉落")
    for round_number in (1, 2):
        dispatcher.page.goto(f"{town.url}/desk/cases/{code}/assign/")
        assign(dispatcher, code)
        handle_on_the_phone(worker, town, code, check_page)
        verifier.take(code, "verify", passed="yes")
        dispatcher.take(code, "close", outcome="fixed", reply="灯箱已取下，线路已断电。")
        give_verdict(resident, town, code, receipt, solved=round_number == 2, check_page=check_page)

    once = ["assigned", "started", "resolved", "verified", "closed", "verdict_given"]
    steps = [kind for kind in town.steps(code) if not kind.startswith("clock_")]
    assert steps == ["reported", "accepted", *once, "reopened", *once]


def assign(dispatcher: Desk, code: str) -> None:
    page = dispatcher.page
    page.locator("form.step-form [name=lead]").select_option(label=LEAD)
    page.click("form.step-form button.send")
    wait_for_step(page, dispatcher.town, code, "assigned")


def give_verdict(
    page: Any, town: Town, code: str, receipt: str, *, solved: bool, check_page: Callable[[Any], None]
) -> None:
    """The resident opens the case with the receipt and says whether it is solved."""
    page.goto(f"{town.url}/c/{code}/")
    if page.locator("#receipt-code").count():
        page.fill("#receipt-code", receipt)
        page.keyboard.press("Enter")
        page.wait_for_selector("[name=solved]", state="attached")
    check_page(page)
    page.locator(f"[name=solved][value={'yes' if solved else 'no'}]").check(force=True)
    if not solved:
        page.fill("#why", "线还露着")
    page.locator("form[action$='/verdict/'] button").click()
    wait_for_step(page, town, code, "verdict_given" if solved else "reopened")
    check_page(page)
