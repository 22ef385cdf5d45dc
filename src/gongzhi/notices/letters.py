"""From a stored notice to words, in the language that is active."""

from django.utils.translation import gettext as _

from gongzhi.notices import texts
from gongzhi.notices.models import Notice
from gongzhi.notices.types import Letter


def letter(notice: Notice, *, key: str) -> Letter:
    """A notice in words, marked when it was handed on and when it is only a drill."""
    title, words = texts.write(notice.template, notice.params, notice.created_at)
    if notice.passed_on:
        words = _("Passed on to you because nobody confirmed it in time: ") + words
    if notice.drill:
        title = _("[Drill] ") + title
    return Letter(key, title, words, notice.params.get(texts.LINK, ""))
