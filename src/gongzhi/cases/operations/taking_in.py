"""Writing new reports: as many as wait, with the same few statements, each complete or none at all.

What could be refused was refused before. Staff and residents alike: a report reaches its own new case and no other.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from gongzhi.base.bounds import passing
from gongzhi.cases.informing import inform_all, looking_ahead
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, open_cases
from gongzhi.cases.reach import of_clients, subject


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that was checked: the row it is to have, and its first step."""

    record: CaseRecord
    wish: Wish


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands: written now, or earlier under the same client id."""

    case: uuid.UUID
    code: str
    fingerprint: bytes
    created: bool = False


def take_in(drafts: Sequence[Draft]) -> list[Standing]:
    """Write what is not known yet, in one transaction; the answers in the order of the drafts.

    An IntegrityError says that another process writes the same report just now: try again.
    """
    areas, now = [draft.wish.data["area"] for draft in drafts], max(draft.wish.now for draft in drafts)
    with looking_ahead(areas, now), transaction.atomic():
        known = standing([draft.record.client_id for draft in drafts])
        fresh = {d.record.client_id: d for d in reversed(drafts) if d.record.client_id not in known}
        if fresh:
            # In the order of their ids: two processes with the same reports wait for each other, never in a circle.
            _write(sorted(fresh.values(), key=lambda draft: draft.record.client_id))
        if connection.needs_rollback or connection.closed_in_transaction:
            # Django would leave such a block without a word, and everybody would be told of a commit that never was.
            raise DatabaseError("the transaction of a group was lost")
    return _answers(drafts, known)


def standing(clients: Sequence[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """What was written under these client ids, by client id."""
    found = of_clients(clients)
    return {client: Standing(case, code, fingerprint) for client, case, code, fingerprint in found}


def _write(drafts: Sequence[Draft]) -> None:
    # What staff are told is in the cell's language, whatever the reporter reads.
    with passing(*(subject(draft.record.uuid) for draft in drafts)):
        taken = open_cases([(draft.record, draft.wish) for draft in drafts])
        with override(settings.LANGUAGE_CODE):
            inform_all(taken, max(draft.wish.now for draft in drafts))


def _answers(drafts: Sequence[Draft], known: dict[uuid.UUID, Standing]) -> list[Standing]:
    """Of two in one group with the same client id the first was written, and the second is told of it."""
    answers = []
    for draft in drafts:
        record = draft.record
        if record.client_id not in known:
            answers.append(Standing(record.uuid, record.code, bytes(record.fingerprint), created=True))
            known[record.client_id] = replace(answers[-1], created=False)
        else:
            answers.append(known[record.client_id])
    return answers
