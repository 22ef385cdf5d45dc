"""Taking in a report: one operation for every door, safe to repeat with the same client id."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base import calendars
from gongzhi.base.actor import SYSTEM, Actor
from gongzhi.base.canonical import canonical
from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.ids import new_case_code, new_id
from gongzhi.cases import grouping, places
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, photos, take, words
from gongzhi.cases.operations.taking_in import Draft, Standing, standing
from gongzhi.cases.reach import lead_of_code
from gongzhi.cases.receipts import receipt_code
from gongzhi.cases.types import FORM, Content, Receipt, StepKind
from gongzhi.programs import queries as programs
from gongzhi.programs import questions
from gongzhi.programs.types import CaseKind, Source
from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture, Point
from gongzhi.trust import crypto

UNSORTED = "intake.unsorted"
MAX_PLACE_TEXT = 200
MAX_CONTACT = 120
MAX_PHOTOS = 9
E7 = 10_000_000


@dataclass(frozen=True, slots=True)
class Where:
    """Where a matter is, as far as it is known."""

    area: AreaPicture | None
    place: tuple[int, int] | None
    cross_border: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "area": str(self.area.id) if self.area else "",
            "area_codes": list(places.codes_of(self.area.id)) if self.area else [],
            "place": list(self.place) if self.place else None,
            "cross_border": self.cross_border,
        }


def where(place: Point | None, area: uuid.UUID | None) -> Where:
    """Find the area of a point (refused when far outside), or take the area somebody named."""
    if place is None:
        return Where(territory.area(area) if area else None, None)
    located = territory.locate(place)
    return Where(located.area, (round(place.lon * E7), round(place.lat * E7)), located.cross_border)


def report_case(
    *,
    client_id: uuid.UUID,
    kind: str | None,
    text: str,
    place: Point | None = None,
    place_text: str = "",
    contact: str = "",
    photos: Sequence[uuid.UUID] = (),
    source: Source,
    by: Actor,
    now: datetime,
    happened_at: datetime | None = None,
    area: uuid.UUID | None = None,
    severity: str | None = None,
    form: Mapping[str, Any] | None = None,
    link_to: str | None = None,
    drill: bool = False,
    no_reply: bool = False,
    secret: bool = False,
) -> Receipt:
    """Take in a report; the same client id again gives the same receipt, with other content a Conflict.

    `form` answers the kind's own questions. `no_reply`: the reporter gets no notices. `secret`: staff are told to keep
    the reporter's name to themselves.
    """
    contents = contents_of(text, place_text, contact, photos)
    if not text.strip() and not photos:
        raise Refused(
            _("Please say in a word or two what you saw, or add a photo."), code="empty", field="text"
        )
    definition = definition_for(kind, source, happened_at or now)
    if definition.support is not None:
        raise Refused(_("Support begins with the person's own consent."), code="needs_consent", field="kind")
    public_form, sealed_form = answers(definition, form or {}, complete=True)
    wishes = {name: True for name, wished in (("no_reply", no_reply), ("secret", secret)) if wished}
    spot = where(place, area)
    sent = {"kind": kind, "text": text, "place_text": place_text, "contact": contact, "to": link_to, **wishes}
    printed = print_of(sent, spot, form, photos)
    data = {
        **opening(definition, severity, source, spot),
        "client_id": str(client_id),
        "form": public_form,
        "drill": drill,
        **wishes,
    }
    wish = Wish(StepKind.REPORTED, by, now, data, (*contents, *sealed_form), happened_at)
    fingerprint = crypto.mac("report", printed)
    record = CaseRecord(id=new_id(), code=new_case_code(), client_id=client_id, fingerprint=fingerprint)
    record.place_text = place_text.strip()
    return write_first(record, printed, wish, link_to)


def print_of(
    sent: Mapping[str, Any], spot: Where, form: Mapping[str, Any] | None, photos: Sequence[uuid.UUID]
) -> bytes:
    """What a report says, in one form: a retry prints the same, though its pictures were stored under new ids."""
    answered = {"form": dict(form)} if form else {}
    return canonical({**sent, **answered, "place": spot.as_data()["place"], "photos": len(photos)})


def opening(definition: CaseKind, severity: str | None, source: Source, spot: Where) -> dict[str, Any]:
    """What the first step pins: the definition, the calendar, the door, the place."""
    return {
        "kind": definition.key,
        "definition": definition.sha256,
        "severity": _severity(definition, severity),
        "calendar": calendars.current().version,
        "source": source.value,
        **spot.as_data(),
    }


def write_first(record: CaseRecord, printed: bytes, wish: Wish, link_to: str | None) -> Receipt:
    """Write the case, unless its client id is known: then its receipt, or a Conflict if it said something else."""
    draft = Draft(record, wish)
    written = _joined(draft, link_to) if link_to else grouping.written(draft)
    return _receipt(written, record.client_id, printed)


def known_receipt(client_id: uuid.UUID, printed: bytes) -> Receipt | None:
    """The receipt of a report that was sent before; a Conflict if it says something else now."""
    found = standing([client_id]).get(client_id)
    return _receipt(found, client_id, printed) if found else None


def _receipt(found: Standing, client_id: uuid.UUID, printed: bytes) -> Receipt:
    kept = found.fingerprint  # empty once something of the report was erased
    if not found.created and kept and not crypto.mac_fits("report", printed, kept):
        raise Conflict(
            _("This report was sent before with other content. Start a new report."), code="other_content"
        )
    return Receipt(found.case, found.code, receipt_code(client_id), created=found.created)


def contents_of(text: str, place_text: str, contact: str, ids: Sequence[uuid.UUID]) -> tuple[Content, ...]:
    """What a reporter wrote and showed, as contents to seal."""
    if len(ids) > MAX_PHOTOS:
        raise Refused(_("At most %d photos.") % MAX_PHOTOS, code="too_many", field="photos")
    return (
        *words("text", text),
        *words("place_text", place_text, limit=MAX_PLACE_TEXT),
        *words("contact", contact, limit=MAX_CONTACT),
        *photos(ids),
    )


def definition_for(kind: str | None, source: Source, at: datetime) -> CaseKind:
    """The kind in force that may be reported through this door."""
    definition = programs.current_kind(kind or UNSORTED, timezone.localdate(at))
    if definition is None:
        raise Refused(_("This kind of matter is not known here."), code="unknown_kind", field="kind")
    if source not in definition.sources:
        raise Refused(
            _("This kind of matter can't be reported through this door."), code="wrong_door", field="kind"
        )
    return definition


def _severity(definition: CaseKind, severity: str | None) -> str:
    known = [s.key for s in definition.severities]
    if severity and severity not in known:
        raise Refused(
            _("This degree of urgency is not known for this kind."), code="unknown_severity", field="severity"
        )
    return severity or known[0]


def answers(
    definition: CaseKind, form: Mapping[str, Any], *, complete: bool
) -> tuple[dict[str, str], tuple[Content, ...]]:
    """The answers to the kind's own questions: those for the ledger, and those to seal."""
    fields = {f.name: f for f in definition.form}
    kept = questions.checked(definition, form, complete=complete)
    sealed = {name for name in kept if questions.is_sealed(fields[name])}
    contents = [words(f"{FORM}{name}", kept[name], limit=questions.LONGEST_ANSWER) for name in sorted(sealed)]
    public = {name: answer for name, answer in kept.items() if name not in sealed}
    return public, tuple(content for group in contents for content in group)


@transaction.atomic
def _joined(draft: Draft, link_to: str) -> Standing:
    """Alone, since joining locks a row and two groups could wait for each other's."""
    written = grouping.written_alone(draft)
    if written.created:
        _join(draft.record, link_to, draft.wish.by, draft.wish.now)
    return written


def _join(record: CaseRecord, link_to: str, by: Actor, now: datetime) -> None:
    """Add this report to an earlier one about the same matter: the reporter keeps a code of their own."""
    found = lead_of_code(link_to)
    if not found or found[0] == record.uuid:
        return
    wish = Wish(StepKind.LINKED, SYSTEM, now, {"lead_case": str(found[-1]), "asked_by": str(by)})
    inform(take(record.code, wish))


def add_information(
    *,
    case: str,
    text: str,
    by: Actor,
    now: datetime,
    photo_ids: Sequence[uuid.UUID] = (),
    receipt: bool = False,
) -> None:
    """More facts from the reporter or from staff."""
    contents = (*words("text", text), *photos(photo_ids))
    if not contents:
        raise Refused(_("Please write something or add a photo."), code="empty", field="text")
    inform(take(case, Wish(StepKind.INFORMATION_ADDED, by, now, contents=contents, holds_receipt=receipt)))
