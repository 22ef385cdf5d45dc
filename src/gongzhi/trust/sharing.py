"""A secret split so that some of its shares together give it back, and fewer tell nothing (Shamir, SLIP-39)."""

from collections.abc import Sequence

from shamir_mnemonic import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.utils import MnemonicError

NEEDED = 2
MOST = 16  # what the share format allows


class NotEnough(Exception):
    """These shares do not give the secret back."""


def split(secret: bytes, shares: int, needed: int = NEEDED) -> list[bytes]:
    """Shares of a 32-byte secret, as words; any `needed` of them give it back."""
    if not needed <= shares <= MOST:
        raise ValueError(f"{shares} shares: from {needed} to {MOST} are possible")
    # The shares are sealed to their holders' keys, so stretching a passphrase here would only cost time.
    [group] = generate_mnemonics(1, [(needed, shares)], secret, iteration_exponent=0)
    return [words.encode() for words in group]


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret out of enough of its shares; `NotEnough` otherwise."""
    try:
        return bytes(combine_mnemonics([share.decode() for share in shares]))
    except (MnemonicError, UnicodeDecodeError) as error:
        raise NotEnough from error
