"""The rules of protected tips: who receives them, how long they are kept, what a reward comes to."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems
from gongzhi.programs.reading.section import Section, read_number
from gongzhi.programs.types import RewardGrade, TipRules

RULE_KEYS = ("version", "effective_from", "units", "retention", "rewards")
RETENTION_KEYS = ("days", "warn_days")
REWARD_KEYS = ("grades", "cap", "finance_from", "claim_days")
GRADE_KEYS = ("title", "percent", "floor")
MOST_YUAN = 100_000_000
FEN = 100


def read_tip_rules(
    program: str, node: Node, organisations: Collection[str] | None, problems: Problems
) -> TipRules:
    """The rules of one file; what is wrong goes into the notebook."""
    section = Section(node, problems, RULE_KEYS, required=RULE_KEYS)
    kept = _inner(section, "retention", RETENTION_KEYS)
    rewards = _inner(section, "rewards", REWARD_KEYS)
    return TipRules(
        program=program,
        version=section.text("version", "", r"[0-9A-Za-z][0-9A-Za-z._-]{0,30}", "1"),
        effective_from=section.day("effective_from", date(2025, 1, 1)),
        units=_units(section, organisations),
        retention_days=_number(kept, "days", 180, 36500),
        warn_days=_number(kept, "warn_days", 7, 365),
        grades=_grades(rewards.named("grades"), problems),
        cap=_number(rewards, "cap", 1, MOST_YUAN) * FEN,
        finance_from=_number(rewards, "finance_from", 1, MOST_YUAN) * FEN,
        claim_days=_number(rewards, "claim_days", 30, 3650),
    )


def _inner(section: Section, key: str, keys: Collection[str]) -> Section:
    node = section.get(key) or Node({}, section.node.file, section.node.line)
    return Section(node, section.problems, keys, required=keys)


def _number(section: Section, key: str, low: int, high: int) -> int:
    node = section.get(key)
    return read_number(node, section.problems, low, high, low) if node is not None else low


def _units(section: Section, organisations: Collection[str] | None) -> tuple[str, ...]:
    units = section.items("units")
    for node in units:
        if organisations is not None and node.text not in organisations:
            message = _("There is no organisation “%s”: its code must be known here.")
            section.problems.add(node, "unknown_organisation", message % (node.text or ""))
    if len(units) < 2:
        message = _("Name at least two units: when the first is itself reported, the next receives the tip.")
        section.problems.add(section.get("units") or section.node, "one_unit", message)
    return tuple(node.text or "" for node in units)


def _grades(named: Mapping[str, Node], problems: Problems) -> tuple[RewardGrade, ...]:
    return tuple(_grade(name, node, problems) for name, node in named.items())


def _grade(name: str, node: Node, problems: Problems) -> RewardGrade:
    section = Section(node, problems, GRADE_KEYS, required=GRADE_KEYS)
    floor = _number(section, "floor", 0, MOST_YUAN) * FEN
    return RewardGrade(name, section.words("title"), _number(section, "percent", 0, 100), floor)
