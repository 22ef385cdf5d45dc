"""Who has a limit: a hotline's desk reports for many and has none."""

import ipaddress

import pytest
from django.test import RequestFactory

from gongzhi.base.address import limit_for
from gongzhi.config.environment import EnvironmentProblem, read

FREE = (ipaddress.ip_network("10.20.0.0/16"), ipaddress.ip_network("2001:db8:7::/48"))


@pytest.mark.parametrize(
    ("caller", "limit"),
    [
        ("10.20.3.4", 0),
        ("2001:db8:7:1::9", 0),
        ("10.21.3.4", 300),
        ("2001:db8:8::1", 300),
        ("not an address", 300),
    ],
)
def test_only_the_addresses_named_have_no_limit(caller: str, limit: int) -> None:
    assert limit_for(RequestFactory().get("/", REMOTE_ADDR=caller), 300, FREE) == limit


def test_a_caller_can_not_name_itself_the_hotline() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR="10.20.3.4")
    assert limit_for(request, 300, FREE) == 300


def test_the_setting_is_read_as_networks_and_refused_when_it_is_none(tmp_path) -> None:
    told = {"GONGZHI_DATA": str(tmp_path), "GONGZHI_HOTLINE_ADDRESSES": "10.20.0.0/16, 192.0.2.7"}
    assert [str(one) for one in read(told).hotline_addresses] == ["10.20.0.0/16", "192.0.2.7/32"]
    with pytest.raises(EnvironmentProblem, match="GONGZHI_HOTLINE_ADDRESSES"):
        read({**told, "GONGZHI_HOTLINE_ADDRESSES": "the desk"})
