"""What a reward comes to, in fen."""

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.programs.types import RewardGrade, TipRules


def reward_amount(rule: TipRules, grade: str, fines: int) -> int:
    """The grade's share of what was fined, at least its floor, at most the cap; parts of a fen are dropped."""
    found = grade_of(rule, grade)
    if fines < 0:
        raise Refused(_("An amount can't be negative."), code="bad_amount", field="fines")
    return min(max(fines * found.percent // 100, found.floor), rule.cap)


def needs_finance(rule: TipRules, amount: int) -> bool:
    """True from the amount on that finance must approve too."""
    return amount >= rule.finance_from


def grade_of(rule: TipRules, key: str) -> RewardGrade:
    """The grade of a rule by its key."""
    for grade in rule.grades:
        if grade.key == key:
            return grade
    raise Refused(_("There is no such grade."), code="bad_grade", field="grade")
