"""Opening what is sealed: a reporter's contact for one purpose, the original of a photo for a reason.

The step on the case and the audit row are committed before the value is handed out; without them nothing opens.
The case is locked before the end of the audit log, here and wherever both are written: else two writers could wait
for each other.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role, Scope
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.cases import rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.hands import OPENERS, ORIGINAL_OPENERS, handles, hands_now
from gongzhi.cases.operations.ledger import Wish, read_steps, take, words
from gongzhi.cases.pictures import Revealed
from gongzhi.cases.queries.visibility import visible_case
from gongzhi.cases.reach import acting
from gongzhi.cases.rules import Hand
from gongzhi.cases.types import CaseState, RevealPurpose, StepKind, TaskState
from gongzhi.files import operations as files
from gongzhi.trust import audit
from gongzhi.trust import queries as sealed
from gongzhi.trust.types import AuditKind

CONTACT = "contact"
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class _Opener:
    """Who asks, in what capacity, on which case."""

    scope: Scope
    record: CaseRecord
    state: CaseState
    hands: frozenset[Hand]
    task: TaskState | None  # the open task that makes a handler of them

    @property
    def organisation(self) -> str:
        """The organisation for which they act here."""
        if self.task is not None and not self.hands & (OPENERS - {Hand.HANDLER}):
            return self.task.organisation
        roles = (Role.DISPATCHER, Role.CENTRE_HEAD, Role.VERIFIER)
        return next((str(g.organisation) for role in roles for g in self.scope.area_grants(role)), "")


def reveal_contact(
    *, case: str, purpose: RevealPurpose, by: Actor, now: datetime, field: str = CONTACT, note: str = ""
) -> Revealed:
    """Open one personal field for a declared purpose; the reporter sees when, by which organisation and what for."""
    with acting(by, case, now):
        return _reveal(_opener(case, by, now), purpose, by, now, field, note)


def _reveal(
    opener: _Opener, purpose: RevealPurpose, by: Actor, now: datetime, field: str, note: str
) -> Revealed:
    if not opener.hands & OPENERS:
        _refuse(AuditKind.REVEALED, opener, by, now)
    content = _content_of(opener.record, field)
    data = {
        "field": field,
        "content": str(content),
        "purpose": RevealPurpose(purpose).value,
        "organisation": opener.organisation,
        **({"task": opener.task.id} if opener.task and opener.hands & OPENERS == {Hand.HANDLER} else {}),
    }
    with transaction.atomic(durable=True):
        take(
            opener.record.code,
            Wish(StepKind.CONTACT_REVEALED, by, now, data, words("note", note, limit=LONGEST_WORDS)),
        )
        audit.note(
            kind=AuditKind.REVEALED,
            by=by,
            now=now,
            subject=f"case:{opener.record.id}",
            purpose=data["purpose"],
            data={"field": field},
        )
        value = sealed.open_content(content)
        if value is None:
            raise _gone()
    kind = LAWS.kind(opener.record.definition)
    title = titles.content_title(field, kind)
    return Revealed(opener.record.code, field, title, value.decode(), str(titles.REVEAL[data["purpose"]]))


def open_original(*, case: str, photo: uuid.UUID, reason: str, by: Actor, now: datetime) -> bytes:
    """The sealed original of a photo on this case, with all that the camera wrote into it."""
    with acting(by, case, now):
        return _original(_opener(case, by, now), photo, reason, by, now)


def _original(opener: _Opener, photo: uuid.UUID, reason: str, by: Actor, now: datetime) -> bytes:
    if not opener.record.photos.filter(photo=photo).exists():
        raise NotFound(_("There is no such photo."), code="no_photo")
    if not opener.hands & ORIGINAL_OPENERS:
        _refuse(AuditKind.ORIGINAL_OPENED, opener, by, now)
    ground = words("ground", reason, required=True, limit=LONGEST_WORDS)
    with transaction.atomic(durable=True):
        take(opener.record.code, Wish(StepKind.ORIGINAL_OPENED, by, now, {"photo": str(photo)}, ground))
        audit.note(
            kind=AuditKind.ORIGINAL_OPENED,
            by=by,
            now=now,
            subject=f"case:{opener.record.id}",
            data={"photo": str(photo)},
        )
        return files.open_original(photo=photo, by=by, now=now, reason=f"case:{opener.record.id}")


def _opener(case: str, by: Actor, now: datetime) -> _Opener:
    if by.person_id is None:
        raise NotAllowed(_("Only staff can open what is sealed."), code="not_staff")
    scope = accounts.scope_of(by.person_id, timezone.localdate(now))
    record = visible_case(scope, case)
    state = rules.fold(read_steps(record.uuid), LAWS)
    task = next((task for task in state.tasks if task.open and handles(scope, task)), None)
    return _Opener(scope, record, state, hands_now(scope, record, state), task)


def _refuse(kind: AuditKind, opener: _Opener, by: Actor, now: datetime) -> None:
    """Put the attempt on record by itself, then refuse it."""
    audit.note(kind=kind, by=by, now=now, subject=f"case:{opener.record.id}", succeeded=False)
    words = _("Only the centre, a verifier, or whoever has a task on this case can open it.")
    raise NotAllowed(words, code="wrong_hand")


def _content_of(record: CaseRecord, field: str) -> uuid.UUID:
    first: list[Any] = CaseStep.objects.filter(case=record, seq=1).values_list("contents", flat=True)[0]
    found = [uuid.UUID(content) for name, content, _commitment in first if name == field]
    if not found or not (field == CONTACT or field.startswith("form_")):
        raise NotFound(_("The reporter left no contact."), code="no_contact")
    if not sealed.still_held(found):
        raise _gone()
    return found[0]


def _gone() -> Refused:
    return Refused(_("It was erased: the matter has been closed for long enough."), code="erased")
