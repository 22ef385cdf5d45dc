"""Handing a redacted copy to whoever can check it: under a key of its own, cut from the reporter's words."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.tips import access, ledger, rules, views, words
from gongzhi.tips.contents import fingerprint, place, shut_words
from gongzhi.tips.models import HandOver, HandOverAccess, HandOverFile, PersonalKey, Tip, TipFile, TipMessage
from gongzhi.tips.operations import telling
from gongzhi.tips.rules.blocking import grounds
from gongzhi.tips.types import FileContent, HandedView, MemberKey, Piece, TipStepKind
from gongzhi.trust import audit, boxes
from gongzhi.trust.types import AuditKind


def preview_hand_over(
    *, tip: uuid.UUID, pieces: Sequence[Piece], key: MemberKey, by: Actor, now: datetime, note: str = ""
) -> str:
    """The redacted words as the handler would read them."""
    row = Tip.objects.filter(id=tip).first()
    if row is None:
        raise ledger.no_such_tip()
    return _redacted(row, access.content_key(row, key, by, ledger.day_of(now)), pieces, note)


@transaction.atomic
def hand_over(
    *,
    tip: uuid.UUID,
    to: uuid.UUID,
    pieces: Sequence[Piece],
    key: MemberKey,
    by: Actor,
    now: datetime,
    note: str = "",
    files: Sequence[uuid.UUID] = (),
) -> uuid.UUID:
    """Give a redacted copy to the handlers of an organisation who have keys and may know of it."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    opened = access.content_key(row, key, by, on)
    text = _redacted(row, opened, pieces, note)
    copy, inner = _copy(row, to, opened, text, now)
    sent = _files(copy, row, opened, inner, files)
    named = (
        "hand_over",
        str(copy.id),
        fingerprint(copy.sealed, *(file.copy for file in sorted(sent, key=_by_id))),
    )
    ledger.take(row, TipStepKind.HANDED_OVER, by=by, now=now, data={"to": str(to)}, boxes=[named])
    keys = _handlers(row, to, now)
    copy.save(force_insert=True)
    for file in sent:
        file.save(force_insert=True)
    _give(copy, inner, keys)
    telling.tell_handlers(copy.uuid, now)
    return copy.uuid


@transaction.atomic
def open_handed(*, hand_over: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> HandedView:
    """A redacted copy, opened by a handler; noted."""
    row, inner = opened_copy(hand_over, key, by, ledger.day_of(now))
    _noted(row, by, now, "words")
    return views.handed_view(row, inner)


@transaction.atomic
def open_handed_file(
    *, hand_over: uuid.UUID, file: uuid.UUID, key: MemberKey, by: Actor, now: datetime
) -> FileContent:
    """A cleaned file that went along."""
    row, inner = opened_copy(hand_over, key, by, ledger.day_of(now))
    held = HandOverFile.objects.filter(hand_over=row, id=file).first()
    if held is None:
        raise NotFound(_("There is no such file."), code="no_file")
    _noted(row, by, now, f"file:{file}")
    return views.handed_file(held, inner)[1]


@transaction.atomic
def answer_handed(*, hand_over: uuid.UUID, text: str, key: MemberKey, by: Actor, now: datetime) -> None:
    """The handler's answer to the tip unit."""
    row, inner = opened_copy(hand_over, key, by, ledger.day_of(now))
    tip = ledger.locked(row.tip_id)
    row.answer = shut_words(inner, words.text(text), f"handed:{row.id}:answer")
    row.answered_on = ledger.day_of(now)
    named = ("answer", str(row.id), fingerprint(row.answer))
    step = ledger.take(tip, TipStepKind.HANDLER_ANSWERED, by=by, now=now, boxes=[named])
    row.save(update_fields=["answer", "answered_on"])
    telling.tell_members(tip, step.seq, now)


def _by_id(file: HandOverFile) -> str:
    return str(file.id)


def _redacted(tip: Tip, key: bytes, pieces: Sequence[Piece], note: str) -> str:
    held = {row.uuid: row for row in TipMessage.objects.filter(tip=tip)}
    if not pieces or any(piece.message not in held for piece in pieces):
        raise Refused(_("Choose at least one message to hand over."), code="no_pieces", field="pieces")
    cut = [rules.redact(views.words_of(held[piece.message], key)["text"], piece.cuts) for piece in pieces]
    return "\n\n".join(part for part in (*cut, words.text(note, field="note", required=False)) if part)


def _copy(tip: Tip, to: uuid.UUID, key: bytes, text: str, now: datetime) -> tuple[HandOver, bytes]:
    inner = boxes.new_key()
    copy = HandOver(id=uuid.uuid4(), tip=tip, organisation_id=to, day=ledger.day_of(now))
    copy.key_for_tip = boxes.shut(key, inner, place(tip.id, "hand_over", copy.id))
    copy.sealed = shut_words(inner, text, f"handed:{copy.id}:text")
    return copy, inner


def _files(
    copy: HandOver, tip: Tip, key: bytes, inner: bytes, wanted: Sequence[uuid.UUID]
) -> list[HandOverFile]:
    held = list(TipFile.objects.filter(tip=tip, id__in=wanted))
    if len(held) != len(set(wanted)):
        raise NotFound(_("There is no such file."), code="no_file", field="files")
    return [_file(copy, row, key, inner, number) for number, row in enumerate(held, 1)]


def _file(copy: HandOver, row: TipFile, key: bytes, inner: bytes, number: int) -> HandOverFile:
    """The name a reporter gave a file may tell who they are: it goes along as a number."""
    content = views.file_content(row, key)
    about = {"name": str(number), "type": content.media_type}
    return HandOverFile(
        id=uuid.uuid4(),
        hand_over=copy,
        about=shut_words(inner, about, f"handed:{copy.id}:file"),
        copy=boxes.shut(inner, content.data, f"handed:{copy.id}:copy"),
    )


def _handlers(tip: Tip, to: uuid.UUID, now: datetime) -> list[PersonalKey]:
    keys = handler_keys(tip, to, now)
    if not keys:
        raise Refused(
            _("Nobody there has a key and may know of it. Choose another organisation."),
            code="no_handlers",
            field="to",
        )
    return keys


def handler_keys(tip: Tip, organisation: uuid.UUID, now: datetime) -> list[PersonalKey]:
    """The keys of an organisation's handlers who may know of a tip; none if it stands in line with the one reported."""
    line, on = access.line_of(tip.reported_id), ledger.day_of(now)
    if organisation in line:
        return []
    members = access.members_of(organisation, Role.HANDLER, on)
    return access.keys_of(m.person for m in members if grounds(m, line, ()) is None)


def _give(copy: HandOver, inner: bytes, keys: Sequence[PersonalKey]) -> None:
    for key in keys:
        sealed = boxes.seal_to(bytes(key.public), inner, f"handed:{copy.id}:access")
        HandOverAccess(id=uuid.uuid4(), hand_over=copy, key=key, sealed=sealed).save(force_insert=True)


def opened_copy(hand_over: uuid.UUID, key: MemberKey, by: Actor, on: date) -> tuple[HandOver, bytes]:
    """A copy and its key, for a handler who was given it, still works there, and is not close to it."""
    access.must_be(key, by)
    held = HandOverAccess.objects.select_related("hand_over__tip").filter(hand_over=hand_over, key=key.key_id)
    row = held.first()
    if row is None or access.ground_against(row.hand_over.tip, key.person, on) is not None:
        raise _nothing()
    member = access.as_member(key.person, on)
    if row.hand_over.organisation_id not in member.organisations:
        raise _nothing()
    return row.hand_over, boxes.unseal(key.private, bytes(row.sealed), f"handed:{hand_over}:access")


def _nothing() -> NotFound:
    return NotFound(_("There is no such copy."), code="no_hand_over")


def _noted(row: HandOver, by: Actor, now: datetime, what: str) -> None:
    audit.note(
        kind=AuditKind.TIP_OPENED,
        by=by,
        now=now,
        subject=f"tip:{row.tip_id}",
        purpose="check_tip",
        data={"what": what, "hand_over": str(row.id)},
    )
