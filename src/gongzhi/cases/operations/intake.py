"""Taking in a report: one operation for every door, safe to repeat with the same client id."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base import calendars
from gongzhi.base.actor import SYSTEM, Actor
from gongzhi.base.canonical import canonical
from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.ids import new_case_code, new_id
from gongzhi.cases import places
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, open_case, photos, take, words
from gongzhi.cases.receipts import receipt_code
from gongzhi.cases.types import Content, Receipt, StepKind
from gongzhi.programs import queries as programs
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
) -> Receipt:
    """Take in a report; the same client id again gives the same receipt, with other content a Conflict."""
    contents = _contents(text, place_text, contact, photos)
    if not text.strip() and not photos:
        raise Refused(
            _("Please say in a word or two what you saw, or add a photo."), code="empty", field="text"
        )
    definition = _definition(kind, source, happened_at or now)
    public_form, sealed_form = _form(definition, form or {})
    spot = where(place, area)
    sent = {
        "kind": kind,
        "text": text,
        "place": spot.as_data()["place"],
        "place_text": place_text,
        "contact": contact,
    }
    # Photos count by their number: a retry may have stored the same picture under a new id.
    fingerprint = crypto.keyed_digest("report", canonical({**sent, "photos": len(photos), "to": link_to}))
    known = _known(client_id, fingerprint)
    if known is not None:
        return known
    data = {
        **_opening(definition, severity, source, spot),
        "client_id": str(client_id),
        "form": public_form,
        "drill": drill,
    }
    wish = Wish(StepKind.REPORTED, by, now, data, (*contents, *sealed_form), happened_at)
    record = CaseRecord(id=new_id(), code=new_case_code(), client_id=client_id, fingerprint=fingerprint)
    record.place_text = place_text.strip()
    return _open(record, wish, link_to)


def _opening(definition: CaseKind, severity: str | None, source: Source, spot: Where) -> dict[str, Any]:
    """What the first step pins: the definition, the calendar, the door, the place."""
    return {
        "kind": definition.key,
        "definition": definition.sha256,
        "severity": _severity(definition, severity),
        "calendar": calendars.current().version,
        "source": source.value,
        **spot.as_data(),
    }


def _open(record: CaseRecord, wish: Wish, link_to: str | None) -> Receipt:
    """Write the case; of two requests with one client id the slower gets the receipt of the faster."""
    try:
        with transaction.atomic():
            inform(open_case(record, wish))
            if link_to:
                _join(record, link_to, wish.by, wish.now)
    except IntegrityError:
        known = _known(record.client_id, bytes(record.fingerprint))
        if known is None:
            raise
        return known
    return Receipt(record.uuid, record.code, receipt_code(record.client_id), created=True)


def _known(client_id: uuid.UUID, fingerprint: bytes) -> Receipt | None:
    record = CaseRecord.objects.filter(client_id=client_id).only("id", "code", "fingerprint").first()
    if record is None:
        return None
    if bytes(record.fingerprint) != fingerprint:
        raise Conflict(
            _("This report was sent before with other content. Start a new report."), code="other_content"
        )
    return Receipt(record.uuid, record.code, receipt_code(client_id), created=False)


def _contents(text: str, place_text: str, contact: str, ids: Sequence[uuid.UUID]) -> tuple[Content, ...]:
    if len(ids) > MAX_PHOTOS:
        raise Refused(_("At most %d photos.") % MAX_PHOTOS, code="too_many", field="photos")
    return (
        *words("text", text),
        *words("place_text", place_text, limit=MAX_PLACE_TEXT),
        *words("contact", contact, limit=MAX_CONTACT),
        *photos(ids),
    )


def _definition(kind: str | None, source: Source, at: datetime) -> CaseKind:
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


def _form(definition: CaseKind, form: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Content, ...]]:
    """The answers to the kind's own questions: public ones for the ledger, personal ones to seal."""
    fields = {f.name: f for f in definition.form}
    for name in form:
        if name not in fields:
            raise Refused(_("This kind has no such question."), code="unknown_field", field=name)
    public = {name: str(value)[:500] for name, value in form.items() if not fields[name].personal}
    sealed = [
        words(f"form_{name}", str(value), limit=500) for name, value in form.items() if fields[name].personal
    ]
    return public, tuple(content for group in sealed for content in group)


def _join(record: CaseRecord, link_to: str, by: Actor, now: datetime) -> None:
    """Add this report to an earlier one about the same matter: the reporter keeps a code of their own."""
    lead = CaseRecord.objects.filter(code=link_to).first()
    if lead is None or lead.pk == record.pk:
        return
    target = lead.lead_case or lead
    wish = Wish(StepKind.LINKED, SYSTEM, now, {"lead_case": str(target.id), "asked_by": str(by)})
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
