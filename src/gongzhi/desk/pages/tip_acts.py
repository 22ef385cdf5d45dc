"""What a member does with an opened tip: one function for each act, from the fields of a form to an operation."""

import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.desk import money
from gongzhi.desk.pages.tips import uuid_of
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations
from gongzhi.tips.types import IdentityPurpose, MemberKey, RightDoor, TipOutcome

Listed = TypeVar("Listed", bound=StrEnum)
Typed = Mapping[str, str]
Act = Callable[[uuid.UUID, Typed, MemberKey, Visitor], object]


def one_of(listed: type[Listed], typed: str) -> Listed:
    """An entry of a closed list, as a form sent it."""
    try:
        return listed(typed)
    except ValueError as error:
        raise Refused(_("Please fill this in."), code="missing") from error


def _answer(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.answer_reporter(tip=tip, text=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now)


def _close(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    outcome = one_of(TipOutcome, typed.get("outcome", ""))
    operations.close_tip(
        tip=tip, outcome=outcome, words=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now
    )


def _decline(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    door = one_of(RightDoor, typed.get("door", ""))
    operations.decline_tip(
        tip=tip, door=door, words=typed.get("text", ""), key=key, by=visitor.by, now=visitor.now
    )


def _reopen(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.reopen_tip(tip=tip, key=key, by=visitor.by, now=visitor.now)


def _keep(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.keep_longer(tip=tip, key=key, by=visitor.by, now=visitor.now)


def _recuse(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    operations.recuse(tip=tip, by=visitor.by, now=visitor.now)


def _identity(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    purpose = one_of(IdentityPurpose, typed.get("purpose", ""))
    operations.ask_identity(tip=tip, purpose=purpose, by=visitor.by, now=visitor.now)


def _share(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    to = uuid_of(typed.get("to", ""))
    operations.share_access(tip=tip, to=to, key=key, by=visitor.by, now=visitor.now)


def _reward(tip: uuid.UUID, typed: Typed, key: MemberKey, visitor: Visitor) -> None:
    fines = money.fen(typed.get("fines", ""), field="fines")
    operations.propose_reward(
        tip=tip, grade=typed.get("grade", ""), fines=fines, by=visitor.by, now=visitor.now
    )


ACTS: dict[str, Act] = {
    "answer": _answer,
    "close": _close,
    "decline": _decline,
    "reopen": _reopen,
    "keep": _keep,
    "recuse": _recuse,
    "identity": _identity,
    "share": _share,
    "reward": _reward,
}
