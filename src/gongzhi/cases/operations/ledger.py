"""The one way a step is written: lock the case, fold its ledger, check, append, project, tell.

Every operation of this part goes through `take` (a known case) or `open_cases` (the first step).
"""

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.bounds import passing
from gongzhi.base.canonical import HASH_VERSION, canonical
from gongzhi.base.errors import Conflict, NotFound, Refused
from gongzhi.base.ids import clean_code, new_id
from gongzhi.base.many_rows import insert
from gongzhi.base.prepared import prepared
from gongzhi.cases import rules
from gongzhi.cases.clock_bell import ring_for
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CasePhoto, CaseRecord, CaseStep
from gongzhi.cases.operations import projection
from gongzhi.cases.operations.hands import hands_of
from gongzhi.cases.reach import acting, any_hangs, subject
from gongzhi.cases.types import FORM, CaseState, Content, Step, StepKind
from gongzhi.files import queries as files
from gongzhi.trust import operations as trust
from gongzhi.trust import queries as consents
from gongzhi.trust.types import Sealed, Unsealed

CHANNEL = "gongzhi_cases"
log = logging.getLogger("gongzhi.steps")
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
    [step] = _sealed([(record, step, wish)])
    return _write(record, state, step, wish)


def _moved_on(steps: list[Step], seen: int | None) -> bool:
    """Whether the case has changed since somebody saw it; who looked at what changes nothing."""
    if seen is None or seen == len(steps):
        return False
    return seen > len(steps) or any(step.kind not in LOOKING for step in steps[seen:])


def open_cases(openings: Sequence[tuple[CaseRecord, Wish]]) -> list[Taken]:
    """Write cases and their first steps, however many with the same few statements, inside the caller's transaction."""
    drafts = [(record, _draft(record, wish, 1), wish) for record, wish in openings]
    taken, lines = [], []
    for (record, _wish), step in zip(openings, _sealed(drafts), strict=True):
        record.last_seq, record.last_digest = 0, b""  # also when a group that failed is written again
        after = rules.apply(None, step, LAWS)
        lines.append(chained_row(record, after, step))
        taken.append(Taken(record, None, after, step))
    projection.open_all([(one.record, one.after) for one in taken])
    insert(lines)
    _hang_photos(openings)
    _tell(taken, max(wish.now for _record, wish in openings))
    return taken


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


def _sealed(drafts: Sequence[tuple[CaseRecord, Step, Wish]]) -> list[Step]:
    """The steps with what they hold sealed, each under the key of its case."""
    unsealed = [one for record, step, wish in drafts for one in _unsealed(record, step, wish)]
    new, now = all(step.seq == 1 for _r, step, _w in drafts), max(wish.now for _r, _s, wish in drafts)
    sealed = iter(trust.seal_all(unsealed, now=now, new=new) if unsealed else ())
    return [
        replace(step, contents=tuple(_content(content, next(sealed)) for content in wish.contents))
        for _record, step, wish in drafts
    ]


def _content(content: Content, sealed: Sealed) -> tuple[str, str, str]:
    return content.name, str(sealed.id), sealed.commitment


def _unsealed(record: CaseRecord, step: Step, wish: Wish) -> Iterator[Unsealed]:
    support = _is_support(record, step) if wish.contents else False
    for content in wish.contents:
        purpose = purpose_of(content.name, support=support)
        yield Unsealed(subject(record.uuid), content.name, content.value, purpose, content.media_type)


def purpose_of(name: str, *, support: bool = False) -> str:
    """What a content of this name is held for: in a support case the person's consent carries it, not duty."""
    if support:
        return SUPPORT_PURPOSE_OF.get(name, SUPPORT)
    return PURPOSE_OF.get(name, "report" if name.startswith(FORM) else "handling")


def _is_support(record: CaseRecord, step: Step) -> bool:
    return LAWS.kind(record.definition or step.data["definition"]).support is not None


def _write(record: CaseRecord, before: CaseState, step: Step, wish: Wish) -> Taken:
    after = rules.apply(before, step, LAWS)
    line = chained_row(record, after, step)
    projection.write(record, before, after, bytes(line.digest))
    line.save(force_insert=True)
    _hang_photos([(record, wish)])
    taken = Taken(record, before, after, step)
    _tell([taken], wish.now)
    return taken


def _tell(taken: Sequence[Taken], now: datetime) -> None:
    """Whoever listens hears of it once it is committed: desks, the log, the clock loops."""
    announce(one.record for one in taken)
    for one in taken:
        _log(one.record, one.step)
    ring_for((projection.next_at(clock) for one in taken for clock in one.after.clocks), now)


def chained_row(record: CaseRecord, after: CaseState, step: Step) -> CaseStep:
    """The row of a step, chained to the last one of its case, and now the last one itself."""
    previous = bytes(record.last_digest)
    chained = step_digest(record.uuid, step, previous)
    record.last_seq, record.last_digest = step.seq, chained
    return CaseStep(
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
    )


def _hang_photos(wishes: Iterable[tuple[CaseRecord, Wish]]) -> None:
    hung = [
        CasePhoto(photo=uuid.UUID(content.value.decode()), case=record)
        for record, wish in wishes
        for content in wish.contents
        if content.name == "photo"
    ]
    if not hung:
        return
    ids = [one.photo for one in hung]
    if any_hangs(ids) or len(files.photos(ids)) != len(ids):
        raise Refused(
            _("A photo is missing or was used before: please add it again."), code="bad_photo", field="photos"
        )
    CasePhoto.objects.bulk_create(hung)


def announce(records: Iterable[CaseRecord]) -> None:
    """Wake the desks when the transaction commits, by the ids alone: they all hear it, whatever they may see.

    That a support case moves is nobody's news.
    """
    payloads = [json.dumps({"case": str(record.id)}) for record in records if not record.assigned_only]
    if not payloads:
        return
    with prepared() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [CHANNEL, payloads]
        )


def _log(record: CaseRecord, step: Step) -> None:
    """Say on the log that the step was taken, once it is: what and where, never who or a word of it."""
    if record.assigned_only or not log.isEnabledFor(logging.INFO):
        return
    fields = {"case": record.code, "step": step.kind.value, "seq": step.seq}
    transaction.on_commit(lambda: log.info("step", extra={"fields": fields}))


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
