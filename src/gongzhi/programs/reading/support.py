"""Kinds that help one person: only by consent, for a time, seen by nobody else, and never with a grade of the person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from gongzhi.programs.reading.section import Section, read_choice
from gongzhi.programs.types import CaseKind, Consenting, PublicLevel, Support
from gongzhi.programs.vocabulary import CONSENTING

SUPPORT_KEYS = ("consent", "by", "months")
LONGEST = 12  # months; then the person is asked again
OF_THE_PERSON = frozenset({"appointment_held", "appointment_cancelled", "consent_renewed", "support_ended"})


def read_support(section: Section) -> Support | None:
    """What `support:` says; None for an ordinary kind."""
    node = section.get("support")
    if node is None:
        return None
    inner = Section(node, section.problems, SUPPORT_KEYS, required=SUPPORT_KEYS)
    if (said := inner.get("consent")) is not None and said.text != "required":
        message = _("There is no support without consent: write consent: required.")
        section.problems.add(said, "no_consent", message)
    items = inner.items("by")
    by = [read_choice(item, CONSENTING, section.problems, Consenting.PERSON) for item in items]
    return Support(tuple(Consenting(one) for one in dict.fromkeys(by)), _months(inner))


def check_support(kind: CaseKind, section: Section) -> None:
    """Refuse what a kind that helps a person may never have."""
    if kind.support is not None:
        for code, message in _crossed(kind):
            section.problems.add(section.get("support") or section.node, code, message)


def _months(section: Section) -> int:
    node = section.get("months")
    text = (node.text or "") if node else ""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST:
        return int(text)
    if node is not None:
        message = _("A consent lasts 1 to %d months; then the person is asked again.") % LONGEST
        section.problems.add(node, "months", message)
    return 1


def _crossed(kind: CaseKind) -> Iterator[tuple[str, str]]:
    if kind.public_level is not PublicLevel.NONE:
        yield "support_public", _("A support case is nobody else's business: set public: {level: none}.")
    if len(kind.severities) > 1:
        yield "grades_person", _("Severities would grade the person here: leave them out.")
    if kind.keywords:
        yield (
            "support_keywords",
            _("Nobody is sorted into support by words in a report: leave the keywords out."),
        )
    if any(OF_THE_PERSON & {*clock.starts, *clock.stops} for clock in kind.clocks):
        yield (
            "hurries_person",
            _("No clock runs against the person: it may only bind the workers' first answer."),
        )
    if kind.evidence:
        yield "support_evidence", _("A support case asks for no evidence about a person: leave it out.")
    if not kind.dispatch:
        yield "support_dispatch", _("Say in “dispatch” who supports: no queue will show the case.")
