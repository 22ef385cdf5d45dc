"""The one way a step is written: lock the case, fold its ledger, check, append, project, tell.

Every operation of this part goes through `take` (a known case) or `open_case` (the first step).
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.bounds import passing
from gongzhi.base.canonical import HASH_VERSION, canonical
from gongzhi.base.errors import Conflict, NotFound, Refused
from gongzhi.base.ids import clean_code, new_id
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CasePhoto, CaseRecord, CaseStep
from gongzhi.cases.operations import projection
from gongzhi.cases.operations.hands import hands_of
from gongzhi.cases.reach import acting, any_hangs, subject
from gongzhi.cases.types import FORM, CaseState, Content, Step, StepKind
from gongzhi.files import queries as files
from gongzhi.trust import operations as trust
from gongzhi.trust import queries as consents

CHANNEL = "gongzhi_cases"
PURPOSE_OF = {
    "text": "report",
    "place_text": "report",
    "contact": "contact",
    "reply": "reply",
    "photo": "evidence",
}
SUPPORT = "support"  # the purpose a person consents to
SUPPORT_PURPOSE_OF = {"contact": "contact"}
MAX_WORDS = 4000
LOOKING = frozenset({StepKind.CONTACT_REVEALED, StepKind.ORIGINAL_OPENED})


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
    with acting(wish.by, code, wish.now):
        record = locked(code)
        # The step may move the case out of the actor's area: what was theirs when it began, they may finish.
        with passing(subject(record.uuid)):
            return _take(record, wish)


def _take(record: CaseRecord, wish: Wish) -> Taken:
    steps = read_steps(record.uuid)
    state = rules.fold(steps, LAWS)
    if _moved_on(steps, wish.version):
        raise Conflict(
            _("Somebody else has worked on this case meanwhile: look at it again."), code="moved_on"
        )
    step = _draft(record, wish, state.last_seq + 1)
    consent_stands(record, wish)
    support_stays_support(state, wish)
    hands = hands_of(wish.by, record, state, step, holds_receipt=wish.holds_receipt)
    rules.check(state, step, hands, LAWS.kind(state.definition))
    return _write(record, state, _sealed(record, step, wish), wish)


def _moved_on(steps: list[Step], seen: int | None) -> bool:
    """Whether the case has changed since somebody saw it; who looked at what changes nothing."""
    if seen is None or seen == len(steps):
        return False
    return seen > len(steps) or any(step.kind not in LOOKING for step in steps[seen:])


def open_case(record: CaseRecord, wish: Wish) -> Taken:
    """Write a case and its first step, inside the caller's transaction."""
    step = _sealed(record, _draft(record, wish, 1), wish)
    return _write(record, None, step, wish)


def consent_stands(record: CaseRecord, wish: Wish) -> None:
    """Refuse staff any step on a support case whose consent is withdrawn or over."""
    bound = record.assigned_only and wish.by.person_id is not None
    if bound and not consents.consent_holds(f"case:{record.id}", SUPPORT, wish.now):
        raise NotFound(_("There is no case with this code. Please check the digits."), code="no_case")


def support_stays_support(state: CaseState, wish: Wish) -> None:
    """Nobody is sorted into support, or out of it, over their head."""
    digest = wish.data.get("definition", state.definition)
    if digest != state.definition and LAWS.kind(digest).support is not None:
        raise Refused(_("Support begins with the person's own consent."), code="needs_consent", field="kind")


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
    return hashlib.sha256(step_form(case_id, step, previous, version)).digest()


def step_form(case_id: uuid.UUID, step: Step, previous: bytes, version: int = HASH_VERSION) -> bytes:
    """The canonical JSON that a step's digest is over."""
    return canonical(
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
    support = _is_support(record, step)
    contents = tuple(_seal(record, content, wish.now, support=support) for content in wish.contents)
    return Step(
        kind=step.kind,
        actor=step.actor,
        happened_at=step.happened_at,
        recorded_at=step.recorded_at,
        data=step.data,
        contents=contents,
        seq=step.seq,
    )


def purpose_of(name: str, *, support: bool = False) -> str:
    """What a content of this name is held for: in a support case the person's consent carries it, not duty."""
    if support:
        return SUPPORT_PURPOSE_OF.get(name, SUPPORT)
    return PURPOSE_OF.get(name, "report" if name.startswith(FORM) else "handling")


def _is_support(record: CaseRecord, step: Step) -> bool:
    return LAWS.kind(record.definition or step.data["definition"]).support is not None


def _seal(record: CaseRecord, content: Content, now: datetime, *, support: bool) -> tuple[str, str, str]:
    sealed = trust.seal(
        subject=subject(record.uuid),
        name=content.name,
        value=content.value,
        media_type=content.media_type,
        purpose=purpose_of(content.name, support=support),
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
    _announce(record)
    return Taken(record, before, after, step)


def _hang_photos(record: CaseRecord, wish: Wish) -> None:
    ids = [uuid.UUID(content.value.decode()) for content in wish.contents if content.name == "photo"]
    if not ids:
        return
    if any_hangs(ids) or len(files.photos(ids)) != len(set(ids)):
        raise Refused(
            _("A photo is missing or was used before: please add it again."), code="bad_photo", field="photos"
        )
    CasePhoto.objects.bulk_create(CasePhoto(photo=photo, case=record) for photo in ids)


def _announce(record: CaseRecord) -> None:
    """Wake the desks when the transaction commits, by the id alone: they all hear it, whatever they may see.

    That a support case moves is nobody's news.
    """
    if record.assigned_only:
        return
    with connection.cursor() as cursor:
        payload = json.dumps({"case": str(record.id)})
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
