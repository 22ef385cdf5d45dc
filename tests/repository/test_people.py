"""Matters and places, never people: nothing in the tables rates, ranks or follows a person."""

import re

from django.apps import apps
from django.apps.registry import Apps
from django.db import models
from django.utils import translation

from gongzhi.base.personal import Personal
from gongzhi.programs.loader import read_folder
from gongzhi.trust.purposes import PURPOSES
from tests.repository.not_personal import FIELDS, LIBRARIES, RULES
from tests.repository.source import PARTS, REPOSITORY

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


def test_every_field_that_could_hold_something_about_a_person_is_declared_or_listed_with_a_reason():
    unclassified = [
        label
        for model in _ours()
        for field in model._meta.concrete_fields
        if (label := f"{model._meta.label}.{field.name}")
        and _could_be_personal(field)
        and field.name not in _declared(model)
        and not _reason(label, field.name)
    ]
    assert unclassified == []


def test_a_field_whose_name_says_person_can_not_be_listed_away():
    listed = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in model._meta.concrete_fields
        if NAMES_A_PERSON.search(field.name) and _holds_words(field) and field.name not in _declared(model)
    ]
    assert listed == []


def test_the_list_of_what_is_not_personal_names_only_fields_there_are():
    there = {f"{m._meta.label}.{f.name}" for m in _ours() for f in m._meta.concrete_fields}
    declared = {f"{m._meta.label}.{name}" for m in _ours() for name in _declared(m)}
    assert set(FIELDS) - there == set()
    assert set(FIELDS) & declared == set()
    assert all(len(reason) >= 5 for reason in FIELDS.values())


def test_every_library_with_tables_is_accounted_for():
    foreign = {model._meta.app_label for model in apps.get_models()} - set(PARTS)
    assert foreign - set(LIBRARIES) == set()


class _Undeclared(models.Model):
    """A table somebody adds in a hurry: what the test above is there to find."""

    nickname = models.CharField(max_length=40)
    wechat = models.TextField()
    keeper = models.ForeignKey("accounts.Person", on_delete=models.CASCADE)
    tags = models.JSONField()
    door = models.CharField(max_length=1, choices=[("a", "a")])
    made_by = models.CharField(max_length=80)

    class Meta:
        app_label = "tests_only"
        apps = Apps()


def test_a_hurried_table_would_be_found():
    found = {
        field.name
        for field in _Undeclared._meta.concrete_fields
        if _could_be_personal(field) and not _reason(f"tests_only._Undeclared.{field.name}", field.name)
    }
    assert found == {"nickname", "wechat", "keeper", "tags"}


def test_every_declaration_is_complete_and_about_a_real_field():
    for model in _ours():
        names = {field.name for field in model._meta.concrete_fields}
        for name, declared in _declared(model).items():
            assert name in names, f"{model._meta.label} declares {name}, which is no field"
            assert declared.purpose, f"{model._meta.label}.{name} has no purpose"
            assert declared.basis, f"{model._meta.label}.{name} has no lawful basis"
            assert declared.retention, f"{model._meta.label}.{name} has no retention"
            assert declared.what, f"{model._meta.label}.{name} has no name residents would know"
            assert declared.sharing in ("none", "conditional", "unconditional")


def test_every_declaration_can_be_read_in_chinese():
    words = {
        said
        for model in _ours()
        for declared in _declared(model).values()
        for said in (declared.purpose, declared.basis, declared.retention, declared.what)
    }
    words |= {said for purpose in PURPOSES.values() for said in (purpose.purpose, purpose.basis)}
    with translation.override("zh-hans"):
        assert sorted(said for said in words if translation.gettext(said) == said) == []


def test_every_personal_question_of_a_program_is_declared_whole():
    questions = [
        (f"{kind.key}.{asked.name}", asked)
        for kind in read_folder(REPOSITORY / "programs").kinds
        for asked in kind.form
    ]
    assert questions
    for name, asked in questions:
        said = asked.declared
        assert (said is not None) == asked.personal, name
        assert said is None or (said.purpose and said.basis and said.retention), name


def _holds_words(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField | models.BinaryField | models.JSONField)


def _could_be_personal(field: models.Field) -> bool:
    """Words, bytes, JSON, files, addresses, and whatever points to somebody; not choices, numbers and times."""
    if field.is_relation:
        return _points_to_a_person(field)
    pointer = isinstance(field, models.UUIDField) and not field.primary_key
    words = _holds_words(field) or isinstance(field, models.FileField | models.GenericIPAddressField)
    return (words or pointer) and not field.choices


def _points_to_a_person(field: models.Field) -> bool:
    target = field.remote_field.model
    return getattr(target, "__name__", str(target)).endswith("Person")


def _reason(label: str, name: str) -> str:
    rule = next((reason for pattern, reason in RULES.values() if pattern.search(name)), "")
    return FIELDS.get(label) or rule


def _declared(model: type[models.Model]) -> dict[str, Personal]:
    return getattr(model, "personal", {})
