"""One kind of case, read from its file laid over its program's defaults."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.programs.reading.clocks import read_clocks
from gongzhi.programs.reading.dispatch import read_dispatch
from gongzhi.programs.reading.forms import read_evidence, read_form, read_severities
from gongzhi.programs.reading.guards import found_in, guard_kind
from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems, listed, meant
from gongzhi.programs.reading.section import Section, plain_text, read_choice, read_words, shown
from gongzhi.programs.reading.support import check_support, read_support
from gongzhi.programs.types import CaseKind, PersonalData, PublicLevel, Source, Subject, Verification
from gongzhi.programs.vocabulary import (
    CHECKERS,
    METHODS,
    OPINIONS,
    PERSONAL_DATA,
    PUBLIC_LEVELS,
    SOURCES,
    SUBJECTS,
)

KIND_KEYS = (
    *(
        "version",
        "effective_from",
        "effective_until",
        "title",
        "subject",
        "sources",
        "keywords",
        "severities",
    ),
    *(
        "form",
        "registration",
        "closure",
        "evidence",
        "clocks",
        "dispatch",
        "verification",
        "public",
        "urgent",
    ),
    *("icon", "selectable", "support", "extra", "personal_data"),
)
REQUIRED = ("version", "effective_from", "title", "subject", "sources", "clocks", "verification")
NO_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class KindFile:
    """Where a kind comes from: its place in the tree, its text with defaults and overlay, and its overlay's version."""

    program: str
    name: str
    node: Node
    own: Node  # the file alone, so that a problem with the whole kind is shown there
    overlay_version: str = ""


def read_kind(source: KindFile, organisations: Collection[str] | None, problems: Problems) -> CaseKind:
    """The kind a file defines; only good if nothing was written into the notebook."""
    section = Section(
        Node(source.node.value, source.own.file, source.own.line), problems, KIND_KEYS, REQUIRED
    )
    severities = read_severities(section.named("severities"), problems)
    support = read_support(section)
    keys = [severity.key for severity in severities]
    level, on_map, photo = _public(section)
    kind = CaseKind(
        key=f"{source.program}.{source.name}",
        program=source.program,
        version=_version(section, source.overlay_version),
        effective_from=section.day("effective_from", NO_DAY),
        effective_until=section.day("effective_until", NO_DAY) if section.get("effective_until") else None,
        title=section.words("title"),
        subject=_subject(section),
        sources=tuple(Source(s) for s in _sources(section)),
        clocks=read_clocks(section.named("clocks"), keys, problems),
        dispatch=read_dispatch(section.items("dispatch"), keys, organisations, problems),
        verification=_verification(section),
        severities=severities,
        form=read_form(section.named("form"), problems),
        registration_criteria=section.each("registration", lambda node: read_words(node, problems)),
        closure_criteria=section.each("closure", lambda node: read_words(node, problems)),
        evidence=read_evidence(section.named("evidence"), problems),
        keywords=section.each("keywords", lambda node: plain_text(node, problems)),
        public_level=level,
        on_public_map=on_map,
        public_photo=photo,
        urgent=section.flag("urgent"),
        icon=section.text("icon", "flag", r"[a-z0-9-]+", "flag"),
        selectable=section.flag("selectable", True) and support is None,
        support=support,
        personal_data=PersonalData(section.choice("personal_data", PERSONAL_DATA, PersonalData.BY_PURPOSE)),
        extra={name: plain_text(node, problems) for name, node in section.named("extra").items()},
    )
    _check_whole(kind, section)
    check_support(kind, section)
    return kind


def _check_whole(kind: CaseKind, section: Section) -> None:
    texts = (kind.key.partition(".")[2], *kind.title.by_language.values(), *kind.keywords)
    guard_kind(section.get("title") or section.node, texts, section.problems)
    if kind.effective_until is not None and kind.effective_until < kind.effective_from:
        message = _("“effective_until” lies before “effective_from”.")
        section.problems.add(section.values["effective_until"], "dates", message)
    for item, word in zip(section.items("keywords"), kind.keywords, strict=True):
        if len(word.strip()) < 2:
            message = _("The keyword “%s” is too short: one character is found in almost every report.")
            section.problems.add(item, "short_keyword", message % word)


def _version(section: Section, overlay: str) -> str:
    version = section.text("version", "", r"[0-9A-Za-z][0-9A-Za-z._-]{0,30}", "1")
    return f"{version}+{overlay}" if overlay else version


def _subject(section: Section) -> Subject:
    node = section.get("subject")
    if node is None:
        return Subject.SERVICE
    if node.text not in SUBJECTS and (word := found_in(OPINIONS, node.text or "")):
        guard_kind(node, [word], section.problems)
        return Subject.SERVICE
    return Subject(read_choice(node, SUBJECTS, section.problems, Subject.SERVICE))


def _sources(section: Section) -> list[str]:
    found = [
        read_choice(item, SOURCES, section.problems, Source.RESIDENT) for item in section.items("sources")
    ]
    return list(dict.fromkeys(found))


def _verification(section: Section) -> Verification:
    node = section.get("verification")
    if node is None:
        return Verification("verifier", "on_site")
    inner = Section(node, section.problems, ("role", "method"), required=("role", "method"))
    return Verification(
        role=inner.choice("role", CHECKERS, "verifier"), method=inner.choice("method", METHODS, "on_site")
    )


def _public(section: Section) -> tuple[PublicLevel, bool, bool]:
    node = section.get("public")
    if node is None:
        return PublicLevel.STATUS, False, False
    inner = Section(node, section.problems, ("level", "map", "photo"))
    level = PublicLevel(inner.choice("level", PUBLIC_LEVELS, PublicLevel.STATUS))
    on_map, photo = inner.flag("map"), inner.flag("photo")
    if level is not PublicLevel.SUMMARY and (on_map or photo):
        message = _(
            "A map pin or a photo is more than “status” shows: set level: summary, or leave them out."
        )
        section.problems.add(node, "public_level", message)
    return level, on_map, photo


def unknown_kind(node: Node, kinds: Collection[str], problems: Problems) -> None:
    """A kind is named that no file defines."""
    message = _("There is no kind “%(kind)s”.%(meant)s Known: %(known)s.")
    said = shown(node)
    params = {"kind": said, "meant": meant(said, kinds), "known": listed(sorted(kinds))}
    problems.add(node, "unknown_kind", message % params)
