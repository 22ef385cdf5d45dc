"""A tip at the desk in a real browser: opened by a button, handed over without its writer, checked, rewarded."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongzhi.tips import demo as tips
from tests.journeys.test_tips import tip_unit

__all__ = ["tip_unit"]

pytestmark = pytest.mark.browser

SIZES = ((390, 844), (1440, 900))


def passphrase() -> str:
    return (Path(settings.GONGZHI_DATA) / tips.PASSPHRASE_FILE).read_text().strip()


def unlock(page: Any) -> None:
    page.fill("#passphrase", passphrase())
    page.get_by_role("button", name="解锁").click()
    page.get_by_role("button", name="锁上", exact=True).wait_for()


def checked_at_both_sizes(page: Any, check_page: Any) -> None:
    """The page as a phone shows it and as a desk shows it."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        check_page(page)


def test_a_member_hands_a_redacted_copy_over_and_its_handler_answers(town, tip_unit, open_page, check_page):
    page = open_page()
    town.sign_in(page, "tipmember", "/desk/tips/")
    checked_at_both_sizes(page, check_page)
    unlock(page)
    for summary in page.locator("details.card > summary").all():
        summary.click()
    checked_at_both_sizes(page, check_page)
    page.locator("tbody a").first.click()
    checked_at_both_sizes(page, check_page)
    assert "每个摊位" not in page.inner_text("main")
    page.get_by_role("button", name="打开举报").click()
    page.get_by_role("link", name="转交遮蔽副本").wait_for()
    assert "每个摊位" in page.inner_text("main")
    checked_at_both_sizes(page, check_page)
    page.get_by_role("link", name="转交遮蔽副本").click()
    page.get_by_label("一并转交").first.check()
    page.get_by_label("要遮去的字句").first.fill("每个摊位")
    checked_at_both_sizes(page, check_page)
    page.get_by_role("button", name="先看副本").click()
    page.get_by_role("heading", name="对方将看到的内容").wait_for()
    checked_at_both_sizes(page, check_page)
    page.get_by_role("button", name="转交这份副本").click()
    page.get_by_text("■■■").wait_for()

    other = open_page()
    town.sign_in(other, "handler3", "/desk/tips/handed/")
    unlock(other)
    checked_at_both_sizes(other, check_page)
    other.get_by_role("button", name="打开举报").first.click()
    other.locator("#text").wait_for()
    assert "■■■" in other.inner_text("main")
    assert "每个摊位" not in other.inner_text("main")
    checked_at_both_sizes(other, check_page)
    other.fill("#text", "已到现场核实。")
    other.get_by_role("button", name="发送答复").or_(other.get_by_role("button", name="答复")).first.click()
    other.get_by_text("已答复").wait_for()


def test_finance_finds_the_fund_and_puts_money_in(town, tip_unit, open_page, check_page):
    finance = open_page()
    town.sign_in(finance, "finance", "/desk/tips/rewards/")
    for summary in finance.locator("details.card > summary").all():
        summary.click()
    checked_at_both_sizes(finance, check_page)
    finance.fill("#amount", "1200.50")
    finance.get_by_role("button", name="存入").click()
    finance.get_by_text("¥201,200.50").first.wait_for()
    checked_at_both_sizes(finance, check_page)


def test_custodians_and_a_deciding_member_find_theirs(town, tip_unit, open_page, check_page):
    custodian = open_page()
    town.sign_in(custodian, "custodian", "/desk/tips/")
    unlock(custodian)
    for summary in custodian.locator("details.card > summary").all():
        summary.click()
    checked_at_both_sizes(custodian, check_page)
    member = open_page()
    town.sign_in(member, "tipmember2", "/desk/tips/")
    unlock(member)
    member.locator("tbody a").last.click()  # the closed one, whose reward is granted
    member.get_by_role("button", name="打开举报").click()
    member.get_by_text("¥3,000.00").wait_for()
    checked_at_both_sizes(member, check_page)


def test_anyone_checks_a_proof_of_receipt(town, tip_unit, open_page, check_page):
    page = open_page()
    page.goto(f"{town.url}/tips/proof/check/")
    checked_at_both_sizes(page, check_page)
    page.fill("#proof", "{}")
    page.get_by_role("button", name="核验").click()
    page.locator(".notice.late").wait_for()
    checked_at_both_sizes(page, check_page)
