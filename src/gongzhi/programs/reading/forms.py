"""The questions a kind asks, the evidence it wants, and how grave it may be."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gongzhi.base.personal import Personal
from gongzhi.programs.reading.guards import guard_field
from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems
from gongzhi.programs.reading.section import Section, plain_text, read_words
from gongzhi.programs.types import Choice, Evidence, FormField, Severity, Text
from gongzhi.programs.vocabulary import EVIDENCE_MOMENTS, EVIDENCE_TYPES, FIELD_TYPES, SHARING

FIELD_KEYS = ("title", "type", "choices", "required", "personal")
PERSONAL_KEYS = ("purpose", "basis", "retention", "sharing")
EVIDENCE_KEYS = ("title", "type", "at", "required")

GENERAL = Severity("general", Text({"zh-hans": "一般", "en": "General"}))


def read_form(named: Mapping[str, Node], problems: Problems) -> tuple[FormField, ...]:
    """The questions, in the order they are asked."""
    return tuple(_field(name, node, problems) for name, node in named.items())


def read_evidence(named: Mapping[str, Node], problems: Problems) -> tuple[Evidence, ...]:
    """What the handler or the verifier is asked to show."""
    return tuple(_evidence(name, node, problems) for name, node in named.items())


def read_severities(named: Mapping[str, Node], problems: Problems) -> tuple[Severity, ...]:
    """How grave a case may be; the first is what a new case gets."""
    if not named:
        return (GENERAL,)
    return tuple(Severity(name, read_words(node, problems)) for name, node in named.items())


def _field(name: str, node: Node, problems: Problems) -> FormField:
    section = Section(node, problems, FIELD_KEYS, required=("title",))
    title = section.words("title")
    kind = section.choice("type", FIELD_TYPES, "text")
    choices = tuple(_choice(value, words, problems) for value, words in section.named("choices").items())
    if (kind == "choice") != bool(choices):
        problems.add(
            node, "choices", _("“choices” belong to a field of type choice, which needs at least one.")
        )
    declared = _declared(section)
    texts = (name, *title.by_language.values(), *(t for c in choices for t in c.title.by_language.values()))
    guard_field(node, texts, section.get("personal") is not None, problems)
    return FormField(name, title, kind, choices, section.flag("required"), declared is not None, declared)


def _choice(value: str, node: Node, problems: Problems) -> Choice:
    return Choice(value, read_words(node, problems))


def _declared(section: Section) -> Personal | None:
    node = section.get("personal")
    if node is None or node.text in ("false", "no"):
        return None
    if node.mapping is None:
        message = _(
            "A personal field says why: personal: {purpose: …, basis: …, retention: …, sharing: none}."
        )
        section.problems.add(node, "not_declared", message)
        return Personal("", "", "", "none")
    inner = Section(node, section.problems, PERSONAL_KEYS, required=PERSONAL_KEYS)
    purpose, basis, retention = (
        plain_text(inner.values[key], section.problems) if key in inner.values else ""
        for key in PERSONAL_KEYS[:3]
    )
    return Personal(purpose, basis, retention, inner.choice("sharing", SHARING, "none"))


def _evidence(name: str, node: Node, problems: Problems) -> Evidence:
    section = Section(node, problems, EVIDENCE_KEYS, required=("title", "type", "at"))
    return Evidence(
        name=name,
        title=section.words("title"),
        type=section.choice("type", EVIDENCE_TYPES, "photo"),
        at=section.choice("at", EVIDENCE_MOMENTS, "resolved"),
        required=section.flag("required"),
    )
