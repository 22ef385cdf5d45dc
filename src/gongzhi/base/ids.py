"""Identifiers: UUIDv7 for rows, a case code people can read over the phone, short receipt codes."""

import os
import secrets
import time
import uuid

CASE_CODE_DIGITS = 12


def new_id() -> uuid.UUID:
    """A UUIDv7: Unix milliseconds, 12 bits of the fraction (RFC 9562, 6.2, method 3), 62 random bits.

    Rows made one after the other by one process sort in that order, also within a millisecond.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return uuid.UUID(
        int=(milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random
    )


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of decimal digits."""
    remainder = 10
    for digit in digits:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)


def new_case_code() -> str:
    """Thirteen digits: twelve random ones and their check digit."""
    digits = "".join(secrets.choice("0123456789") for _ in range(CASE_CODE_DIGITS))
    return digits + check_digit(digits)


def clean_code(text: str) -> str:
    """The digits of a code as a person typed it: spaces, dashes and full-width digits are accepted."""
    return "".join(str(int(c)) for c in text if c.isdecimal())


def is_case_code(code: str) -> bool:
    """True if the thirteen digits carry the right check digit."""
    return len(code) == CASE_CODE_DIGITS + 1 and code.isdecimal() and check_digit(code[:-1]) == code[-1]


def show_code(code: str) -> str:
    """A code in groups of four, as it is printed and read out: `8203 4471 9056 3`."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
