"""What levels are called in sentences."""

from django.utils.translation import gettext as _

from gongzhi.territory.types import Level


def level_word(level: Level) -> str:
    """The level in the user's language: 乡镇（街道）, township."""
    return {
        Level.PROVINCE: _("province"),
        Level.CITY: _("city"),
        Level.COUNTY: _("county"),
        Level.TOWNSHIP: _("township"),
        Level.COMMUNITY: _("community"),
        Level.GRID: _("grid"),
    }[level]
