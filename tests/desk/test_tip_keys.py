"""Keys at the desk: passphrases changed and lost, colleagues let in, interests that end, originals, custodians."""

import re
import uuid

import pytest

from gongzhi.accounts.types import Role
from gongzhi.tips import operations, queries
from gongzhi.tips.types import TipStepKind, Upload
from tests.desk.conftest import Staff
from tests.desk.test_tips import opened, unlocked, words_of
from tests.tips.conftest import PASSPHRASE, WORDS, TipTown, cheap_guesses, town

__all__ = ["cheap_guesses", "town"]

NEW = "seven paper boats under the bridge"


def change(staff: Staff, **given: str) -> int:
    return staff.client.post("/desk/tips/passphrase/", given).status_code


@pytest.mark.parametrize("name", ["tipmember", "custodian", "handler3"])
def test_the_passphrase_changes_with_the_old_one_only(town: TipTown, name):
    staff = Staff(name)
    assert change(staff, old="not the right one", new=NEW, again=NEW) == 422
    assert change(staff, old=PASSPHRASE, new=NEW, again="another") == 422
    assert change(staff, old=PASSPHRASE, new="short", again="short") == 422
    assert change(staff, old=PASSPHRASE, new=NEW, again=NEW) == 302
    assert staff.client.post("/desk/tips/key/", {"passphrase": PASSPHRASE}).status_code == 422
    assert staff.client.post("/desk/tips/key/", {"passphrase": NEW}).status_code == 302


def test_changing_the_passphrase_locks_the_key(town: TipTown):
    tip = town.tip()
    staff = opened("tipmember", tip)
    change(staff, old=PASSPHRASE, new=NEW, again=NEW)
    assert staff.client.get(f"/desk/tips/{tip}/").status_code == 403


def test_a_lost_key_is_given_up_and_two_custodians_let_its_owner_in_again(town: TipTown):
    tip = town.tip()
    member = Staff("tipmember")
    assert member.client.post("/desk/tips/key/give-up/").status_code == 422
    assert member.client.post("/desk/tips/key/give-up/", {"sure": "yes"}).status_code == 302
    assert member.client.post("/desk/tips/key/", {"passphrase": NEW}).status_code == 302
    assert member.client.post(f"/desk/tips/{tip}/").status_code == 404
    asked = Staff("custodian").client.post("/desk/tips/recovery/", {"person": str(town.id("tipmember"))})
    assert asked.status_code == 302
    for name, opens in (("custodian", 404), ("custodian2", 302)):
        custodian = unlocked(name)
        found = re.search(r"/desk/tips/ceremonies/[0-9a-f-]+/", words_of(custodian, "/desk/tips/"))
        assert found is not None
        assert custodian.client.post(found[0], {"act": "approve"}).status_code == 302
        assert member.client.post(f"/desk/tips/{tip}/").status_code == opens
    assert WORDS in words_of(member, f"/desk/tips/{tip}/")


def test_recovery_is_for_members_with_keys_only(town: TipTown):
    for person in (town.id("dispatcher"), uuid.uuid4()):
        answer = Staff("custodian").client.post("/desk/tips/recovery/", {"person": str(person)})
        assert answer.status_code == 422
    assert Staff("handler3").client.post("/desk/tips/recovery/").status_code == 404


def test_a_new_custodian_is_seen_and_the_keys_are_shared_anew(town: TipTown):
    assert "recovery/anew/" not in words_of(Staff("custodian"), "/desk/tips/")
    town.newcomer("custodian4", Role.CUSTODIAN, "justice")
    assert "recovery/anew/" in words_of(Staff("custodian"), "/desk/tips/")
    assert Staff("tipmember").client.post("/desk/tips/recovery/anew/").status_code == 404
    assert Staff("custodian").client.post("/desk/tips/recovery/anew/").status_code == 302
    [waiting] = queries.ceremonies_for(town.id("custodian2"), town.now)
    for name in ("custodian", "custodian2"):
        sent = unlocked(name).client.post(f"/desk/tips/ceremonies/{waiting.id}/", {"act": "approve"})
        assert sent.status_code == 302
    assert not queries.key_state(town.id("custodian"), town.now.date()).needs_new_split


def test_an_original_opens_for_a_reason_that_the_reporter_reads(town: TipTown):
    receipt = town.submit(files=[Upload("notes.txt", "晚上八点".encode())]).receipt
    key = operations.open_receipt(receipt=receipt, now=town.now)
    staff = opened("tipmember", key.tip)
    found = re.search(r'<option value="([0-9a-f-]{36})">notes', words_of(staff, f"/desk/tips/{key.tip}/"))
    assert found is not None
    address = f"/desk/tips/{key.tip}/original/"
    assert staff.client.post(address, {"file": found[1], "reason": ""}).status_code == 422
    given = {"file": found[1], "reason": "is_it_genuine"}
    assert staff.client.post(address, given).content == "晚上八点".encode()
    [told] = [
        step
        for step in queries.tip_for_reporter(key, town.now.date()).timeline
        if step.kind is TipStepKind.ORIGINAL_OPENED
    ]
    assert told.detail
    assert Staff("tipmember").client.post(address, given).status_code == 403
    assert unlocked("custodian").client.post(address, given).status_code == 404


def test_a_colleague_is_let_in_by_whoever_can_open_it(town: TipTown):
    tip = town.tip()
    late = town.newcomer("tipmember9", Role.TIP_MEMBER, "tips.centre")
    staff = opened("tipmember", tip)
    assert str(late.person_id) in words_of(staff, f"/desk/tips/{tip}/")
    outsider = {"to": str(town.id("custodian"))}
    assert staff.client.post(f"/desk/tips/{tip}/share/", outsider).status_code == 404
    assert staff.client.post(f"/desk/tips/{tip}/share/", {"to": str(late.person_id)}).status_code == 302
    assert WORDS in words_of(opened("tipmember9", tip), f"/desk/tips/{tip}/")


def test_an_interest_that_is_over_opens_tips_to_come_and_no_tip_of_before(town: TipTown):
    police = town.organisation("police")
    before = town.tip(reported=police)
    staff = unlocked("tipmember")
    given = {"organisation": str(police)}
    staff.client.post("/desk/tips/interest/", given)
    assert staff.client.post("/desk/tips/interest/end/", given).status_code == 302
    assert queries.interests_of(town.id("tipmember")) == []
    assert staff.client.get(f"/desk/tips/{before}/").status_code == 404
    assert staff.client.get(f"/desk/tips/{town.tip(reported=police)}/").status_code == 200
