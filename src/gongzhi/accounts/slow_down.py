"""Guessing is slowed down, per name and per address, over all processes of the cell.

The try is counted before the password is looked at and the door is shut in the same locked step, so guesses sent side
by side are counted too. Known and unknown names are treated alike. Nobody is locked out for ever, and a browser in
which the owner signed in before has a counter of its own, which strangers can't use up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gongzhi.accounts.models import SignInTry
from gongzhi.accounts.rules import FORGET_AFTER, FREE_TRIES, FREE_TRIES_PER_ADDRESS, wait_after
from gongzhi.base.ids import new_id
from gongzhi.trust.crypto import keyed_digest

OPEN = timedelta(0)


@dataclass(frozen=True, slots=True)
class Guess:
    """What is counted together: tries at one name, or tries from one address."""

    what: str
    whose: str
    free: int = FREE_TRIES
    lasting: bool = True  # remembered until an hour of quiet; else for an hour from the first try

    @property
    def digest(self) -> bytes:
        """How it is kept: without the installation's key nobody can tell the name or the address."""
        return keyed_digest(f"slow_down.{self.what}", self.whose.encode(errors="replace"))


def from_address(address: str) -> Guess:
    """All failures from one address in an hour; an office behind one address has more of them, and no quiet hour."""
    return Guess("address", address, FREE_TRIES_PER_ADDRESS, lasting=False)


@transaction.atomic
def take_try(guesses: Iterable[Guess], *, now: datetime) -> timedelta:
    """Use up one try of each; the answer is how long to wait, and no time at all if the try may go ahead."""
    rows = [(guess, _locked(guess, now)) for guess in sorted(guesses, key=lambda guess: guess.digest)]
    waits = [row.closed_until - now for _, row in rows if row.closed_until and row.closed_until > now]
    if waits:
        return max(waits)
    for guess, row in rows:
        _count(guess, row, now)
    return OPEN


def closed_for(guesses: Iterable[Guess], *, now: datetime) -> timedelta:
    """How long these doors stay shut; no time at all if one may try."""
    rows = SignInTry.objects.filter(digest__in=[guess.digest for guess in guesses], closed_until__gt=now)
    return max((row.closed_until - now for row in rows if row.closed_until), default=OPEN)


def forget(guesses: Iterable[Guess], *, now: datetime) -> None:
    """The right answer was given: start counting anew, and sweep out what nobody needs any more."""
    SignInTry.objects.filter(digest__in=[guess.digest for guess in guesses]).delete()
    SignInTry.objects.filter(forget_at__lt=now).delete()


@transaction.atomic
def give_back(guess: Guess) -> None:
    """The right answer was given: this try was no guess. Those before it still count."""
    row = SignInTry.objects.select_for_update().filter(digest=guess.digest, tries__gt=0).first()
    if row is not None:
        row.tries -= 1
        if row.tries < guess.free:
            row.closed_until = None
        row.save(update_fields=["tries", "closed_until"])


def _locked(guess: Guess, now: datetime) -> SignInTry:
    fresh = SignInTry(id=new_id(), digest=guess.digest, forget_at=now + FORGET_AFTER)
    SignInTry.objects.bulk_create([fresh], ignore_conflicts=True)
    row = SignInTry.objects.select_for_update().get(digest=guess.digest)
    if row.forget_at <= now:
        row.tries, row.closed_until = 0, None
    return row


def _count(guess: Guess, row: SignInTry, now: datetime) -> None:
    row.tries += 1
    wait = wait_after(row.tries, guess.free)
    row.closed_until = now + wait if wait else None
    if guess.lasting or row.tries == 1:
        row.forget_at = now + FORGET_AFTER
    row.forget_at = max(row.forget_at, row.closed_until or row.forget_at)
    row.save(update_fields=["tries", "closed_until", "forget_at"])
