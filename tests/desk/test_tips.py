"""Protected tips at the desk: who sees that they exist, the key, reading and writing, custodians, the hotline."""

import re
import uuid

import pytest

from gongzhi.tips import operations, queries
from gongzhi.tips.types import Identity, TipStatus
from gongzhi.trust.models import AuditRow
from gongzhi.trust.types import AuditKind
from tests.desk.conftest import Staff
from tests.tips.conftest import PASSPHRASE, WORDS, TipTown, cheap_guesses, town

__all__ = ["cheap_guesses", "town"]

OUTSIDERS = ["dispatcher", "head", "handler3", "finance"]


def unlocked(name: str) -> Staff:
    staff = Staff(name)
    assert staff.client.post("/desk/tips/key/", {"passphrase": PASSPHRASE}).status_code == 302
    return staff


def opened(name: str, tip: object) -> Staff:
    """Somebody who unlocked their key and pressed the button."""
    staff = unlocked(name)
    assert staff.client.post(f"/desk/tips/{tip}/").status_code == 302
    return staff


def words_of(staff: Staff, address: str) -> str:
    return staff.client.get(address).content.decode()


@pytest.mark.parametrize("name", OUTSIDERS)
def test_to_everybody_else_there_is_no_such_page(town: TipTown, name):
    tip = town.tip()
    staff = Staff(name)
    for address in ("/desk/tips/", f"/desk/tips/{tip}/"):
        assert staff.client.get(address).status_code == 404
    for act in ("", "close/", "file/", "original/", "hand-over/", "share/", "reward/"):
        assert staff.client.post(f"/desk/tips/{tip}/{act}").status_code == 404
    for address in ("interest/", "interest/end/", f"ceremonies/{tip}/", "recovery/", "recovery/anew/"):
        assert staff.client.post(f"/desk/tips/{address}").status_code == 404


@pytest.mark.parametrize("name", ["dispatcher", "head", "finance"])
def test_who_has_no_use_for_a_key_finds_no_door_to_one(town: TipTown, name):
    staff = Staff(name)
    for address in ("key/", "lock/", "passphrase/", "key/give-up/"):
        assert staff.client.post(f"/desk/tips/{address}").status_code == 404


def test_the_list_holds_headers_and_no_word(town: TipTown):
    town.tip()
    page = words_of(unlocked("tipmember"), "/desk/tips/")
    assert page.count("<tr>") == 2
    assert WORDS not in page


def test_a_tip_opens_with_ones_own_passphrase_only(town: TipTown):
    tip = town.tip()
    locked = Staff("tipmember")
    closed = locked.client.get(f"/desk/tips/{tip}/")
    assert (closed.status_code, WORDS in closed.content.decode()) == (403, False)
    assert locked.client.post("/desk/tips/key/", {"passphrase": "not the right one"}).status_code >= 400
    assert WORDS in words_of(opened("tipmember", tip), f"/desk/tips/{tip}/")


def openings() -> int:
    """How many openings of tips the audit log holds."""
    return AuditRow.objects.filter(kind=AuditKind.TIP_OPENED).count()


def test_looking_at_the_header_opens_nothing_and_the_button_notes_it_once(town: TipTown):
    tip = town.tip()
    staff = unlocked("tipmember")
    header = words_of(staff, f"/desk/tips/{tip}/")
    assert WORDS not in header
    assert openings() == 0
    assert staff.client.post(f"/desk/tips/{tip}/").status_code == 302
    assert openings() == 1
    assert WORDS in words_of(staff, f"/desk/tips/{tip}/")
    assert openings() == 1


def test_locking_shuts_what_was_open_and_a_second_opening_is_noted_too(town: TipTown):
    tip = town.tip()
    staff = opened("tipmember", tip)
    staff.client.post("/desk/tips/lock/")
    assert WORDS not in staff.client.get(f"/desk/tips/{tip}/").content.decode()
    staff.client.post("/desk/tips/key/", {"passphrase": PASSPHRASE})
    assert WORDS not in words_of(staff, f"/desk/tips/{tip}/")
    staff.client.post(f"/desk/tips/{tip}/")
    assert openings() == 2


def test_a_custodian_reads_no_tip(town: TipTown):
    tip = town.tip()
    assert unlocked("custodian").client.get(f"/desk/tips/{tip}/").status_code == 404


def test_a_blocked_member_sees_nothing(town: TipTown):
    tip = town.tip()
    staff = opened("tipmember", tip)
    assert staff.client.post(f"/desk/tips/{tip}/recuse/").status_code == 302
    assert staff.client.get(f"/desk/tips/{tip}/").status_code == 404
    assert str(tip) not in words_of(staff, "/desk/tips/")
    assert staff.client.post(f"/desk/tips/{tip}/answer/", {"text": "x"}).status_code == 404


def test_a_declared_interest_shuts_the_tips_of_the_unit(town: TipTown):
    police = town.organisation("police")
    tip = town.tip(reported=police)
    staff = unlocked("tipmember")
    assert staff.client.get(f"/desk/tips/{tip}/").status_code == 200
    staff.client.post("/desk/tips/interest/", {"organisation": str(police)})
    assert staff.client.get(f"/desk/tips/{tip}/").status_code == 404


def test_a_member_writes_and_closes(town: TipTown):
    receipt = town.submit().receipt
    tip = operations.open_receipt(receipt=receipt, now=town.now)
    staff = opened("tipmember", tip.tip)
    assert staff.client.post(f"/desk/tips/{tip.tip}/answer/", {"text": "几点？"}).status_code == 302
    missing = staff.client.post(f"/desk/tips/{tip.tip}/close/", {"text": "查实了。", "outcome": "?"})
    assert missing.status_code == 422
    assert "查实了。" in missing.content.decode()
    done = staff.client.post(f"/desk/tips/{tip.tip}/close/", {"text": "查实了。", "outcome": "true"})
    assert done.status_code == 302
    seen = queries.tip_for_reporter(tip, town.now.date())
    assert seen.status is TipStatus.CLOSED
    assert [m.text for m in seen.messages][1:] == ["几点？", "查实了。"]


def test_an_identity_opens_with_two_custodians_and_not_with_one(town: TipTown):
    tip = town.read(identity=Identity(name="甲某某"))
    member = unlocked("tipmember")
    asked = member.client.post(f"/desk/tips/{tip}/identity/", {"purpose": "protect_reporter"})
    assert asked.status_code == 302
    found = re.search(r"/desk/tips/ceremonies/([0-9a-f-]+)/", words_of(unlocked("custodian"), "/desk/tips/"))
    assert found is not None
    ceremony = found[0]
    for custodian, expected in (("custodian", 404), ("custodian2", 200)):
        assert unlocked(custodian).client.post(ceremony, {"act": "approve"}).status_code == 302
        read = member.client.post(ceremony, {"act": "read"})
        assert (read.status_code, "甲某某" in read.content.decode()) == (expected, expected == 200)


def test_a_double_click_of_the_operator_makes_one_tip(town: TipTown):
    staff = Staff("dispatcher")
    form = re.search(r'name="form_id" value="([^"]+)"', words_of(staff, "/desk/tips/take/"))
    assert form is not None
    given = {"form_id": form[1], "text": WORDS}
    empty = staff.client.post("/desk/tips/take/", {**given, "text": ""})
    assert (empty.status_code, form[1] in empty.content.decode()) == (422, True)
    assert [staff.client.post("/desk/tips/take/", given).status_code for _ in range(2)] == [200, 409]
    assert len(queries.tips_for(town.id("tipmember"))) == 1


def test_the_operator_takes_a_tip_by_phone_and_sees_the_receipt_once(town: TipTown):
    staff = Staff("dispatcher")
    taken = staff.client.post("/desk/tips/take/", {"text": WORDS}).content.decode()
    digits = re.search(r"\d{4} \d{4} \d{4} \d{4}", re.sub(r"<[^>]+>", "", taken))
    assert digits is not None
    assert digits[0] not in re.sub(r"<[^>]+>", "", words_of(staff, "/desk/tips/take/"))
    key = operations.open_receipt(receipt=digits[0], now=town.now)
    assert queries.tip_for_reporter(key, town.now.date()).messages[0].text == WORDS
    assert staff.client.get(f"/desk/tips/{uuid.uuid4()}/").status_code == 404
