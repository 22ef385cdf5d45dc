"""National division codes: 2 digits province, 4 city, 6 county, 9 township, 12 community (pure)."""

from gongzhi.territory.types import Level

FULL = 12
DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.COMMUNITY: 12}
_ABOVE = {
    Level.CITY: Level.PROVINCE,
    Level.COUNTY: Level.CITY,
    Level.TOWNSHIP: Level.COUNTY,
    Level.COMMUNITY: Level.TOWNSHIP,
}


def padded(code: str) -> str:
    """The code in twelve digits, as it is stored: 330122 → 330122000000."""
    return code.ljust(FULL, "0")


def trimmed(code: str, level: Level) -> str:
    """The significant digits of a code at its level: 330122000000 → 330122 for a county."""
    return code[: DIGITS[level]]


def level_of(code: str) -> Level:
    """The level a code speaks of by its length, or by its zeros when it is padded."""
    for level, digits in DIGITS.items():
        if len(code) == digits or (len(code) == FULL and not code[digits:].strip("0")):
            return level
    raise ValueError(code)


def parent_code(code: str, level: Level) -> str | None:
    """The padded code of the area above, or None for a province."""
    above = _ABOVE.get(level)
    return padded(code[: DIGITS[above]]) if above else None


def parent_level(level: Level) -> Level | None:
    """The level above; a grid stands in a community."""
    return Level.COMMUNITY if level is Level.GRID else _ABOVE.get(level)
