"""A resident gives a protected tip on a phone, types the receipt again, and reads the page of the tip with it."""

import pytest
from django.utils import timezone

from gongzhi.base import postgres
from gongzhi.tips import demo as tips
from tests import demo
from tests.conftest import seeing_everything
from tests.journeys.conftest import DATABASE

pytestmark = pytest.mark.browser

WORDS = "夜市里有人收保护费，每个摊位每月五百元。"


@pytest.fixture
def tip_unit(town, django_db_blocker, postgres_server):
    """Members and custodians with keys: without them nobody could read a tip, and none is taken."""
    with django_db_blocker.unblock():
        demo.connect(postgres_server, DATABASE)
        with seeing_everything():
            tips.load(now=timezone.now())
        demo.connect(postgres_server, postgres.DATABASE)


def test_a_resident_gives_a_tip_and_comes_back_with_the_receipt(town, tip_unit, open_page, check_page):
    page = open_page()
    page.goto(town.url)
    page.get_by_role("link", name="保密举报").first.click()
    page.wait_for_selector("#text")  # the page that is left would still answer, until it doesn't
    check_page(page)
    page.fill("#text", WORDS)
    page.get_by_role("button", name="加密并提交").click()
    page.wait_for_selector("#receipt")
    check_page(page)
    receipt = page.get_attribute("#receipt", "data-receipt")
    with page.expect_download() as picture:
        page.click("#save")
    assert picture.value.suggested_filename == "举报回执.png"
    with page.expect_download() as proof:
        page.get_by_role("button", name="保存收件证明").click()
    assert proof.value.suggested_filename == "proof-of-receipt.json"
    page.fill("#typed", receipt)
    page.get_by_role("button", name="我已保存").click()
    page.get_by_role("link", name="打开我的举报").click()
    page.wait_for_selector("input#receipt")
    check_page(page)
    page.fill("#receipt", receipt)
    page.get_by_role("button", name="打开我的举报").click()
    page.get_by_role("heading", name="我的举报").wait_for()
    check_page(page)
    assert WORDS in page.inner_text("main")
    assert receipt not in page.content()
    assert receipt not in page.url
