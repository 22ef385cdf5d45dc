"""A search of the audit log: from what stands in the address to filters, and from references to names."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from gongzhi.accounts import directory
from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.administration import audit_words
from gongzhi.administration.visitor import Visitor
from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code
from gongzhi.territory import queries as territory
from gongzhi.trust import audit_reading
from gongzhi.trust.audit_reading import AuditFilters, AuditLine
from gongzhi.trust.types import AuditKind

NOTED = "audit_search"  # in the session: the search that was noted last


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A row with the names behind its references."""

    line: AuditLine
    kind: str
    actor: str
    subject: str
    details: tuple[str, ...]


def filters_of(asked: QueryDict) -> AuditFilters:
    """What the address asks for; what makes no sense is left out."""
    kind, outcome = asked.get("kind", ""), asked.get("succeeded", "")
    return AuditFilters(
        actors=_people(asked.get("who", "")),
        kind=kind if kind in set(AuditKind) else "",
        subjects=_subjects(asked.get("subject", "")),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        succeeded={"yes": True, "no": False}.get(outcome),
    )


def note_once(request: HttpRequest, visitor: Visitor, filters: AuditFilters) -> None:
    """Note a search when it begins; turning its pages, or loading one again, is the same search."""
    mark = json.dumps([visitor.today.isoformat(), filters.as_data()])
    if request.session.get(NOTED) != mark:
        audit_reading.note_search(filters, by=visitor.by, now=visitor.now)
        request.session[NOTED] = mark


def named(lines: Iterable[AuditLine]) -> list[NamedLine]:
    """The rows with names, three look-ups for all of them."""
    rows = list(lines)
    names = _Names(rows)
    return [
        NamedLine(
            line,
            audit_words.label(line.kind),
            names.of(line.actor),
            names.of(line.subject),
            tuple(names.details(line.data)),
        )
        for line in rows
    ]


class _Names:
    """The names behind the references of some rows."""

    def __init__(self, rows: list[AuditLine]) -> None:
        ids = {found for row in rows for found in _ids([row.actor, row.subject, *_flat(row.data)])}
        self.known: dict[UUID, str] = dict(accounts.organisation_names(ids)) | accounts.names_of(ids)

    def of(self, reference: str) -> str:
        kind, _colon, rest = reference.partition(":")
        fixed = {"system": _("The system"), "resident": _("A resident"), "audit": _("The audit log")}
        if reference in fixed:
            return fixed[reference]
        found = _id(rest or kind)
        return (self.known.get(found) or _area_name(found) or reference) if found else reference

    def details(self, data: Mapping[str, Any]) -> Iterable[str]:
        for key, value in data.items():
            values = [self._value(one) for one in _flat(value)]
            if values:
                yield f"{_key(key)} {'、'.join(values)}"

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = str(value)
        return Role(text).label if text in set(Role) else self.of(text)


def _key(key: str) -> str:
    words = {
        "role": _("Role"),
        "organisation": _("Organisation"),
        "area": _("Area"),
        "from": _("From"),
        "to": _("Until"),
        "expires_on": _("Expires on"),
        "expires_at": _("Until"),
        "head": _("Head"),
        "deputies": _("Deputies"),
        "kind": _("Act"),
        "actors": _("Who"),
        "subjects": _("About"),
        "since": _("From"),
        "until": _("Until"),
        "rows": _("Rows"),
        "team": _("Team"),
    }
    return words.get(key, key)


def _flat(value: Any) -> list[Any]:
    """The single values of a row's data, however deep."""
    if isinstance(value, Mapping):
        return [one for inner in value.values() for one in _flat(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _flat(inner)]
    return [value] if value != "" else []


def _ids(texts: Iterable[Any]) -> Iterable[UUID]:
    for text in texts:
        found = _id(str(text).partition(":")[2] or str(text))
        if found:
            yield found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _area_name(area: UUID) -> str:
    try:
        return territory.area(area).name
    except NotFound:
        return ""


def _people(text: str) -> tuple[str, ...] | None:
    """Whoever is called so; the system by its own name."""
    text = text.strip()
    if not text:
        return None
    if text in ("system", _("The system")):
        return ("system",)
    return tuple(f"person:{person}" for person in directory.ids_named(text))


def _subjects(text: str) -> tuple[str, ...] | None:
    """A case by its code, a person by name, anything else by its reference."""
    text = text.strip()
    if not text:
        return None
    if ":" in text:
        return (text,)
    if (digits := clean_code(text)) and not any(letter.isalpha() for letter in text):
        return (f"case:{digits}",)
    return (text, *(f"person:{person}" for person in directory.ids_named(text)))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
