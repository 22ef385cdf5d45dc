"""Pure decisions about definitions: which rule dispatches, which limit fits, which kind a text speaks of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

from gongzhi.base.calendar import LOCAL
from gongzhi.programs.types import CaseKind, ClockProfile, DispatchRule, Limit

TOWNSHIP = "{township}"


def dispatch(kind: CaseKind, area_codes: tuple[str, ...], severity: str, at: datetime) -> DispatchRule | None:
    """The first rule that fits the place, the severity and the local time of day."""
    local = at.astimezone(LOCAL).time()
    for rule in kind.dispatch:
        if _fits(rule, area_codes, severity, local) and (placed := _placed(rule, area_codes)) is not None:
            return placed
    return None


def limit_for(clock: ClockProfile, severity: str, area_codes: tuple[str, ...]) -> Limit:
    """The first limit that fits; the loader makes sure that one always does."""
    for rule in clock.limits:
        if rule.severity in (None, severity) and (
            rule.area_code is None or _inside(area_codes, rule.area_code)
        ):
            return rule.limit
    return clock.limits[-1].limit


def suggest(text: str, kinds: Iterable[CaseKind]) -> CaseKind | None:
    """The kind whose keywords the text has most of; a longer keyword says more, and urgent kinds win a draw."""
    said = text.lower()
    scored = [(_weight(said, kind), kind.urgent, kind) for kind in kinds]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    return best[2] if best is not None and best[0] else None


def _weight(said: str, kind: CaseKind) -> int:
    return sum(len(word) for word in {word.lower() for word in kind.keywords} if word in said)


def _fits(rule: DispatchRule, area_codes: tuple[str, ...], severity: str, local: time) -> bool:
    here = not rule.areas or any(_inside(area_codes, area) for area in rule.areas)
    grave = not rule.severities or severity in rule.severities
    return here and grave and (rule.hours is None or _within(local, *rule.hours))


def _inside(area_codes: tuple[str, ...], prefix: str) -> bool:
    return any(code.startswith(prefix) for code in area_codes)


def _within(local: time, begin: time, end: time) -> bool:
    return begin <= local < end if begin < end else local >= begin or local < end


def _placed(rule: DispatchRule, area_codes: tuple[str, ...]) -> DispatchRule | None:
    """The rule with its township filled in; None if it needs one and the place is not known that well."""
    codes = (rule.lead, *rule.supporting, *rule.must_support)
    if not any(TOWNSHIP in code for code in codes):
        return rule
    township = next((code[:9] for code in area_codes if len(code) >= 9 and code[6:9] != "000"), "")
    if not township and TOWNSHIP in rule.lead:
        return None
    return replace(
        rule,
        lead=rule.lead.replace(TOWNSHIP, township),
        supporting=_filled_in(rule.supporting, township),
        must_support=_filled_in(rule.must_support, township),
    )


def _filled_in(codes: tuple[str, ...], township: str) -> tuple[str, ...]:
    """The codes with the township in its place; without one, those that need it are left out."""
    return tuple(code.replace(TOWNSHIP, township) for code in codes if township or TOWNSHIP not in code)
