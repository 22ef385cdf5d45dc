"""What the operator must mend before anything can be sealed."""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from gongzhi.trust import suites

PROBE = b"probe"


@register
def suite_can_be_used(**_: Any) -> list[CheckMessage]:
    """The chosen suite seals and opens on this machine."""
    suite, key = suites.SUITES[settings.GONGZHI_CRYPTO], bytes(suites.KEY_BYTES)
    try:
        if suites.open_sealed(key, suites.seal(suite, key, PROBE, b""), b"") == PROBE and suite.mac(
            key, PROBE
        ):
            return []
    except UnsupportedAlgorithm:
        pass
    return [
        Error(
            f"The {suite.name} suite does not work with this machine's OpenSSL.",
            hint="Install an OpenSSL with SM3 and SM4, or set GONGZHI_CRYPTO=international.",
            id="gongzhi.trust.E001",
        )
    ]
