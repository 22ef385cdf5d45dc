"""How every replay ends: is the ledger whole, and do the rows say what it says?"""

from collections.abc import Callable

from gongzhi.base.bounds import EVERYTHING, bounded
from gongzhi.cases import verification

SHOWN = 10


def verified(say: Callable[[str], None]) -> bool:
    """Check every chain and every row, and say how many were wrong."""
    with bounded(EVERYTHING):
        chains, rows = verification.verify_all(), verification.rebuild_all(fix=False)
    for problem in [*chains.problems, *rows.problems][:SHOWN]:
        say(f"! {problem}")
    say(f"verify: {chains.cases} cases, {chains.steps} steps, {len(chains.problems)} problems")
    say(f"rebuild: {rows.cases} cases, {len(rows.problems)} differences")
    return chains.clean and rows.clean
