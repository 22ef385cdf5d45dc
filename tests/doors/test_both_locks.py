"""The rule is written twice, in Python and in SQL; here the two are held against each other."""

import random

from django.contrib.auth import get_user_model
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import OPERATIONAL_ROLES, Grant, Scope
from gongzhi.base.bounds import NOTHING, bounded
from gongzhi.base.ids import new_id
from gongzhi.cases import queries
from gongzhi.cases.models import CaseRecord, CaseStep, CaseTask
from gongzhi.cases.queries.visibility import visible
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level, Point
from gongzhi.trust.models import Consent
from tests.cases.conftest import MINUTE, NOW, Town
from tests.cases.test_support import ask, somebody

PLACES = (
    Point(119.69, 29.80),
    Point(119.6726, 29.6751),
    Point(119.5584, 29.8385),
    Point(119.8316, 29.8293),
    None,
)
AGENCIES = ("urban_management", "fire", "police")


def many_cases(town: Town) -> None:
    """In several townships and nowhere; given to several agencies, to a person, or to nobody yet."""
    from gongzhi.cases import operations

    for number, place in enumerate(PLACES * 4):
        code = town.accepted(8000 + number, place=place)
        if number % 4:
            lead = town.organisation(AGENCIES[number % 3])
            [task] = operations.assign_case(case=code, lead=lead, by=town.people.dispatcher, now=NOW + MINUTE)
            if number % 5 == 0 and AGENCIES[number % 3] == "urban_management":
                person = town.people.gridworker.person_id
                operations.delegate_task(
                    case=code, task=task, person=person, by=town.people.handler, now=NOW + 2 * MINUTE
                )


def support_cases() -> list[str]:
    """Codes: one that the team has not taken up, one that a worker made theirs, one that has ended."""
    from gongzhi.cases import operations

    waiting, taken, ended = (ask(number).case_code for number in (1, 2, 3))
    worker = somebody("socialworker")
    for code in (taken, ended):
        operations.take_up_support(case=code, by=worker, now=NOW)
    operations.end_support(case=ended, by=worker, now=NOW + MINUTE)
    return [waiting, taken, ended]


def first_lock(scope: Scope) -> set[object]:
    return set(visible(scope).values_list("pk", flat=True))


def second_lock(scope: Scope) -> set[object]:
    with bounded(scope.bounds):
        return set(CaseRecord.objects.values_list("pk", flat=True))


def at_random(seed: int) -> Scope:
    """Some person with some grants somewhere."""
    dice = random.Random(seed)
    levels = [areas for level in Level if (areas := territory.areas_at(level))]
    organisations = [o.id for code in AGENCIES if (o := accounts.organisation_by_code(code))]
    chosen = [dice.choice(dice.choice(levels)) for _ in range(dice.randint(0, 3))]
    grants = tuple(
        Grant(dice.choice(sorted(OPERATIONAL_ROLES)), dice.choice(organisations), area.id, area.level.value)
        for area in chosen
    )
    return Scope(new_id(), "", grants)


def test_both_locks_let_everybody_see_the_same_cases(town: Town) -> None:
    many_cases(town)
    sizes = set()
    for person in get_user_model().objects.all():
        scope = accounts.scope_of(person.pk, timezone.localdate(NOW))
        assert first_lock(scope) == second_lock(scope), person.username
        sizes.add(len(first_lock(scope)))
    assert len(sizes) >= 4  # nothing, a part, another part, everything: the comparison compares something


def test_both_locks_agree_for_any_mixture_of_grants(town: Town) -> None:
    many_cases(town)
    sizes = set()
    for seed in range(120):
        scope = at_random(seed)
        assert first_lock(scope) == second_lock(scope), seed
        sizes.add(len(first_lock(scope)))
    assert len(sizes) >= 5


def test_both_locks_keep_support_cases_to_their_workers(town: Town) -> None:
    codes = support_cases()
    everybody = {}
    for person in get_user_model().objects.all():
        scope = accounts.scope_of(person.pk, timezone.localdate(NOW))
        assert first_lock(scope) == second_lock(scope), person.username
        with bounded(scope.bounds):
            seen = CaseRecord.objects.filter(assigned_only=True)
            steps = CaseStep.objects.filter(case__code__in=codes).values_list("case__code", flat=True)
            consents = Consent.objects.values_list("ref", flat=True).distinct().count()
            everybody[person.username] = set(seen.values_list("code", flat=True))
            assert set(steps) == everybody[person.username], person.username
            assert consents == len(everybody[person.username]), person.username
    assert everybody["socialworker"] == set(codes[:2])
    assert everybody["dispatcher"] == everybody["head"] == everybody["verifier"] == set()


def test_lists_hold_what_both_locks_let_through(town: Town) -> None:
    many_cases(town)
    for seed in range(120):
        scope = at_random(seed)
        with bounded(scope.bounds):
            assert listed(scope) == first_lock(scope), seed


def test_neither_lock_alone_opens_a_list(town: Town) -> None:
    many_cases(town)
    for seed in range(0, 120, 2):
        one, other = at_random(seed), at_random(seed + 1)
        with bounded(other.bounds):
            assert listed(one) == first_lock(one) & first_lock(other), seed
            assert counted(one) == len(first_lock(one) & first_lock(other)), seed


def listed(scope: Scope) -> set[object]:
    return {row.id for row in queries.all_rows(scope, queries.QueueFilters(tab="all"), NOW)}


def counted(scope: Scope) -> int:
    return queries.queue(scope, queries.QueueFilters(tab="all"), NOW).total


def test_what_hangs_on_a_case_is_seen_with_it(town: Town) -> None:
    many_cases(town)
    for name in ("handler", "handler2", "gridworker", "gridworker2", "head.330122001"):
        person = accounts.person_by_username(name)
        if person is None:
            continue
        scope = accounts.scope_of(person.id, timezone.localdate(NOW))
        expected = set(CaseTask.objects.filter(case__in=first_lock(scope)).values_list("pk", flat=True))
        with bounded(scope.bounds):
            assert set(CaseTask.objects.values_list("pk", flat=True)) == expected, name


def test_nobody_sees_nothing(town: Town) -> None:
    many_cases(town)
    with bounded(NOTHING):
        assert not CaseRecord.objects.exists()
