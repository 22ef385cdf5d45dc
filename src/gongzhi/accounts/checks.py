"""What the operator should know about accounts before opening for business."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from gongzhi.accounts.demo import PASSWORD_FILE


@register(Tags.security, deploy=True)
def demo_password_left_behind(**_: Any) -> list[CheckMessage]:
    """A cell that real people use should not open to the demo sign-ins."""
    path = Path(settings.GONGZHI_DATA) / PASSWORD_FILE
    if not path.exists():
        return []
    return [
        Warning(
            f"{path} exists: the demo sign-ins may be open.",
            hint="Close the demo accounts and delete the file before real people use this cell.",
            id="gongzhi.accounts.W001",
        )
    ]
