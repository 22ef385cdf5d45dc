"""Part of `gongzhi verify`: every tip's chain, what its boxes are, what its header says, and every fen of the fund."""

import uuid
from collections.abc import Iterator
from typing import Any

from gongzhi.base.errors import Refused
from gongzhi.tips import fund
from gongzhi.tips.contents import fingerprint
from gongzhi.tips.ledger import step_digest
from gongzhi.tips.models import (
    FundMove,
    HandOver,
    Reward,
    Tip,
    TipFile,
    TipIdentity,
    TipMessage,
    TipStep,
)
from gongzhi.tips.rules.arrows import arrow
from gongzhi.tips.types import FundMoveKind, RewardState, TipStatus, TipStepKind


def problems() -> list[str]:
    """What is wrong, one line each; no line holds a word of a tip."""
    found = [line for tip in Tip.objects.order_by("id").iterator() for line in _tip(tip)]
    return found + list(_fund())


def _tip(tip: Tip) -> Iterator[str]:
    rows, previous = list(TipStep.objects.filter(tip=tip).order_by("seq")), b""
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected:
            yield f"tip {tip.number}: step {expected} is missing"
            return
        if bytes(row.previous) != previous:
            yield f"tip {tip.number}: step {row.seq} ({row.kind}) does not follow the one before it"
        if step_digest(row) != bytes(row.digest):
            yield f"tip {tip.number}: step {row.seq} ({row.kind}) was changed after it was written"
        previous = bytes(row.digest)
    if not rows or bytes(tip.last_digest) != previous or tip.last_seq != len(rows):
        yield f"tip {tip.number}: its last steps are missing"
        return
    yield from _header(tip, rows)
    yield from _boxes(tip, rows)


def _header(tip: Tip, rows: list[TipStep]) -> Iterator[str]:
    first = rows[0].data
    said = {
        "number": tip.number,
        "area": str(tip.area_id),
        "reported": str(tip.reported_id or ""),
        "unit": str(tip.unit_id),
        "rule": tip.rule,
    }
    for name, value in said.items():
        if first.get(name) != value:
            yield f"tip {tip.number}: the header's {name} is not what its ledger says"
    if tip.status != _status(rows):
        yield f"tip {tip.number}: the header says {tip.status}, the ledger says {_status(rows)}"
    if (tip.erased_on is not None) != any(row.kind == TipStepKind.ERASED for row in rows):
        yield f"tip {tip.number}: erased in one place and not in the other"


def _status(rows: list[TipStep]) -> TipStatus:
    status = TipStatus.RECEIVED
    for row in rows[1:]:
        status = arrow(TipStepKind(row.kind)).leads_to or status
    return status


def _boxes(tip: Tip, rows: list[TipStep]) -> Iterator[str]:
    """Every box a step names is there, unchanged, and none is there that no step names."""
    said = {(name, row): digest for step in rows for name, row, digest in step.boxes}
    held = dict(_held(tip))
    latest = max((step.seq for step in rows if step.kind == TipStepKind.IDENTITY_GIVEN), default=0)
    replaced = {
        (name, row)
        for step in rows
        if step.seq < latest
        for name, row, _digest in step.boxes
        if name == "identity"
    }
    gone = set(said) - set(held) - replaced if tip.erased_on is None else set()
    yield from (f"tip {tip.number}: a {name} is gone" for name, _row in sorted(gone))
    for (name, row), digest in held.items():
        if (name, row) not in said:
            yield f"tip {tip.number}: a {name} is there that no step names"
        elif said[name, row] != digest:
            yield f"tip {tip.number}: a {name} was changed after it was sealed"


def _held(tip: Tip) -> Iterator[tuple[tuple[str, str], str]]:
    for message in TipMessage.objects.filter(tip=tip):
        yield ("message", str(message.id)), fingerprint(message.sealed)
    for file in TipFile.objects.filter(tip=tip).iterator(chunk_size=5):
        yield ("file", str(file.id)), fingerprint(file.about, file.copy, file.original)
    for identity in TipIdentity.objects.filter(tip=tip):
        yield ("identity", str(identity.id)), fingerprint(identity.sealed)
    for copy in HandOver.objects.filter(tip=tip):
        files = [file.copy for file in copy.files.order_by("id")]
        yield ("hand_over", str(copy.id)), fingerprint(copy.sealed, *files)
        if copy.answer is not None:
            yield ("answer", str(copy.id)), fingerprint(copy.answer)


def _fund() -> Iterator[str]:
    previous, moves = b"", list(FundMove.objects.order_by("seq"))
    for expected, row in enumerate(moves, start=1):
        if row.seq != expected:
            yield f"fund: movement {expected} is missing"
            return
        if bytes(row.previous) != previous:
            yield f"fund: movement {row.seq} does not follow the one before it"
        if fund.move_digest(row) != bytes(row.digest):
            yield f"fund: movement {row.seq} was changed after it was written"
        previous = bytes(row.digest)
    try:
        state = fund.fold((row.kind, row.amount) for row in moves)
    except Refused:
        yield "fund: more went out than came in"
        return
    yield from _sums(state.reserved, state.paid)
    yield from _rewards(moves)


def _sums(reserved: int, paid: int) -> Iterator[str]:
    """The rewards say the same as the movements."""
    for state, held in ((RewardState.CLAIMABLE, reserved), (RewardState.PAID, paid)):
        said = sum(Reward.objects.filter(state=state).values_list("amount", flat=True))
        if said != held:
            yield f"fund: rewards {state.value} come to {said} fen, the movements to {held}"


def _rewards(moves: list[FundMove]) -> Iterator[str]:
    """Every payment has a reservation of the same amount, two deciders, a third who paid, and a claim."""
    reserved: dict[uuid.UUID | None, Any] = {m.reward: m for m in moves if m.kind == FundMoveKind.RESERVED}
    ended = [m.reward for m in moves if m.kind in (FundMoveKind.PAID, FundMoveKind.RETURNED)]
    for move in moves:
        if move.kind == FundMoveKind.PAID:
            before, grounds = reserved.get(move.reward), move.grounds
            people = {grounds.get("proposed"), grounds.get("approved"), move.actor}
            if before is None or before.amount != move.amount or before.seq > move.seq:
                yield f"fund: movement {move.seq} pays what was not set aside"
            if len(people) < 3 or None in people or "" in people or not grounds.get("claim"):
                yield f"fund: movement {move.seq} lacks a proposal, an approval by another person, or a claim"
            if ended.count(move.reward) != 1:
                yield f"fund: movement {move.seq} pays for a reward that ended twice"
