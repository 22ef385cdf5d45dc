"""Why each kind of content is held; a content can't be sealed under a purpose that isn't declared here.

Retention periods are this project's own defaults, to be confirmed by each county: no national figure was found.
They are kept: `cases.operations.erase_due` erases every night what its purpose does not need any more.
"""

from django.utils.translation import gettext_noop as _

from gongzhi.trust.types import Purpose

_DUTY = _("statutory duty (PIPL art. 13(3), 34)")
_CONSENT = _("consent of the person or the guardian (PIPL art. 13(1), 29–31)")

PURPOSES = {
    p.key: p
    for p in (
        Purpose("report", _("understand and handle what was reported"), _DUTY, 3 * 365, "conditional"),
        Purpose("contact", _("reach the reporter about this matter and nothing else"), _DUTY, 90, "none"),
        Purpose("handling", _("record how the matter was handled"), _DUTY, 5 * 365, "conditional"),
        Purpose("reply", _("answer the reporter"), _DUTY, 3 * 365, "conditional"),
        Purpose("support", _("help the person as agreed, and nothing else"), _CONSENT, 30, "none"),
        Purpose("evidence", _("show what was found and what was done"), _DUTY, 3 * 365, "conditional"),
    )
}
