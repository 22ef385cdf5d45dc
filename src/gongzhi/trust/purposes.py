"""Why each kind of content is held; a content can't be sealed under a purpose that isn't declared here.

Retention periods are this project's own defaults, to be confirmed by each county: no national figure was found.
"""

from gongzhi.trust.types import Purpose

_DUTY = "statutory duty (PIPL art. 13(3), 34)"

PURPOSES = {
    p.key: p
    for p in (
        Purpose("report", "understand and handle what was reported", _DUTY, 3 * 365, "conditional"),
        Purpose("contact", "reach the reporter about this matter and nothing else", _DUTY, 90, "none"),
        Purpose("handling", "record how the matter was handled", _DUTY, 5 * 365, "conditional"),
        Purpose("reply", "answer the reporter", _DUTY, 3 * 365, "conditional"),
        Purpose("evidence", "show what was found and what was done", _DUTY, 3 * 365, "conditional"),
    )
}
