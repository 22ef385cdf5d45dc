"""How long it takes to find what may be the same matter as a new report, among all cases of a big county."""

import time
from collections.abc import Callable, Iterator
from math import ceil

from bench import dataset
from bench.figure import Figure

ASKED = 200
WORDS = "路灯不亮"


def measure() -> Iterator[Figure]:
    """For a resident about to send, with words opened and compared; held against reading as many cases by their keys."""
    with dataset.county():
        from gongzhi.base.bounds import EVERYTHING, bounded
        from gongzhi.cases import queries
        from gongzhi.cases.models import CaseRecord
        from gongzhi.territory.types import Point

        with bounded(EVERYTHING):
            yield Figure("cases in the county", CaseRecord.objects.count(), "cases", aim="1,000,000")
            newest = CaseRecord.objects.filter(lat_e7__isnull=False).order_by("-reported_at")[
                : ASKED * 20 : 20
            ]
            asked = [(Point(r.lon_e7 / 1e7, r.lat_e7 / 1e7), r.kind, r.id) for r in newest]
            keys = [_ms(lambda one=one: CaseRecord.objects.get(pk=one[2])) for one in asked]
        queries.similar(asked[0][0], asked[0][1], WORDS, dataset.NOW)
        taken, found = [], 0
        for point, kind, _id in asked:
            began = time.perf_counter()
            found += len(queries.similar(point, kind, WORDS, dataset.NOW))
            taken.append((time.perf_counter() - began) * 1000)
        yield Figure("shown, of three at most", found / len(asked), "")
        yield Figure("similar reports: p50", _at(taken, 50), "ms", ceiling=_at(keys, 50))
        yield Figure("similar reports: p95", _at(taken, 95), "ms", ceiling=_at(keys, 95), aim="<= 20 ms")


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _at(taken: list[float], percent: int) -> float:
    return sorted(taken)[ceil(len(taken) * percent / 100) - 1]
