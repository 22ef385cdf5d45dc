"""The people of protected tips in the demo county, with keys; guessing is made cheap so that tests are quick."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.accounts import operations as accounts_operations
from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.territory import queries as territory
from gongzhi.tips import operations, receipts
from gongzhi.tips.operations import keys
from gongzhi.tips.types import MemberKey, Piece, Submitted, TipOutcome
from gongzhi.trust.boxes import Cost

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PASSPHRASE = "three green lanterns by the river"
WORDS = "夜市里有人收保护费，我住在隔壁三号楼。"
HOLDERS = ("tipmember", "tipmember2", "tipmember3", "custodian", "custodian2", "custodian3", "handler3")
YUAN = 100


class TipTown:
    """Shorthand for stories about tips."""

    now = NOW

    def who(self, name: str) -> Actor:
        found = accounts.person_by_username(name)
        assert found is not None, name
        return actor.person(found.id)

    def id(self, name: str) -> uuid.UUID:
        person = self.who(name).person_id
        assert person is not None
        return person

    def organisation(self, code: str) -> uuid.UUID:
        found = accounts.organisation_by_code(code)
        assert found is not None, code
        return found.id

    def set_up_keys(self) -> None:
        for name in HOLDERS:
            operations.set_up_key(passphrase=PASSPHRASE, by=self.who(name), now=NOW)
        operations.set_up_recovery(by=self.who("custodian"), now=NOW)
        operations.deposit(amount=1_000_000 * YUAN, by=self.who("finance"), now=NOW)

    def key(self, name: str) -> MemberKey:
        return operations.unlock(passphrase=PASSPHRASE, by=self.who(name), now=NOW)

    def acting(self, name: str, at: datetime = NOW) -> dict[str, object]:
        """Whoever it is, with their key: the three arguments of most operations."""
        return {"key": self.key(name), "by": self.who(name), "now": at}

    def submit(self, text: str = WORDS, **more: object) -> Submitted:
        return operations.submit_tip(**{"text": text, "by": RESIDENT, "now": NOW, **more})  # type: ignore[arg-type]

    def tip(self, **more: object) -> uuid.UUID:
        return operations.open_receipt(receipt=self.submit(**more).receipt, now=NOW).tip

    def read(self, **more: object) -> uuid.UUID:
        tip = self.tip(**more)
        operations.open_tip(tip=tip, **self.acting("tipmember"))
        return tip

    def closed(self, at: datetime = NOW, **more: object) -> uuid.UUID:
        tip = self.read(**more)
        self.close(tip, at)
        return tip

    def close(self, tip: uuid.UUID, at: datetime = NOW) -> None:
        operations.close_tip(
            tip=tip, outcome=TipOutcome.TRUE, words="查实了，谢谢。", **self.acting("tipmember", at)
        )

    def hand(self, tip: uuid.UUID, cuts: tuple[tuple[int, int], ...] = (), **more: object) -> uuid.UUID:
        view = operations.open_tip(tip=tip, **self.acting("tipmember"))
        return operations.hand_over(
            tip=tip,
            to=self.organisation("police"),
            pieces=[Piece(view.messages[0].id, cuts)],
            **self.acting("tipmember"),
            **more,
        )

    def newcomer(self, username: str, role: Role, organisation: str, *, key: bool = True) -> Actor:
        person = accounts_operations.create_person(
            username=username, display_name=username, by=SYSTEM, now=NOW
        )
        self.grant(person, role, organisation)
        if key:
            operations.set_up_key(passphrase=PASSPHRASE, by=actor.person(person), now=NOW)
        return actor.person(person)

    def grant(self, person: uuid.UUID, role: Role, organisation: str) -> None:
        accounts_operations.grant_role(
            person=person,
            role=role,
            organisation=self.organisation(organisation),
            area=territory.root().id,
            by=SYSTEM,
            now=NOW,
        )


@pytest.fixture
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be dear in a cell would only make tests slow."""
    monkeypatch.setattr(receipts, "COST", Cost(1, 8))
    monkeypatch.setattr(keys, "COST", Cost(1, 8))


@pytest.fixture
def town(demo_cell: None, cheap_guesses: None) -> TipTown:
    """The demo county where everybody concerned has a key."""
    made = TipTown()
    made.set_up_keys()
    return made
