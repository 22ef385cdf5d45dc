"""When a delivery is tried again."""

from datetime import timedelta

from gongzhi.notices.rules import next_attempt
from tests.accounts.county import NOW


def test_it_waits_longer_each_time_and_stops_after_the_fifth_attempt():
    waits = [next_attempt(attempts, NOW) for attempts in range(1, 6)]
    minutes = [1, 5, 30, 120]
    assert waits == [*(NOW + timedelta(minutes=m) for m in minutes), None]
