"""Matters and places, never people: nothing in the tables rates, ranks or follows a person."""

import re

from django.apps import apps
from django.db import models

from gongzhi.base.personal import Personal
from tests.repository.source import PARTS

RATING = re.compile(
    r"(^|_)(score|scores|rank|ranking|rating|credit|points|risk|trustworthiness|efficiency)(_|$)"
)
PLACE = re.compile(
    r"(^|_)(lon|lat|lng|longitude|latitude|position|location|coordinates|track|gps|geom|point)(_|$)"
)
WORKING = re.compile(r"(^|_)(mileage|online_minutes|sign_ins|punch|attendance|steps_walked|last_seen)(_|$)")
PERSON_LEVEL = re.compile(r"(person|worker|user|resident|reporter|staff)\w*_(level|grade|tier|class)$")
NAMES_A_PERSON = re.compile(
    r"(^|_)(username|display_name|real_name|phone|telephone|mobile|email|address|contact|id_number|place_text|sealed)(_|$)"
)


def _ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in PARTS]


def _fields(*patterns: re.Pattern[str], among: list[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in among
        for field in model._meta.concrete_fields
        if any(pattern.search(field.name) for pattern in patterns)
    ]


def _about_people() -> list[type[models.Model]]:
    person = apps.get_model("accounts", "Person")
    return [
        model
        for model in _ours()
        if model is person
        or any(field.related_model is person for field in model._meta.concrete_fields if field.is_relation)
    ]


def test_no_table_holds_a_rating_of_anything_that_could_be_a_person():
    assert _fields(RATING, WORKING, PERSON_LEVEL, among=_ours()) == []


def test_no_row_about_a_person_has_a_place_on_the_map():
    assert _about_people()
    assert _fields(PLACE, among=_about_people()) == []


def test_only_matters_and_areas_have_a_place_on_the_map():
    parts = {name.split(".")[0] for name in _fields(PLACE, among=_ours())}
    assert parts <= {"cases", "territory"}


def test_every_personal_field_says_why_we_hold_it():
    undeclared = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in model._meta.concrete_fields
        if NAMES_A_PERSON.search(field.name) and _holds_words(field) and field.name not in _declared(model)
    ]
    assert undeclared == []


def test_every_declaration_is_complete_and_about_a_real_field():
    for model in _ours():
        names = {field.name for field in model._meta.concrete_fields}
        for name, declared in _declared(model).items():
            assert name in names, f"{model._meta.label} declares {name}, which is no field"
            assert declared.purpose, f"{model._meta.label}.{name} has no purpose"
            assert declared.basis, f"{model._meta.label}.{name} has no lawful basis"
            assert declared.retention, f"{model._meta.label}.{name} has no retention"
            assert declared.sharing in ("none", "conditional", "unconditional")


def _holds_words(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField | models.BinaryField | models.JSONField)


def _declared(model: type[models.Model]) -> dict[str, Personal]:
    return getattr(model, "personal", {})
