"""The one way a step is written: lock the case, fold its ledger, check, append, project, tell.

Every operation of this part goes through `take` (a known case) or `open_case` (the first step).
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.canonical import HASH_VERSION, digest
from gongzhi.base.errors import Conflict, NotFound, Refused
from gongzhi.base.ids import clean_code, new_id
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CasePhoto, CaseRecord, CaseStep
from gongzhi.cases.operations import projection
from gongzhi.cases.operations.hands import hands_of
from gongzhi.cases.types import CaseState, Content, Step, StepKind
from gongzhi.files import queries as files
from gongzhi.trust import operations as trust

CHANNEL = "gongzhi_cases"
PURPOSE_OF = {
    "text": "report",
    "place_text": "report",
    "contact": "contact",
    "reply": "reply",
    "photo": "evidence",
}
MAX_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step did."""

    record: CaseRecord
    before: CaseState | None
    after: CaseState
    step: Step


@dataclass(frozen=True, slots=True)
class Wish:
    """A step somebody wants to take."""

    kind: StepKind
    by: Actor
    now: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    contents: tuple[Content, ...] = ()
    happened_at: datetime | None = None
    version: int | None = None  # the last step the user saw; None does not ask
    holds_receipt: bool = False


@transaction.atomic
def take(code: str, wish: Wish) -> Taken:
    """Append one step to a case, or refuse it and leave nothing behind."""
    record = locked(code)
    state = rules.fold(read_steps(record.uuid), LAWS)
    if wish.version is not None and wish.version != state.last_seq:
        raise Conflict(
            _("Somebody else has worked on this case meanwhile: look at it again."), code="moved_on"
        )
    step = _draft(record, wish, state.last_seq + 1)
    hands = hands_of(wish.by, record, state, step, holds_receipt=wish.holds_receipt)
    rules.check(state, step, hands, LAWS.kind(state.definition))
    return _write(record, state, _sealed(record, step, wish), wish)


def open_case(record: CaseRecord, wish: Wish) -> Taken:
    """Write a case and its first step, inside the caller's transaction."""
    step = _sealed(record, _draft(record, wish, 1), wish)
    return _write(record, None, step, wish)


def locked(code: str) -> CaseRecord:
    """The case row, locked until the transaction ends."""
    record = CaseRecord.objects.select_for_update().filter(code=clean_code(code)).first()
    if record is None:
        raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")
    return record


def read_steps(case_id: uuid.UUID) -> list[Step]:
    """The ledger of a case, in order."""
    return [as_step(row) for row in CaseStep.objects.filter(case=case_id).order_by("seq")]


def as_step(row: CaseStep) -> Step:
    """A stored row as the rules see it."""
    return Step(
        kind=StepKind(row.kind),
        actor=row.actor,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        data=row.data,
        contents=tuple((name, content, commitment) for name, content, commitment in row.contents),
        seq=row.seq,
    )


def step_digest(case_id: uuid.UUID, step: Step, previous: bytes, version: int = HASH_VERSION) -> bytes:
    """The digest of a step: over its case, its place in the chain, and all it says."""
    return digest(
        {
            "v": version,
            "case": str(case_id),
            "seq": step.seq,
            "kind": step.kind,
            "actor": step.actor,
            "happened_at": _micros(step.happened_at),
            "recorded_at": _micros(step.recorded_at),
            "data": step.data,
            "contents": [list(content) for content in step.contents],
            "previous": bytes(previous).hex(),
        }
    )


def _micros(moment: datetime) -> int:
    """Microseconds since 1970, exact: whole seconds and microseconds, never a float."""
    return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond


def _draft(record: CaseRecord, wish: Wish, seq: int) -> Step:
    happened_at = wish.happened_at or wish.now
    if happened_at > wish.now:
        raise Refused(_("A step can't have happened in the future."), code="future", field="happened_at")
    return Step(
        kind=wish.kind,
        actor=str(wish.by),
        happened_at=happened_at,
        recorded_at=wish.now,
        data=wish.data,
        contents=tuple((content.name, "", "") for content in wish.contents),  # sealed once it may follow
        seq=seq,
    )


def _sealed(record: CaseRecord, step: Step, wish: Wish) -> Step:
    contents = tuple(_seal(record, content, wish.now) for content in wish.contents)
    return Step(
        kind=step.kind,
        actor=step.actor,
        happened_at=step.happened_at,
        recorded_at=step.recorded_at,
        data=step.data,
        contents=contents,
        seq=step.seq,
    )


def _seal(record: CaseRecord, content: Content, now: datetime) -> tuple[str, str, str]:
    sealed = trust.seal(
        subject=f"case:{record.id}",
        name=content.name,
        value=content.value,
        media_type=content.media_type,
        purpose=PURPOSE_OF.get(content.name, "handling"),
        now=now,
    )
    return content.name, str(sealed.id), sealed.commitment


def _write(record: CaseRecord, before: CaseState | None, step: Step, wish: Wish) -> Taken:
    after = rules.apply(before, step, LAWS)
    previous = bytes(record.last_digest)
    chained = step_digest(record.uuid, step, previous)
    projection.write(record, before, after, chained)
    CaseStep(
        id=new_id(),
        case=record,
        seq=step.seq,
        kind=step.kind,
        actor=step.actor,
        happened_at=step.happened_at,
        recorded_at=step.recorded_at,
        data=dict(step.data),
        contents=[list(content) for content in step.contents],
        drill=after.drill,
        hash_version=HASH_VERSION,
        previous=previous,
        digest=chained,
    ).save(force_insert=True)
    _hang_photos(record, wish)
    _announce(record, step)
    return Taken(record, before, after, step)


def _hang_photos(record: CaseRecord, wish: Wish) -> None:
    ids = [uuid.UUID(content.value.decode()) for content in wish.contents if content.name == "photo"]
    if not ids:
        return
    if CasePhoto.objects.filter(photo__in=ids).exists() or len(files.photos(ids)) != len(set(ids)):
        raise Refused(
            _("A photo is missing or was used before: please add it again."), code="bad_photo", field="photos"
        )
    CasePhoto.objects.bulk_create(CasePhoto(photo=photo, case=record) for photo in ids)


def _announce(record: CaseRecord, step: Step) -> None:
    """Wake the desks: ids only, sent when the transaction commits."""
    with connection.cursor() as cursor:
        payload = json.dumps({"case": str(record.id), "code": record.code, "step": step.kind})
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def words(
    name: str, text: str | None, *, required: bool = False, limit: int = MAX_WORDS
) -> tuple[Content, ...]:
    """A text as a content to seal: trimmed, checked, absent when empty."""
    text = (text or "").strip()
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused(_("The text holds characters that can't be stored."), code="bad_characters", field=name)
    if len(text) > limit:
        raise Refused(_("The text is too long: at most %d characters.") % limit, code="too_long", field=name)
    if required and not text:
        raise Refused(_("Please write why."), code="missing", field=name)
    return (Content(name, text.encode()),) if text else ()


def photos(ids: Iterable[uuid.UUID]) -> tuple[Content, ...]:
    """Photos as contents: the ledger commits to their ids, the files part holds them."""
    return tuple(Content("photo", str(photo).encode(), "image/jpeg") for photo in ids)
