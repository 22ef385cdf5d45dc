"""What the operator must mend before photos can be kept."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def folder_can_be_written(**_: Any) -> list[CheckMessage]:
    """Photos need a folder this process may write."""
    folder = Path(settings.GONGZHI_DATA)
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"Photos can't be kept: no permission to write {nearest}.",
            hint="Give the folder to the user that runs Gongzhi, or set GONGZHI_DATA to another one.",
            id="gongzhi.files.E001",
        )
    ]
