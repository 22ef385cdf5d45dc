"""A redacted copy goes to the unit that checks a tip: what its handler sees, and who sees nothing."""

import re

import pytest

from gongzhi.tips import operations, queries
from tests.desk.conftest import Staff
from tests.desk.test_tips import opened, unlocked, words_of
from tests.tips.conftest import WORDS, TipTown, cheap_guesses, town

__all__ = ["cheap_guesses", "town"]

HOME = "我住在隔壁三号楼"


def form_for(town: TipTown, tip: object, **more: str) -> dict[str, str]:
    view = operations.open_tip(tip=tip, **town.acting("tipmember"))
    message = str(view.messages[0].id)
    police = str(town.organisation("police"))
    return {"pieces": message, f"cut-{message}": HOME, "note": "请核实。", "to": police, **more}


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def handed(town: TipTown, tip: object) -> None:
    staff, form = opened("tipmember", tip), form_for(town, tip)
    seen = seen_in(staff.client.post(f"/desk/tips/{tip}/hand-over/", form).content.decode())
    assert staff.client.post(f"/desk/tips/{tip}/hand-over/", {**form, "seen": seen}).status_code == 302


def copy_of(town: TipTown) -> str:
    [row] = queries.handed_to(town.id("handler3"))
    return f"/desk/tips/handed/{row.id}/"


def test_a_copy_is_looked_at_before_it_goes_and_again_when_it_changed(town: TipTown):
    tip = town.read()
    staff, form = opened("tipmember", tip), form_for(town, tip)
    address = f"/desk/tips/{tip}/hand-over/"
    first = staff.client.post(address, form).content.decode()
    assert "■■■" in first
    message = form["pieces"]
    changed = staff.client.post(address, {**form, f"cut-{message}": "", "seen": seen_in(first)})
    assert changed.status_code == 200
    assert queries.handed_to(town.id("handler3")) == []
    assert staff.client.post(address, {**form, "seen": seen_in(first)}).status_code == 302
    assert len(queries.handed_to(town.id("handler3"))) == 1


def test_words_to_cut_that_are_not_there_are_refused_and_not_passed_over(town: TipTown):
    tip = town.read()
    form = form_for(town, tip)
    form[f"cut-{form['pieces']}"] = "三号搂"
    answer = opened("tipmember", tip).client.post(f"/desk/tips/{tip}/hand-over/", form)
    assert answer.status_code == 422
    assert "三号搂" in answer.content.decode()


def test_the_handler_reads_the_redacted_copy_only_and_answers(town: TipTown):
    tip = town.read()
    handed(town, tip)
    handler, address = unlocked("handler3"), copy_of(town)
    assert WORDS not in words_of(handler, "/desk/tips/handed/")
    assert handler.client.get(address).status_code == 302
    assert handler.client.post(address).status_code == 302
    page = words_of(handler, address)
    assert ("■■■" in page, HOME in page, "请核实。" in page) == (True, False, True)
    assert handler.client.post(f"{address}answer/", {"text": ""}).status_code == 422
    assert handler.client.post(f"{address}answer/", {"text": "已到现场，属实。"}).status_code == 302
    assert "已到现场，属实。" in words_of(opened("tipmember", tip), f"/desk/tips/{tip}/")


def test_without_the_key_the_copy_stays_shut(town: TipTown):
    handed(town, town.read())
    for act in ("", "answer/", "file/"):
        assert Staff("handler3").client.post(copy_of(town) + act, {"text": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["tipmember", "custodian", "dispatcher", "finance"])
def test_to_who_is_no_handler_there_are_no_copies(town: TipTown, name):
    handed(town, town.read())
    staff = Staff(name)
    assert staff.client.get("/desk/tips/handed/").status_code == 404
    for act in ("", "answer/", "file/"):
        assert staff.client.post(copy_of(town) + act).status_code == 404


def test_a_handler_of_another_unit_sees_no_copy(town: TipTown):
    handed(town, town.read())
    operations.set_up_key(
        passphrase="three green lanterns by the river", by=town.who("handler"), now=town.now
    )
    other = unlocked("handler")
    assert copy_of(town) not in words_of(other, "/desk/tips/handed/")
    assert other.client.post(copy_of(town)).status_code == 404
    assert other.client.post(f"{copy_of(town)}answer/", {"text": "x"}).status_code == 404


def test_a_custodian_and_a_locked_member_hand_nothing_over(town: TipTown):
    tip = town.read()
    form = form_for(town, tip)
    assert unlocked("custodian").client.post(f"/desk/tips/{tip}/hand-over/", form).status_code == 404
    locked = unlocked("tipmember")  # unlocked the key, but did not open the tip
    assert locked.client.post(f"/desk/tips/{tip}/hand-over/", form).status_code == 302
    assert queries.handed_to(town.id("handler3")) == []
