"""From rows and keys to what people see."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor
from gongzhi.programs import queries as programs
from gongzhi.territory import queries as territory
from gongzhi.tips import rules
from gongzhi.tips.contents import open_words, place
from gongzhi.tips.models import HandOver, HandOverFile, Reward, Tip, TipFile, TipIdentity, TipMessage, TipStep
from gongzhi.tips.rules.rewards import grade_of
from gongzhi.tips.types import (
    BlockGround,
    FileContent,
    FileView,
    HandedRow,
    HandedView,
    HandOverView,
    IdentityPurpose,
    MessageView,
    OriginalReason,
    RewardState,
    RewardView,
    RightDoor,
    StepView,
    TipOutcome,
    TipRow,
    TipStatus,
    TipStepKind,
    TipView,
)
from gongzhi.trust import boxes

FOR_REPORTER = frozenset(
    {
        TipStepKind.RECEIVED,
        TipStepKind.READ,
        TipStepKind.HANDED_OVER,
        TipStepKind.HANDLER_ANSWERED,
        TipStepKind.CLOSED,
        TipStepKind.DECLINED,
        TipStepKind.REOPENED,
        TipStepKind.ORIGINAL_OPENED,
        TipStepKind.IDENTITY_GIVEN,
        TipStepKind.IDENTITY_ASKED,
        TipStepKind.IDENTITY_OPENED,
        TipStepKind.REWARD_DECIDED,
        TipStepKind.REWARD_CLAIMED,
        TipStepKind.DELETION_WARNED,
        TipStepKind.KEPT_LONGER,
    }
)
CLOSED_LISTS: dict[str, Any] = {
    "outcome": TipOutcome,
    "right_door": RightDoor,
    "reason": OriginalReason,
    "purpose": IdentityPurpose,
    "ground": BlockGround,
    "state": RewardState,
}


def rows(tips: Iterable[Tip]) -> list[TipRow]:
    """Headers, with the names of what they refer to."""
    held = list(tips)
    ids = {i for tip in held for i in (tip.unit_id, tip.reported_id) if i}
    names = accounts.organisation_names(ids)
    return [_row(tip, names) for tip in held]


def _row(tip: Tip, names: dict[uuid.UUID, str]) -> TipRow:
    status = TipStatus(tip.status)
    return TipRow(
        id=tip.uuid,
        number=tip.number,
        area_name=territory.area(tip.area_id).name,
        reported_name=names.get(tip.reported_id, "") if tip.reported_id else "",
        unit_name=names.get(tip.unit_id, ""),
        status=status,
        status_title=status.label,
        opened_on=tip.opened_on,
        closed_on=tip.closed_on,
        waiting=tip.reporter_wrote_last,
        erase_on=tip.erase_on,
    )


def tip_view(tip: Tip, key: bytes, person: uuid.UUID) -> TipView:
    """Everything a member sees of an opened tip."""
    return TipView(
        row=rows([tip])[0],
        messages=messages(tip, key),
        files=files(tip, key),
        steps=steps(tip),
        hand_overs=hand_overs(tip, key),
        keep_from=_keep_from(tip, key),
        has_identity=TipIdentity.objects.filter(tip=tip).exists(),
        reward=reward(tip, person),
        outcome=TipOutcome(tip.outcome) if tip.outcome else None,
        may=frozenset(kind for kind in TipStepKind if rules.may_follow(TipStatus(tip.status), kind)),
    )


def messages(tip: Tip, key: bytes) -> tuple[MessageView, ...]:
    """All messages, opened, in order."""
    held = TipMessage.objects.filter(tip=tip).order_by("seq")
    return tuple(
        MessageView(row.uuid, row.from_reporter, words_of(row, key)["text"], row.day) for row in held
    )


def words_of(row: TipMessage, key: bytes) -> dict[str, Any]:
    """One message, opened."""
    said: dict[str, Any] = open_words(key, bytes(row.sealed), place(row.tip_id, "message", row.id))
    return said


def _keep_from(tip: Tip, key: bytes) -> tuple[str, ...]:
    first = TipMessage.objects.filter(tip=tip).order_by("seq").first()
    return tuple(words_of(first, key).get("keep_from", ())) if first else ()


def files(tip: Tip, key: bytes) -> tuple[FileView, ...]:
    """What files there are."""
    held = TipFile.objects.filter(tip=tip).defer("copy", "original").order_by("seq", "id")
    return tuple(_file_view(row, about(row, key)) for row in held)


def _file_view(row: TipFile, said: dict[str, Any]) -> FileView:
    return FileView(row.uuid, said["name"], said["type"], said["size"], row.from_reporter, row.day)


def about(row: TipFile, key: bytes) -> dict[str, Any]:
    """A file's name, type and size."""
    said: dict[str, Any] = open_words(key, bytes(row.about), place(row.tip_id, "file", row.id))
    return said


def file_content(row: TipFile, key: bytes) -> FileContent:
    """The cleaned copy of a file."""
    said = about(row, key)
    data = boxes.unshut(key, bytes(row.copy), place(row.tip_id, "copy", row.id))
    return FileContent(said["name"], said["type"], data)


def steps(tip: Tip, *, for_reporter: bool = False) -> tuple[StepView, ...]:
    """The ledger of a tip; the reporter sees what concerns them, and no names."""
    held: QuerySet[TipStep] = TipStep.objects.filter(tip=tip).order_by("seq")
    if for_reporter:
        return tuple(_step(row, {}) for row in held.filter(kind__in=[k.value for k in FOR_REPORTER]))
    people = {i for row in held if (i := Actor.parse(row.actor).person_id)}
    names = accounts.names_of(people)
    return tuple(_step(row, names) for row in held)


def _step(row: TipStep, names: dict[uuid.UUID, str]) -> StepView:
    kind, person = TipStepKind(row.kind), Actor.parse(row.actor).person_id
    details = [str(words(row.data[key]).label) for key, words in CLOSED_LISTS.items() if row.data.get(key)]
    return StepView(kind, kind.label, " · ".join(details), row.day, names.get(person, "") if person else "")


def hand_overs(tip: Tip, key: bytes) -> tuple[HandOverView, ...]:
    """The redacted copies that went out, and what came back."""
    held = list(HandOver.objects.filter(tip=tip).order_by("day", "id"))
    names = accounts.organisation_names(row.organisation_id for row in held)
    return tuple(_hand_over(row, key, names.get(row.organisation_id, "")) for row in held)


def _hand_over(row: HandOver, key: bytes, name: str) -> HandOverView:
    inner = boxes.unshut(key, bytes(row.key_for_tip), place(row.tip_id, "hand_over", row.id))
    text, answer = handed_words(row, inner)
    return HandOverView(row.uuid, name, text, answer, row.day, row.answered_on)


def handed_rows(held: Iterable[HandOver]) -> list[HandedRow]:
    """Redacted copies as a handler's list shows them."""
    copies = list(held)
    names = accounts.organisation_names(row.organisation_id for row in copies)
    return [
        HandedRow(row.uuid, row.tip.number, names[row.organisation_id], row.day, row.answered_on)
        for row in copies
    ]


def handed_words(row: HandOver, inner: bytes) -> tuple[str, str]:
    """The redacted words and the answer, under the copy's own key."""
    text = open_words(inner, bytes(row.sealed), f"handed:{row.id}:text")
    answer = open_words(inner, bytes(row.answer), f"handed:{row.id}:answer") if row.answer else ""
    return str(text), str(answer)


def handed_view(row: HandOver, inner: bytes) -> HandedView:
    """A redacted copy with its answer and its files, as its handler sees it."""
    text, answer = handed_words(row, inner)
    files = tuple(handed_file(file, inner)[0] for file in row.files.all())
    return HandedView(handed_rows([row])[0], text, files, answer)


def handed_file(row: HandOverFile, inner: bytes) -> tuple[FileView, FileContent]:
    """A file that went along with a redacted copy."""
    said = open_words(inner, bytes(row.about), f"handed:{row.id}:file")
    data = boxes.unshut(inner, bytes(row.copy), f"handed:{row.id}:copy")
    view = FileView(row.uuid, said["name"], said["type"], len(data), True, row.hand_over.day)
    return view, FileContent(said["name"], said["type"], data)


def reward(tip: Tip, person: uuid.UUID | None = None) -> RewardView | None:
    """The latest reward of a tip, with what this member may decide."""
    row = Reward.objects.filter(tip=tip).exclude(state=RewardState.REFUSED).order_by("-claim_until").first()
    return reward_view(row, _may(row, person)) if row else None


def reward_view(row: Reward, may: frozenset[str] = frozenset()) -> RewardView:
    """A reward, without anything of its tip."""
    grade = grade_of(programs.tip_rules(row.rule), row.grade).title
    return RewardView(
        row.uuid, RewardState(row.state), row.amount, row.claim_until, row.fines, str(grade), may
    )


def _may(row: Reward, person: uuid.UUID | None) -> frozenset[str]:
    waits = row.state == RewardState.PROPOSED and person and row.proposed_by != f"person:{person}"
    return frozenset({"approve", "refuse"}) if waits else frozenset()
