"""What is wrong with a field, as a sentence: from the validator's own codes to words a person can act on."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongzhi.exchange.shapes.names import STEP_NAMES

Fault = Mapping[str, Any]

# Our own code for each fault, which does not change with the validator's version, and its sentence.
SENTENCES: Mapping[str, Promise] = {
    "missing": lazy("%(field)s is missing."),
    "unknown_field": lazy("%(field)s is not known here. Check how it is written, or leave it out."),
    "bad_characters": lazy(
        "%(field)s holds characters that can't be stored (such as a NUL or half a character)."
    ),
    "too_long": lazy("%(field)s is too long: at most %(max_length)s characters."),
    "too_many": lazy("%(field)s holds too many: at most %(max_length)s."),
    "too_small": lazy("%(field)s must be at least %(ge)s."),
    "too_large": lazy("%(field)s must be at most %(le)s."),
    "not_text": lazy("%(field)s must be text."),
    "not_number": lazy("%(field)s must be a number."),
    "not_whole": lazy("%(field)s must be a whole number."),
    "not_yes_no": lazy("%(field)s must be true or false."),
    "not_object": lazy("%(field)s must be a JSON object."),
    "not_list": lazy("%(field)s must be a list."),
    "not_uuid": lazy("%(field)s must be a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057."),
    "not_moment": lazy(
        "%(field)s must be a date and time with its offset, such as 2026-03-02T08:30:00+08:00."
    ),
    "out_of_time": lazy("%(field)s must lie in the years %(ge)s to %(le)s."),
    "not_a_choice": lazy("%(field)s must be one of: %(expected)s."),
    "unknown_step": lazy("step must be one of: %(expected_tags)s."),
    "no_step": lazy("Say in “step” which step to take."),
    "not_right": lazy("%(field)s is not right."),
}
CODES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "bad_characters": "bad_characters",
    "out_of_time": "out_of_time",
    "string_unicode": "bad_characters",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "string_type": "not_text",
    "float_type": "not_number",
    "float_parsing": "not_number",
    "finite_number": "not_number",
    "int_type": "not_whole",
    "int_parsing": "not_whole",
    "int_parsing_size": "not_whole",
    "int_from_float": "not_whole",
    "bool_type": "not_yes_no",
    "bool_parsing": "not_yes_no",
    "model_type": "not_object",
    "model_attributes_type": "not_object",
    "dict_type": "not_object",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "union_tag_invalid": "unknown_step",
    "union_tag_not_found": "no_step",
    "timezone_aware": "not_moment",
}
FAMILIES = (("uuid", "not_uuid"), ("datetime", "not_moment"), ("date", "not_moment"))


def code_of(fault: Fault) -> str:
    """Our code for a fault."""
    family = next((code for start, code in FAMILIES if fault["type"].startswith(start)), "not_right")
    return CODES.get(fault["type"], family)


def field_of(fault: Fault) -> str:
    """Which field is meant, as a path: `location.lon`; empty for the body itself."""
    if code_of(fault) in ("no_step", "unknown_step"):
        return "step"
    parts = [str(part) for part in fault["loc"]]
    inside = parts[2:] if parts[:1] == ["body"] else parts[1:]
    if (
        inside and inside[0] in STEP_NAMES
    ):  # the validator names the variant of the union; callers never see it
        inside = inside[1:]
    return ".".join(inside)


def sentence(fault: Fault) -> str:
    """One fault in words."""
    field = field_of(fault) or _("The body")
    return str(SENTENCES[code_of(fault)]) % {"field": field, **_facts(fault)}


def _facts(fault: Fault) -> dict[str, str]:
    return {
        name: str(value).replace("'", "").replace(" or ", ", ")
        for name, value in fault.get("ctx", {}).items()
    }
