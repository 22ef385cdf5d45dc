"""Ids sort by age; a case code survives the telephone."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.base.canonical import canonical, digest
from gongzhi.base.ids import check_digit, clean_code, is_case_code, new_case_code, new_id, show_code

DIGITS = st.text("0123456789", min_size=12, max_size=12)


def test_ids_are_version_seven_and_sort_by_age() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert {i.version for i in made} == {7}
    assert {i.variant for i in made} == {uuid.RFC_4122}
    assert abs((made[0].int >> 80) - (made[-1].int >> 80)) < 1000


def test_the_check_digit_is_that_of_iso_7064_mod_11_10() -> None:
    assert check_digit("0794") == "5"  # the worked example of ISO/IEC 7064


def test_a_new_code_is_valid_and_shown_in_groups() -> None:
    code = new_case_code()
    assert is_case_code(code)
    assert [len(group) for group in show_code(code).split()] == [4, 4, 4, 1]


@given(DIGITS, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits: str, place: int, shift: int) -> None:
    code = digits + check_digit(digits)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    assert not is_case_code(wrong)


@pytest.mark.parametrize(
    "typed", ["8203 4471 9056 3", "8203-4471-9056-3", "８２０３　４４７１　９０５６　３"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert clean_code(typed) == "8203447190563"


def test_the_same_value_has_one_canonical_form() -> None:
    assert canonical({"b": 1, "a": ["共治"]}) == '{"a":["共治"],"b":1}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [1.5, {"a": [0.0]}, {1: "a"}])
def test_what_two_programs_print_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)
