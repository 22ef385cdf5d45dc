"""The map of personal data, made from the declarations themselves: tables, purposes of contents, questions of programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.base.personal import declared
from gongzhi.programs.queries import current_kinds
from gongzhi.trust.purposes import PURPOSES
from gongzhi.trust.types import Purpose

CONTENTS = "trust.Content"  # each content says its own purpose: the purposes stand on the map in its place
REPORT, CONTACT, SUPPORT, STAFF = "report", "contact", "support", "staff"
GROUPS = {
    REPORT: _("When you report"),
    CONTACT: _("When you leave a phone number or address"),
    SUPPORT: _("When you ask for support"),
    STAFF: _("Staff and their accounts"),
}
# Where a resident meets a table; a part of its own that nobody listed here is met when reporting.
GROUP_OF = {
    "accounts": STAFF,
    "notices": CONTACT,
    "trust.AuditRow": STAFF,
    "trust.Consent": SUPPORT,
    "cases.CaseStep": STAFF,
    "cases.CaseTask": STAFF,
}
GROUP_OF_PURPOSE = {"contact": CONTACT, "support": SUPPORT}
SHARED = {
    "none": _("with nobody"),
    "conditional": _("with the offices that handle the matter"),
    "unconditional": _("with everybody"),
}
WHAT = {
    "report": _("what you wrote"),
    "contact": _("your phone number or address"),
    "handling": _("notes of those who handle it"),
    "reply": _("the answers to you"),
    "evidence": _("photos"),
    "support": _("what you wrote and what was agreed"),
}


@dataclass(frozen=True, slots=True)
class MapLine:
    """One kind of personal data, in the reader's language."""

    group: str
    what: str
    purpose: str
    basis: str
    retention: str
    sharing: str
    source: str  # the declaration it was made from: table and field, purpose, or question of a program


def data_map(on: date) -> list[MapLine]:
    """Every kind of personal data there is, in the order a resident meets it."""
    lines = [*_of_contents(), *_of_questions(on), *_of_tables()]
    return sorted(lines, key=lambda line: list(GROUPS).index(line.group))


def _of_contents() -> Iterator[MapLine]:
    for purpose in PURPOSES.values():
        yield MapLine(
            group=GROUP_OF_PURPOSE.get(purpose.key, REPORT),
            what=str(WHAT.get(purpose.key, gettext(purpose.purpose))),
            purpose=gettext(purpose.purpose),
            basis=gettext(purpose.basis),
            retention=_kept(purpose),
            sharing=str(SHARED[purpose.sharing]),
            source=f"purpose:{purpose.key}",
        )


def _kept(purpose: Purpose) -> str:
    return (
        gettext("%d days after the case has ended; the county may set another term") % purpose.retention_days
    )


def _of_questions(on: date) -> Iterator[MapLine]:
    language = get_language()
    for kind in current_kinds(on):
        for asked in kind.form:
            if asked.declared is not None:
                said = asked.declared
                yield MapLine(
                    group=SUPPORT if kind.support else REPORT,
                    what=f"{kind.title.show(language)}: {asked.title.show(language)}",
                    purpose=said.purpose,
                    basis=said.basis,
                    retention=said.retention,
                    sharing=str(SHARED[said.sharing]),
                    source=f"question:{kind.key}.{asked.name}",
                )


def _of_tables() -> Iterator[MapLine]:
    for label, name, said in declared():
        if label != CONTENTS:
            yield MapLine(
                group=GROUP_OF.get(label) or GROUP_OF.get(label.partition(".")[0], REPORT),
                what=gettext(said.what or said.purpose),
                purpose=gettext(said.purpose),
                basis=gettext(said.basis),
                retention=gettext(said.retention),
                sharing=str(SHARED[said.sharing]),
                source=f"table:{label}.{name}",
            )
