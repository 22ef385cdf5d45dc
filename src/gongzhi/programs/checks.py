"""Tells the operator before the start when the programs can't be found."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext as _


@register
def programs_folder_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The folder of program files exists and has a program in it."""
    folder = getattr(settings, "GONGZHI_PROGRAMS", None)
    if folder is None or any(folder.glob("*/program.yaml")):
        return []
    hint = _("Point GONGZHI_PROGRAMS at the folder that has linkage, emergency and hazards in it.")
    return [Error(_("No programs in %s.") % folder, hint=hint, id="programs.E001")]
