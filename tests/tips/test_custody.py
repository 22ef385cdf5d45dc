"""Two custodians together and none alone; one person leaving loses no tip."""

import pytest

from gongzhi.accounts import operations as accounts_operations
from gongzhi.accounts.types import Role
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.tips import operations, queries, upkeep
from gongzhi.tips.models import Ceremony, RecoveryKey, Release, Share, TipIdentity
from gongzhi.tips.types import Identity, MemberKey, TipStepKind
from gongzhi.trust import boxes, sharing
from tests.tips.conftest import DAY, NOW, PASSPHRASE, WORDS, TipTown

WHO = Identity(name="赵某", contact="13900000000", note="晚上打")
ON = NOW.date()


def asked(town: TipTown) -> tuple:
    sent = town.submit(identity=WHO)
    receipt = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.open_tip(tip=receipt.tip, **town.acting("tipmember"))
    ceremony = operations.ask_identity(
        tip=receipt.tip, purpose="protect_reporter", by=town.who("tipmember"), now=NOW
    )
    return receipt, ceremony


def approve(town: TipTown, ceremony, name: str, at=NOW) -> bool:
    return operations.approve_ceremony(ceremony=ceremony, **town.acting(name, at))


def test_two_custodians_open_an_identity_for_the_member_who_asked_and_the_reporter_reads_of_it(town: TipTown):
    receipt, ceremony = asked(town)
    with pytest.raises(NotFound):
        operations.read_identity(ceremony=ceremony, **town.acting("tipmember"))
    assert not approve(town, ceremony, "custodian")
    assert approve(town, ceremony, "custodian3")
    assert operations.read_identity(ceremony=ceremony, **town.acting("tipmember")) == WHO
    openings = queries.tip_for_reporter(receipt, ON).identity_openings
    assert [step.kind for step in openings] == [TipStepKind.IDENTITY_ASKED, TipStepKind.IDENTITY_OPENED]
    assert all(step.detail for step in openings)
    assert not Release.objects.filter(ceremony=ceremony).exists()


def test_one_custodian_alone_opens_nothing_however_often(town: TipTown):
    _, ceremony = asked(town)
    assert not approve(town, ceremony, "custodian")
    with pytest.raises(Refused) as refused:
        approve(town, ceremony, "custodian")
    assert refused.value.code == "two_needed"
    assert Ceremony.objects.get(id=ceremony).sealed is None


def test_the_first_custodians_share_lies_nowhere_open_while_it_waits(town: TipTown):
    _, ceremony = asked(town)
    approve(town, ceremony, "custodian")
    key = town.key("custodian")
    own = Share.objects.get(secret=TipIdentity.objects.get().secret, key=key.key_id)
    share = boxes.unseal(key.private, bytes(own.sealed), f"share:{own.secret_id}")
    released = list(Release.objects.filter(ceremony=ceremony))
    assert len(released) == 2
    assert all(share not in bytes(row.sealed) for row in released)
    for row in released:
        with pytest.raises(boxes.NotOpened):
            boxes.unseal(key.private, bytes(row.sealed), f"release:{ceremony}:{row.secret_id}")


def test_nobody_else_reads_what_was_opened_and_after_a_day_nobody_does(town: TipTown):
    _, ceremony = asked(town)
    approve(town, ceremony, "custodian")
    approve(town, ceremony, "custodian2")
    for name in ("tipmember2", "custodian", "custodian2"):
        with pytest.raises(NotFound):
            operations.read_identity(ceremony=ceremony, **town.acting(name))
    with pytest.raises(NotFound):
        operations.read_identity(ceremony=ceremony, **town.acting("tipmember", NOW + 2 * DAY))
    upkeep.sweep(NOW + 2 * DAY)
    assert Ceremony.objects.get(id=ceremony).sealed is None


def test_a_ceremony_ends_after_a_day_and_when_a_custodian_stops_it(town: TipTown):
    _, late = asked(town)
    approve(town, late, "custodian")
    with pytest.raises(Refused):
        approve(town, late, "custodian2", NOW + DAY + DAY)
    _, stopped = asked(town)
    approve(town, stopped, "custodian")
    operations.refuse_ceremony(ceremony=stopped, by=town.who("custodian3"), now=NOW)
    assert not Release.objects.filter(ceremony=stopped).exists()
    with pytest.raises(Refused):
        approve(town, stopped, "custodian2")


def test_only_custodians_approve(town: TipTown):
    _, ceremony = asked(town)
    for name in ("tipmember2", "handler3"):
        with pytest.raises(NotAllowed):
            approve(town, ceremony, name)


def test_an_identity_given_anew_replaces_the_one_before(town: TipTown):
    sent = town.submit(identity=WHO)
    key = operations.open_receipt(receipt=sent.receipt, now=NOW)
    operations.give_identity(key=key, identity=Identity(name="钱某"), now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    ceremony = operations.ask_identity(
        tip=key.tip, purpose="reporter_asked", by=town.who("tipmember"), now=NOW
    )
    approve(town, ceremony, "custodian2")
    approve(town, ceremony, "custodian3")
    assert operations.read_identity(ceremony=ceremony, **town.acting("tipmember")).name == "钱某"


def test_a_new_member_gets_the_old_tips_by_recovery_when_everybody_else_has_left(town: TipTown):
    tip, blocked = town.tip(), town.tip(keep_from=["newcomer"])
    town_newcomer = town.newcomer("newcomer", Role.TIP_MEMBER, "tips.centre", key=False)
    for name in ("tipmember", "tipmember2"):
        accounts_operations.close_account(person=town.id(name), by=SYSTEM, now=NOW, reason="调走")
    operations.set_up_key(passphrase=PASSPHRASE, by=town_newcomer, now=NOW)
    ceremony = operations.ask_recovery(person=town_newcomer.person_id, by=town.who("custodian"), now=NOW)
    with pytest.raises(NotFound):
        operations.open_tip(tip=tip, **town.acting("newcomer"))
    assert not approve(town, ceremony, "custodian2")
    with pytest.raises(NotFound):
        operations.open_tip(tip=tip, **town.acting("newcomer"))
    assert approve(town, ceremony, "custodian")
    assert operations.open_tip(tip=tip, **town.acting("newcomer")).messages[0].text == WORDS
    assert operations.open_tip(tip=blocked, **town.acting("newcomer"))  # named before there was such a person


def test_recovery_shuts_nobody_in_who_is_blocked(town: TipTown):
    tip = town.tip(keep_from=["沈受理"])
    ceremony = operations.ask_recovery(person=town.id("tipmember2"), by=town.who("custodian"), now=NOW)
    approve(town, ceremony, "custodian")
    assert approve(town, ceremony, "custodian2")
    with pytest.raises(NotFound):
        operations.open_tip(tip=tip, **town.acting("tipmember2"))


def test_one_of_three_shares_tells_nothing_and_any_two_open(town: TipTown):
    recovery = RecoveryKey.objects.get()
    shares = {}
    for name in ("custodian", "custodian2", "custodian3"):
        key: MemberKey = town.key(name)
        row = recovery.secret.shares.get(key=key.key_id)
        shares[name] = boxes.unseal(key.private, bytes(row.sealed), f"share:{row.secret_id}")
    for alone in shares.values():
        with pytest.raises(sharing.NotEnough):
            sharing.combine([alone])
    a, b, c = shares.values()
    private = sharing.combine([a, b])
    assert sharing.combine([c, a]) == sharing.combine([b, c]) == private
    sealed = boxes.seal_to(bytes(recovery.public), b"x", "here")
    assert boxes.unseal(private, sealed, "here") == b"x"


def test_when_a_custodian_leaves_the_others_share_the_keys_anew_and_the_old_share_is_worthless(town: TipTown):
    receipt, _ = asked(town)
    accounts_operations.close_account(person=town.id("custodian3"), by=SYSTEM, now=NOW, reason="调走")
    town.newcomer("custodian4", Role.CUSTODIAN, "justice")
    assert queries.key_state(town.id("custodian"), ON).needs_new_split
    ceremony = operations.ask_new_custodians(by=town.who("custodian"), now=NOW)
    approve(town, ceremony, "custodian")
    assert approve(town, ceremony, "custodian2")
    assert not queries.key_state(town.id("custodian"), ON).needs_new_split
    again = operations.ask_identity(tip=receipt.tip, purpose="court_order", by=town.who("tipmember"), now=NOW)
    approve(town, again, "custodian4")
    assert approve(town, again, "custodian2")
    assert operations.read_identity(ceremony=again, **town.acting("tipmember")) == WHO


def test_recovery_needs_three_custodians_and_is_set_up_once(town: TipTown):
    with pytest.raises(Conflict):
        operations.set_up_recovery(by=town.who("custodian"), now=NOW)


def test_no_tip_is_taken_before_recovery_is_set_up(demo_cell, cheap_guesses):
    bare = TipTown()
    operations.set_up_key(passphrase=PASSPHRASE, by=bare.who("tipmember"), now=NOW)
    assert not queries.intake(ON).open
    with pytest.raises(Refused):
        bare.submit()
    operations.set_up_key(passphrase=PASSPHRASE, by=bare.who("custodian"), now=NOW)
    with pytest.raises(Refused) as refused:
        operations.set_up_recovery(by=bare.who("custodian"), now=NOW)
    assert refused.value.code == "few_custodians"
