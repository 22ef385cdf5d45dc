import logging
import sys

import pytest

from gongzhi.config.logs import Line


def written(message: str, *values: object, error: bool = False) -> str:
    told = sys.exc_info() if error else None
    return Line().format(logging.LogRecord("gongzhi.x", logging.WARNING, "", 1, message, values, told))


@pytest.mark.parametrize("trick", ["\n", "\r", "\x1b[2J", "\x00", "\u2028", "\x85"])
def test_nobody_writes_a_line_of_their_own_into_the_log(trick):
    line = written("GET %s failed", f"/a{trick}2026-01-01 ERROR forged")
    assert trick not in line
    assert len(line.splitlines()) == 1


def test_the_words_of_an_error_can_not_pass_for_a_line():
    try:
        raise ValueError("x\n2026-01-01 ERROR forged")
    except ValueError:
        lines = written("broken", error=True).splitlines()
    assert all(line.startswith("    ") for line in lines[1:])
    assert any("forged" in line for line in lines)


def test_a_line_says_when_in_utc():
    assert "+00:00 WARNING gongzhi.x hello" in written("hello")
    assert "关键" in written("关键")
