"""A day on the phone: no signal, a lost answer, a position that stays on the phone, and every page seen by axe."""

import io
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.browser import DESK
from tests.journeys.conftest import Town

pytestmark = pytest.mark.browser
NEAR = {"longitude": 119.6852, "latitude": 29.7966}  # some 180 m from the matter
MATTER = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}


@pytest.fixture(scope="module")
def dispatcher(town: Town) -> dict[str, str]:
    """The header the dispatcher's program sends, with a key from `gongzhi token`."""
    command = [sys.executable, "-m", "gongzhi", "token", "dispatcher", "--days", "1", "--scope", "case:read"]
    command += ["--scope", "case:step"]
    told = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": town.database}, capture_output=True, text=True, check=True
    )
    return {"Authorization": f"Bearer {told.stdout.split()[-1]}"}


@pytest.fixture
def given(town: Town, dispatcher: dict[str, str]) -> str:
    """A matter a resident reported and the centre gave to the handler's agency, all over the API."""
    api = f"{town.url}/api/v1"
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "河边步道的井盖没了。",
        "location": MATTER,
        "place_text": "河边步道",
    }
    code = httpx.post(f"{api}/reports", json=body).json()["case_code"]
    for step in (
        {"step": "accept", "kind": "hazards.manhole"},
        {"step": "assign", "lead": "urban_management", "supporting": ["police"]},
    ):
        answer = httpx.post(f"{api}/cases/{code}/steps", json=step, headers=dispatcher)
        assert answer.status_code == 201, answer.text
    return str(code)


@pytest.fixture
def phone(open_page: Callable[..., Any], town: Town) -> Any:
    """The handler's phone, which knows where it is."""
    page = open_page(geolocation=NEAR, permissions=["geolocation"])
    town.sign_in(page, "handler", "/field/")
    return page


def wait_for(page: Any, town: Town, code: str, kind: str) -> None:
    for _ in range(200):
        if kind in town.steps(code):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"no {kind}: {town.steps(code)}")


def test_without_a_signal_it_says_so_and_sends_by_itself_later(phone, town, given):
    phone.goto(f"{town.url}/field/cases/{given}/note/")
    phone.fill("#words", "盖子掉进河里了")
    phone.context.set_offline(True)
    phone.click(".thumb button.main")
    phone.wait_for_selector("[data-net][data-state=waiting]")
    assert "没有信号" in phone.inner_text("[data-net]")
    assert phone.input_value("#words") == "盖子掉进河里了"
    assert phone.is_visible("[data-net-again]")
    phone.context.set_offline(False)
    wait_for(phone, town, given, "noted")
    phone.wait_for_url(f"**/field/cases/{given}/")
    assert "盖子掉进河里了" in phone.inner_text(".timeline")


def test_a_draft_survives_a_reload(phone, town, given):
    phone.goto(f"{town.url}/field/cases/{given}/return/")
    phone.fill("#words", "属于住建")
    phone.reload()
    assert phone.input_value("#words") == "属于住建"


def test_a_tap_whose_answer_was_lost_counts_once(phone, town, given):
    lost: list[str] = []

    def lose_first(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()  # it arrives, and the answer goes astray
        route.abort()

    phone.route("**/arrive/", lose_first)
    phone.goto(f"{town.url}/field/cases/{given}/")
    phone.click("form[action*='/arrive/'] button")
    phone.wait_for_selector("[data-net][data-state=waiting]")
    phone.click("[data-net-again]")
    phone.wait_for_selector(".messages .notice")
    assert town.steps(given).count("arrived") == 1


def test_the_distance_is_worked_out_on_the_phone(phone, town, given):
    phone.goto(f"{town.url}/field/cases/{given}/")
    phone.wait_for_function("document.querySelector('.far')?.textContent.includes('米')")
    metres = int(re.sub(r"\D", "", phone.inner_text(".far")))
    assert 150 <= metres <= 210


def test_a_worker_reports_from_where_they_stand(open_page, town, check_page, tmp_path):
    page = open_page(geolocation=NEAR, permissions=["geolocation"])
    town.sign_in(page, "gridworker", "/field/")
    page.click(".dock .found")
    page.fill("#text", "路边的树倒了，压住半边路")
    page.set_input_files("#photos", str(photo(tmp_path)))
    page.click("[data-here]")
    page.wait_for_function("document.querySelector('[name=lon]').value !== ''")
    page.click("[data-show-map]")
    page.wait_for_selector(".map .leaflet-marker-icon, .map [role=img], .map path")
    check_page(page)
    page.click(".thumb button.main")
    page.wait_for_selector(".big-code")
    check_page(page)
    code = re.sub(r"\D", "", page.inner_text(".big-code"))
    assert town.steps(code) == ["reported"]


def photo(folder: Path) -> Path:
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), (110, 140, 110)).save(out, "JPEG")
    (folder / "tree.jpg").write_bytes(out.getvalue())
    return folder / "tree.jpg"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("senior", ["", "2"], ids=["plain", "senior"])
def test_axe_finds_nothing_on_any_page(open_page, town, given, check_page, scheme, viewport, senior):
    options: dict[str, Any] = {"color_scheme": scheme}
    page = open_page(viewport, **options) if viewport else open_page(**options)
    town.sign_in(page, "handler", "/field/")
    if senior:
        page.context.add_cookies([{"name": "senior", "value": senior, "url": town.url}])
    for path in (
        "",
        f"cases/{given}/",
        f"cases/{given}/resolve/",
        f"cases/{given}/return/",
        "report/",
        "messages/",
        "app/",
    ):
        page.goto(f"{town.url}/field/{path}")
        check_page(page)


def test_every_button_is_large_enough_for_a_thumb(phone, town, given):
    for path in ("", f"cases/{given}/", f"cases/{given}/resolve/", "report/", "messages/"):
        phone.goto(f"{town.url}/field/{path}")
        small = phone.evaluate(
            "[...document.querySelectorAll('main .button, .dock a')].filter(e => e.offsetHeight && e.offsetHeight < 44 ||"
            " e.matches('.go *, .dock .found') && e.offsetHeight && e.offsetHeight < 60).map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == [], path
