"""Clock profiles: what starts a clock, what stops it, and how long it may take."""

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems, listed, meant
from gongzhi.programs.reading.section import Section, plain_text, read_number, shown
from gongzhi.programs.types import ClockProfile, ClockScope, Limit, LimitRule, LimitUnit
from gongzhi.programs.vocabulary import CLOCK_STEPS, SCOPES, STEPS, UNIT_SPELLINGS, UNITS

CLOCK_KEYS = ("title", "scope", "starts", "stops", "limit", "limits", "warn_at", "pauses", "extendable")
RULE_KEYS = ("limit", "severity", "area")
NO_LIMIT = Limit(1, LimitUnit.HOURS)
LONGEST = 1_000_000


def read_clocks(
    named: Mapping[str, Node], severities: Collection[str], problems: Problems
) -> tuple[ClockProfile, ...]:
    """Every clock of a kind, in the order the file names them."""
    return tuple(_read_clock(name, node, severities, problems) for name, node in named.items())


def read_limit(node: Node, problems: Problems) -> Limit:
    """A limit as people write it: `5 minutes`, `3 个工作日`, or {value: 5, unit: minutes}."""
    if node.mapping is not None:
        section = Section(node, problems, ("value", "unit"), required=("value", "unit"))
        value, unit = section.get("value"), section.get("unit")
        return _limit(node, value.text if value else None, unit.text if unit else None, problems)
    parts = re.fullmatch(r"\s*([0-9]*)\s*(\S*)\s*", node.text or "")
    if parts is None:
        _no_limit(node, problems)
        return NO_LIMIT
    return _limit(node, parts[1], parts[2], problems)


def area_prefix(code: str) -> str:
    """A division code without its empty levels, so that it is a prefix of every code inside it."""
    for width in (12, 9):
        if len(code) == width and code.endswith("000"):
            code = code[:-3]
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def read_area(node: Node, problems: Problems) -> str:
    """A division code of 2 to 12 digits."""
    return area_prefix(plain_text(node, problems, "", r"[0-9]{2,12}", "330122 / 330122001000"))


def _read_clock(name: str, node: Node, severities: Collection[str], problems: Problems) -> ClockProfile:
    section = Section(node, problems, CLOCK_KEYS, required=("title", "starts", "stops"))
    starts, stops = _steps(section, "starts"), _steps(section, "stops")
    for step in set(starts) & set(stops):
        message = _("“%s” both starts and stops this clock: it would never run.")
        problems.add(section.get("stops") or node, "starts_and_stops", message % step)
    return ClockProfile(
        name=name,
        title=section.words("title"),
        scope=ClockScope(section.choice("scope", SCOPES, ClockScope.CASE)),
        starts=starts,
        stops=stops,
        limits=_limits(section, severities),
        warn_at=tuple(sorted(read_number(item, problems, 1, 99, 50) for item in section.items("warn_at"))),
        pauses=section.flag("pauses", True),
        extendable=section.flag("extendable", False),
    )


def _steps(section: Section, key: str) -> tuple[str, ...]:
    steps: list[str] = []
    for item in section.items(key):
        step = item.text or ""
        if step in CLOCK_STEPS:
            steps.append(step)
        elif step in STEPS:
            message = _("The step “%(step)s” can't start or stop a clock. Allowed: %(allowed)s.")
            section.problems.add(
                item, "not_clock_step", message % {"step": step, "allowed": listed(CLOCK_STEPS)}
            )
        else:
            message = _("There is no step “%(step)s”.%(meant)s Allowed: %(allowed)s.")
            params = {"step": shown(item), "meant": meant(step, CLOCK_STEPS), "allowed": listed(CLOCK_STEPS)}
            section.problems.add(item, "unknown_step", message % params)
    if not section.items(key) and section.node.mapping is not None and key in section.values:
        section.problems.add(section.values[key], "missing", _("“%s” names no step.") % key)
    return tuple(steps)


def _limits(section: Section, severities: Collection[str]) -> tuple[LimitRule, ...]:
    single, many = section.get("limit"), section.items("limits")
    if (single is None) == (not many):
        if section.node.mapping is not None:
            message = _(
                "A clock has either “limit” for all cases or a list of “limits”, and exactly one of them."
            )
            section.problems.add(section.node, "limit_or_limits", message)
        return (LimitRule(NO_LIMIT),)
    if single is not None:
        return (LimitRule(read_limit(single, section.problems)),)
    rules = tuple(_rule(item, severities, section.problems) for item in many)
    _last_fits_all(many, rules, severities, section.problems)
    return rules


def _rule(node: Node, severities: Collection[str], problems: Problems) -> LimitRule:
    section = Section(node, problems, RULE_KEYS, required=("limit",))
    limit, severity, area = section.get("limit"), section.get("severity"), section.get("area")
    if severity is not None and severity.text not in severities:
        message = _("This kind has no severity “%(value)s”.%(meant)s It has: %(allowed)s.")
        said = shown(severity)
        params = {"value": said, "meant": meant(said, severities), "allowed": listed(severities)}
        problems.add(severity, "unknown_severity", message % params)
    return LimitRule(
        limit=read_limit(limit, problems) if limit else NO_LIMIT,
        severity=severity.text if severity else None,
        area_code=read_area(area, problems) if area else None,
    )


def _last_fits_all(
    nodes: tuple[Node, ...], rules: tuple[LimitRule, ...], severities: Collection[str], problems: Problems
) -> None:
    everywhere = {rule.severity for rule in rules if rule.area_code is None}
    if None not in everywhere and not set(severities) <= everywhere:
        message = _("No limit is left for some cases: let the last line stand without severity and area.")
        problems.add(nodes[-1], "limit_missing", message)
    for node, rule in zip(nodes[:-1], rules, strict=False):
        if rule.severity is None and rule.area_code is None:
            message = _("This line fits every case, so the lines below it are never reached: put it last.")
            problems.add(node, "limit_shadowed", message)


def _limit(node: Node, value: str | None, unit: str | None, problems: Problems) -> Limit:
    known = UNIT_SPELLINGS.get(unit or "")
    number = int(value) if value and value.isdecimal() and len(value) < 9 else 0
    if not unit and not value:
        _no_limit(node, problems)
    elif known is None:
        message = _("The unit “%(unit)s” of the limit is not known. Allowed: %(allowed)s.")
        problems.add(node, "unknown_unit", message % {"unit": unit or "", "allowed": listed(UNITS)})
    elif not 1 <= number <= LONGEST:
        message = _("A limit is a whole number from 1 to %(most)d, not “%(value)s”.")
        problems.add(node, "bad_number", message % {"most": LONGEST, "value": value or ""})
    return Limit(number or 1, known or LimitUnit.HOURS)


def _no_limit(node: Node, problems: Problems) -> None:
    message = _("A limit is a number and a unit, like “5 minutes”. Units: %s.")
    problems.add(node, "bad_limit", message % listed(UNITS))
