"""Each page is there for its own administrator, and for nobody else."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver

from tests.administration.conftest import person

ADMINISTRATORS = ("sysadmin", "secadmin", "auditadmin")
SYSTEM, SECURITY, AUDIT = ({name} for name in ADMINISTRATORS)
PAGES = {  # address → who gets in
    "people": SYSTEM | SECURITY,
    "person_new": SYSTEM,
    "people_import": SYSTEM,
    "person": SYSTEM | SECURITY,
    "organisations": SYSTEM,
    "posts": SECURITY,
    "status": SYSTEM,
    "calendar": SYSTEM,
    "audit": AUDIT,
}
ACTS = {
    "reset": SYSTEM,
    "expiry": SYSTEM,
    "close": SYSTEM,
    "sessions_end": SYSTEM,
    "factor_reset": SECURITY,
    "city_untie": SECURITY,
    "grant": SECURITY,
    "end_grant": SECURITY,
    "revoke": SECURITY,
    "organisation_new": SYSTEM,
    "organisation_end": SYSTEM,
    "team_new": SYSTEM,
    "team_end": SYSTEM,
    "appoint": SECURITY,
    "post_end": SECURITY,
    "calendar_import": SYSTEM,
    "recalculate": SYSTEM,
    "audit_export": AUDIT,
}
OTHERS = ("dispatcher", "handler", "gridworker", "verifier", "head")


def address(name: str) -> str:
    from django.urls import reverse

    [pattern] = [p for p in _patterns() if p.name == name]
    arguments = {key: uuid.UUID(int=7) for key in pattern.pattern.converters}
    if "person" in arguments:
        arguments["person"] = person("handler")
    return reverse(f"administration:{name}", kwargs=arguments)


def _patterns():
    [face] = [one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "administration"]
    return face.url_patterns


def test_the_lists_below_name_every_address():
    assert {p.name for p in _patterns()} == {"home", *PAGES, *ACTS}


@pytest.mark.parametrize("who", [*ADMINISTRATORS, *OTHERS])
def test_a_page_opens_for_its_administrator_alone(staff, who):
    for name, allowed in PAGES.items():
        assert staff(who).open(address(name)).status_code == (200 if who in allowed else 404), name


@pytest.mark.parametrize("who", [*ADMINISTRATORS, *OTHERS])
def test_an_act_is_there_for_its_administrator_alone(staff, who):
    for name, allowed in ACTS.items():
        if who not in allowed:
            assert staff(who).send(address(name)).status_code == 404, name


def test_a_stranger_is_asked_to_sign_in(demo_cell):
    for name in PAGES:
        assert Client().get(address(name))["Location"].startswith("/sign-in/"), name
    for name in ACTS:
        assert Client().post(address(name))["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize(
    ("who", "arrives"),
    [("sysadmin", "status"), ("secadmin", "people"), ("auditadmin", "audit")],
)
def test_each_arrives_at_their_own_work(staff, who, arrives):
    assert staff(who).open("/administration/")["Location"] == f"/administration/{arrives}/"


def test_whoever_has_no_role_yet_is_told_who_gives_one(staff):
    staff("sysadmin").send("/administration/people/new/", username="new.one", display_name="新甲")
    get_user_model().objects.filter(username="new.one").update(
        must_change_password=False
    )  # done at first sign-in
    assert "请本县的安全管理员给你授权" in staff("new.one").see("/administration/")
    assert staff("new.one").open("/desk/")["Location"] == "/administration/"
