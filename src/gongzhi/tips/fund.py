"""The fund's ledger: one chain of movements; its state is their fold."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from gongzhi.base.actor import Actor
from gongzhi.base.canonical import HASH_VERSION, digest
from gongzhi.base.ids import new_id
from gongzhi.tips.models import FundMove
from gongzhi.tips.rules.fund import EMPTY, FundState, Move, moved
from gongzhi.tips.types import FundMoveKind

END_OF_CHAIN = 0x74697073  # the advisory lock held while a movement is added


def state() -> FundState:
    """What the fund holds."""
    return fold(FundMove.objects.order_by("seq").values_list("kind", "amount"))


def fold(moves: Iterable[tuple[str, int]]) -> FundState:
    """The state after these movements."""
    now = EMPTY
    for kind, amount in moves:
        now = moved(now, Move(FundMoveKind(kind), amount))
    return now


def move(
    kind: FundMoveKind,
    amount: int,
    *,
    by: Actor,
    now: datetime,
    reward: uuid.UUID | None = None,
    grounds: Mapping[str, Any] | None = None,
) -> FundMove:
    """Add a movement, inside the caller's transaction; refused if the fund does not hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [END_OF_CHAIN])
    moved(state(), Move(kind, amount))
    last = FundMove.objects.order_by("-seq").first()
    row = FundMove(
        id=new_id(),
        seq=last.seq + 1 if last else 1,
        kind=kind,
        amount=amount,
        reward=reward,
        grounds=dict(grounds or {}),
        actor=str(by),
        at=now,
        hash_version=HASH_VERSION,
        previous=bytes(last.digest) if last else b"",
    )
    row.digest = move_digest(row)
    row.save(force_insert=True)
    return row


def move_digest(row: FundMove) -> bytes:
    """The digest of a movement over its place in the chain and all it says."""
    return digest(
        {
            "v": row.hash_version,
            "seq": row.seq,
            "kind": row.kind,
            "amount": row.amount,
            "reward": str(row.reward or ""),
            "grounds": row.grounds,
            "actor": row.actor,
            "at": row.at.astimezone(UTC).isoformat(),
            "previous": bytes(row.previous).hex(),
        }
    )
