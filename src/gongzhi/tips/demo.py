"""Keys for the demo's tip members, handler and custodians, a fund with some money, and three fictional tips.

Their one passphrase is made for each installation and kept in a file; the receipts of the demo tips lie in another.
"""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from gongzhi.accounts import demo as people
from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.tips import operations
from gongzhi.tips.models import PersonalKey
from gongzhi.tips.types import Identity, MemberKey, Submitted, TipOutcome

PASSPHRASE_FILE = "demo-passphrase.txt"  # noqa: S105 - the name of a file
RECEIPTS_FILE = "demo-receipts.txt"
HOLDERS = ("tipmember", "tipmember2", "tipmember3", "custodian", "custodian2", "custodian3", "handler3")
FEN = 100


def load(*, now: datetime) -> None:
    """Make what is missing; loading twice changes nothing."""
    if PersonalKey.objects.exists():
        return
    passphrase = _passphrase()
    for name in HOLDERS:
        operations.set_up_key(passphrase=passphrase, by=_by(name), now=now)
    operations.set_up_recovery(by=_by("custodian"), now=now)
    operations.deposit(amount=200_000 * FEN, by=_by("finance"), now=now)
    receipts = [_waiting(now), _read(now, passphrase), _closed(now, passphrase)]
    people.write_private(_path(RECEIPTS_FILE), "\n".join(receipts))


def _waiting(now: datetime) -> str:
    return _submit("有人在夜市收“保护费”，每个摊位每月五百元。", now - timedelta(hours=3)).receipt


def _read(now: datetime, passphrase: str) -> str:
    at = now - timedelta(days=3)
    given = Identity(name="甲某", contact="请通过回执联系我")
    tip = _submit("一家仓库夜里卸没有标签的桶，味道很刺鼻。", at, identity=given)
    held = operations.open_receipt(receipt=tip.receipt, now=at)
    key = _key("tipmember", passphrase, now)
    operations.open_tip(tip=held.tip, key=key, by=_by("tipmember"), now=at)
    operations.answer_reporter(
        tip=held.tip, text="收到。您看到卸货大约在几点？", key=key, by=_by("tipmember"), now=at
    )
    return tip.receipt


def _closed(now: datetime, passphrase: str) -> str:
    at = now - timedelta(days=20)
    tip = _submit("有小作坊用工业原料做凉皮。", at)
    held = operations.open_receipt(receipt=tip.receipt, now=at)
    by, key = _by("tipmember"), _key("tipmember", passphrase, now)
    operations.open_tip(tip=held.tip, key=key, by=by, now=at)
    operations.close_tip(
        tip=held.tip, outcome=TipOutcome.TRUE, words="已查实并处罚，谢谢您。", key=key, by=by, now=now
    )
    reward = operations.propose_reward(tip=held.tip, grade="second", fines=80_000 * FEN, by=by, now=now)
    operations.approve_reward(reward=reward, by=_by("tipmember2"), now=now)
    return tip.receipt


def _submit(text: str, at: datetime, identity: Identity | None = None) -> Submitted:
    return operations.submit_tip(text=text, by=RESIDENT, now=at, identity=identity)


def _key(name: str, passphrase: str, now: datetime) -> MemberKey:
    return operations.unlock(passphrase=passphrase, by=_by(name), now=now)


def _by(name: str) -> Actor:
    found = accounts.person_by_username(name)
    if found is None:
        raise LookupError(f"the demo person {name} is missing: load the demo people first")
    return actor.person(found.id)


def _passphrase() -> str:
    path = _path(PASSPHRASE_FILE)
    if not path.exists():
        words = "".join(secrets.choice(people.PASSWORD_LETTERS) for _ in range(16))
        people.write_private(path, "-".join(words[i : i + 4] for i in (0, 4, 8, 12)))
    return path.read_text(encoding="utf-8").strip()


def _path(name: str) -> Path:
    return Path(settings.GONGZHI_DATA) / name
