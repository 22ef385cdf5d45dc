"""What the operator should know about notices before opening for business."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register(deploy=True)
def mail_goes_nowhere(**_: Any) -> list[CheckMessage]:
    """With the console backend nothing is mailed, though every mail counts as sent."""
    if settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        return []
    return [
        Warning(
            "E-mail is not set up: notices reach people in the app only.",
            hint="Set GONGZHI_EMAIL_HOST (and GONGZHI_EMAIL_PORT, _USER, _PASSWORD, _TLS, _FROM).",
            id="gongzhi.notices.W001",
        )
    ]
