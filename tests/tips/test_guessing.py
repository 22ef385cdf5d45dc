"""Guessing at receipts, claim codes and passphrases: dear, and counted for all processes together."""

import threading
import time

import pytest
from django.db import connection, connections

from gongzhi.base.errors import NotFound, Refused
from gongzhi.tips import guesses, operations, receipts
from gongzhi.tips.guesses import SPAN, TooMany, counted
from gongzhi.tips.models import GuessWindow
from tests.tips.conftest import NOW, PASSPHRASE, TipTown


def test_a_wrong_receipt_opens_nothing_and_is_counted_for_everybody(town: TipTown, monkeypatch):
    receipt = town.submit().receipt
    monkeypatch.setattr("gongzhi.tips.operations.intake.WRONG_RECEIPTS", 3)
    for wrong in ("0" * 16, "12", "", receipt[:-1]):
        with pytest.raises((NotFound, TooMany)):
            operations.open_receipt(receipt=wrong, now=NOW)
    with pytest.raises(TooMany):
        operations.open_receipt(receipt=receipt, now=NOW)
    assert operations.open_receipt(receipt=receipt, now=NOW + SPAN)


def test_right_receipts_use_nothing_up(town: TipTown, monkeypatch):
    monkeypatch.setattr("gongzhi.tips.operations.intake.WRONG_RECEIPTS", 1)
    receipt = town.submit().receipt
    for _ in range(4):
        assert operations.open_receipt(receipt=receipt, now=NOW)


def test_passphrases_are_counted_for_each_person(town: TipTown):
    for _ in range(8):
        with pytest.raises(Refused) as refused:
            operations.unlock(passphrase="wrong horse battery", by=town.who("tipmember"), now=NOW)
        assert refused.value.code == "wrong_passphrase"
    with pytest.raises(TooMany):
        operations.unlock(passphrase=PASSPHRASE, by=town.who("tipmember"), now=NOW)
    assert town.key("tipmember2")


def test_a_changed_passphrase_opens_the_same_key_and_the_old_one_nothing(town: TipTown):
    before = town.key("tipmember")
    by = town.who("tipmember")
    operations.change_passphrase(old=PASSPHRASE, new="five brown boats at noon", by=by, now=NOW)
    assert operations.unlock(passphrase="five brown boats at noon", by=by, now=NOW) == before
    with pytest.raises(Refused):
        operations.unlock(passphrase=PASSPHRASE, by=by, now=NOW)


@pytest.mark.parametrize("weak", ["", "short", "password1234", "123456789012345"])
def test_a_weak_passphrase_is_refused(town: TipTown, weak):
    with pytest.raises(Refused) as refused:
        operations.change_passphrase(old=PASSPHRASE, new=weak, by=town.who("tipmember"), now=NOW)
    assert refused.value.field == "passphrase"


def test_tries_side_by_side_never_get_past_the_limit(clean_cell):
    """Ten threads, each with a connection of its own, forty wrong tries, ten allowed."""
    through, lock = [], threading.Lock()

    def guess() -> None:
        try:
            for _ in range(4):
                try:
                    with counted("receipt", 10, NOW):
                        with lock:
                            through.append(1)
                        raise KeyError  # a wrong try ends in an exception
                except (KeyError, TooMany):
                    pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 10
    assert GuessWindow.objects.get(what="receipt").tries == 40
    guesses.forget_old(NOW + 3 * SPAN)
    assert not GuessWindow.objects.exists()
    connection.close()


def test_a_guess_at_a_receipt_costs_memory_and_time(demo_cell):
    """With the cost of a real cell: a quarter of a gibibyte, four passes."""
    assert (receipts.COST.passes, receipts.COST.memory) == (4, 256)
    began = time.monotonic()
    one, again = receipts.stretch("1" * 16), receipts.stretch("1" * 16)
    assert one == again
    assert (time.monotonic() - began) / 2 > 0.1
    assert receipts.stretch("1" * 15 + "2").locator != one.locator
    assert one.key not in one.locator and len(one.key) == 32


def test_receipts_use_all_sixteen_digits():
    drawn = {receipts.new_receipt() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all({r[i] for r in drawn} == set("0123456789") for i in range(16))
