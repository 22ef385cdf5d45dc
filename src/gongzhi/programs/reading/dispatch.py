"""Dispatch rules: which agency leads and which support, by area, severity and time of day, each with its reason."""

import re
from collections.abc import Collection
from datetime import time

from django.utils.translation import gettext as _

from gongzhi.programs.reading.clocks import read_area
from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems, listed, meant
from gongzhi.programs.reading.section import Section, plain_text, shown
from gongzhi.programs.types import DispatchRule

RULE_KEYS = ("lead", "supporting", "must_support", "reason", "areas", "severities", "hours")
TOWNSHIP = "{township}"  # replaced by the nine-digit code of the township the case is in
HOURS = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–~至]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_dispatch(
    items: tuple[Node, ...],
    severities: Collection[str],
    organisations: Collection[str] | None,
    problems: Problems,
) -> tuple[DispatchRule, ...]:
    """The rules in order; the first that fits a case is taken."""
    rules = tuple(_rule(item, severities, organisations, problems) for item in items)
    for item, rule in zip(items[:-1], rules, strict=False):
        if not (rule.areas or rule.severities or rule.hours or TOWNSHIP in rule.lead):
            message = _("This rule fits every case, so the rules below it are never reached: put it last.")
            problems.add(item, "rule_shadowed", message)
    return rules


def _rule(
    node: Node, severities: Collection[str], organisations: Collection[str] | None, problems: Problems
) -> DispatchRule:
    section = Section(node, problems, RULE_KEYS, required=("lead", "reason"))
    lead = section.get("lead")
    return DispatchRule(
        lead=_organisation(lead, organisations, problems) if lead else "",
        reason=section.words("reason"),
        supporting=section.each("supporting", lambda item: _organisation(item, organisations, problems)),
        must_support=section.each("must_support", lambda item: _organisation(item, organisations, problems)),
        areas=section.each("areas", lambda item: read_area(item, problems)),
        severities=section.each("severities", lambda item: _severity(item, severities, problems)),
        hours=_hours(section),
    )


def _organisation(node: Node, organisations: Collection[str] | None, problems: Problems) -> str:
    code = plain_text(
        node, problems, "", r"[a-z][a-z0-9_]*(\.([a-z0-9_]+|\{township\}))*", "urban_management"
    )
    if code and organisations is not None and TOWNSHIP not in code and code not in organisations:
        message = _("There is no organisation with the code “%(code)s”.%(meant)s Known: %(known)s.")
        params = {"code": code, "meant": meant(code, organisations), "known": listed(sorted(organisations))}
        problems.add(node, "unknown_organisation", message % params)
    return code


def _severity(node: Node, severities: Collection[str], problems: Problems) -> str:
    if node.text not in severities:
        message = _("This kind has no severity “%(value)s”.%(meant)s It has: %(allowed)s.")
        said = shown(node)
        params = {"value": said, "meant": meant(said, severities), "allowed": listed(severities)}
        problems.add(node, "unknown_severity", message % params)
    return node.text or ""


def _hours(section: Section) -> tuple[time, time] | None:
    node = section.get("hours")
    if node is None:
        return None
    match = HOURS.fullmatch((node.text or "").strip())
    if match is None:
        section.problems.add(
            node, "bad_hours", _("“%s” are no hours: write them as 18:00-08:30.") % shown(node)
        )
        return None
    begin, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if begin == end:
        section.problems.add(
            node,
            "bad_hours",
            _("These hours begin and end at the same minute: leave “hours” out for all day."),
        )
    return begin, end
