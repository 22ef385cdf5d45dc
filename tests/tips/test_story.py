"""A tip goes all the way round, and each sees what is theirs to see."""

import json

import pytest

from gongzhi.base.errors import NotFound, Refused
from gongzhi.tips import keyrings, operations, proofs, queries
from gongzhi.tips.models import TipStep
from gongzhi.tips.types import Identity, RightDoor, TipOutcome, TipStatus, TipStepKind
from tests.tips.conftest import DAY, NOW, WORDS, TipTown

ON = NOW.date()


def test_the_reporter_reads_with_the_receipt_what_the_unit_answers(town: TipTown):
    sent = town.submit()
    assert len(sent.receipt) == 16 and sent.receipt.isdigit()
    key = operations.open_receipt(
        receipt=f"{sent.receipt[:4]}-{sent.receipt[4:8]} {sent.receipt[8:]}", now=NOW
    )
    assert queries.tip_for_reporter(key, ON).messages[0].text == WORDS
    assert queries.tip_for_reporter(key, ON).status is TipStatus.RECEIVED
    [row] = queries.tips_for(town.id("tipmember"), on=ON)
    view = operations.open_tip(tip=row.id, **town.acting("tipmember"))
    assert [m.text for m in view.messages] == [WORDS]
    operations.answer_reporter(tip=row.id, text="几点的事？", **town.acting("tipmember2"))
    operations.add_message(key=key, text="晚上九点", now=NOW)
    seen = queries.tip_for_reporter(key, ON)
    assert [(m.from_reporter, m.text) for m in seen.messages] == [
        (True, WORDS),
        (False, "几点的事？"),
        (True, "晚上九点"),
    ]
    assert seen.status is TipStatus.READ
    assert not any(step.by_name for step in seen.timeline)


def test_a_handler_sees_the_redacted_copy_and_nothing_else(town: TipTown):
    tip = town.read()
    at = WORDS.index("我住在隔壁三号楼")
    copy = town.hand(tip, ((at, at + 8),))
    seen = operations.open_handed(hand_over=copy, **town.acting("handler3"))
    assert seen.text == WORDS[:at] + "■■■" + WORDS[at + 8 :]
    with pytest.raises(NotFound):
        operations.open_tip(tip=tip, **town.acting("handler3"))
    operations.answer_handed(hand_over=copy, text="查过了，属实", **town.acting("handler3"))
    view = operations.open_tip(tip=tip, **town.acting("tipmember"))
    assert view.row.status is TipStatus.ANSWERED
    assert view.hand_overs[0].answer == "查过了，属实"


def test_a_closed_tip_tells_its_outcome_and_a_declined_one_the_right_door(town: TipTown):
    sent, other = town.submit(), town.submit()
    key, key2 = (operations.open_receipt(receipt=s.receipt, now=NOW) for s in (sent, other))
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    operations.decline_tip(
        tip=key2.tip, door=RightDoor.POLICE_110, words="请报警", **town.acting("tipmember")
    )
    assert queries.tip_for_reporter(key, ON).outcome is TipOutcome.TRUE
    assert queries.tip_for_reporter(key2, ON).door is RightDoor.POLICE_110


def test_an_unread_tip_can_not_be_closed(town: TipTown):
    with pytest.raises(Refused) as refused:
        town.close(town.tip())
    assert refused.value.code == "not_now"


def test_a_reporter_may_write_after_closing_and_the_tip_is_looked_into_again(town: TipTown):
    sent = town.submit()
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    operations.add_message(key=key, text="又来了", now=NOW + DAY)
    operations.reopen_tip(tip=key.tip, **town.acting("tipmember", NOW + DAY))
    assert queries.tip_for_reporter(key, ON).status is TipStatus.READ
    assert queries.tip_for_reporter(key, ON).outcome is None


def test_a_proof_of_receipt_is_checked_by_anyone_and_says_nothing_of_the_tip(town: TipTown):
    sent = town.submit()
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    assert queries.check_proof(sent.proof.text).day == ON
    assert queries.check_proof(sent.proof.text).genuine
    said = json.loads(sent.proof.text)
    first = TipStep.objects.get(tip=key.tip, seq=1)
    assert str(key.tip) not in sent.proof.text and bytes(first.digest).hex() not in sent.proof.text
    assert proofs.belongs(sent.proof, bytes(first.digest))
    assert not proofs.belongs(sent.proof, b"\x00" * 32)
    assert queries.tip_for_reporter(key, ON).proof == sent.proof
    forged = json.dumps({**said, "day": "2020-01-01"})
    assert not queries.check_proof(forged).genuine
    for rubbish in ("", "[]", "{}", "null", '{"signature": 3}', '"x"'):
        assert not queries.check_proof(rubbish).genuine


def test_steps_of_a_tip_carry_the_day_and_ids_tell_no_time(town: TipTown):
    tip = town.tip()
    assert {step.id.version for step in TipStep.objects.filter(tip=tip)} == {4}
    assert tip.version == 4
    assert not [f.name for f in TipStep._meta.concrete_fields if f.get_internal_type() == "DateTimeField"]


def test_the_hotline_operator_takes_a_tip_and_can_not_read_it(town: TipTown):
    tip = town.tip(by=town.who("dispatcher"), door="hotline")
    assert TipStep.objects.get(tip=tip, seq=1).data["door"] == "hotline"
    assert queries.tips_for(town.id("dispatcher"), on=ON) == []


def test_a_key_put_away_comes_back_for_fifteen_minutes_and_only_with_its_cookie(town: TipTown):
    key = town.key("tipmember")
    away, other = keyrings.lock_away(key, now=NOW), keyrings.lock_away(key, now=NOW)
    assert keyrings.take_out(away.shut, away.cookie, now=NOW + keyrings.LASTS) == key
    assert key.private.hex() not in away.shut + away.cookie
    for shut, cookie, now in (
        (away.shut, other.cookie, NOW),
        (away.shut, away.cookie, NOW + keyrings.LASTS + DAY),
        ("", "", NOW),
        (away.shut, "zz", NOW),
    ):
        with pytest.raises(keyrings.Gone):
            keyrings.take_out(shut, cookie, now=now)


def test_what_was_identified_is_told_to_the_reporter_as_a_step(town: TipTown):
    sent = town.submit(identity=Identity(name="赵某", contact="13900000000"))
    assert sent.identity_kept
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    seen = queries.tip_for_reporter(key, ON)
    assert seen.has_identity
    assert [s.kind for s in seen.timeline] == [TipStepKind.RECEIVED, TipStepKind.IDENTITY_GIVEN]
