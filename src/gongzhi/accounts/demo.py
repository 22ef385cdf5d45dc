"""A fictional set of organisations and people for the demo county; loading it twice changes nothing.

Everybody shares one password, made for this installation and kept in the data directory.
"""

import os
import secrets
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from gongzhi.accounts import operations
from gongzhi.accounts.models import AreaHead, Organisation, Person, RoleGrant, Team
from gongzhi.accounts.types import OrganisationKind, Role, SignIn
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound
from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture, Level

PASSWORD_FILE = "demo-password.txt"  # noqa: S105 - the name of a file
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - none that look alike

CENTRE = "centre.county"
DEPARTMENTS = (
    ("police", "县公安局"),
    ("fire", "县消防救援大队"),
    ("urban_management", "县综合行政执法局（城管）"),
    ("emergency_management", "县应急管理局"),
    ("market_regulation", "县市场监督管理局"),
    ("transport", "县交通运输局"),
    ("housing", "县住房和城乡建设局"),
    ("natural_resources", "县规划和自然资源局"),
    ("health", "县卫生健康局"),
    ("education", "县教育局"),
    ("ecology", "县生态环境分局"),
    ("human_resources", "县人力资源和社会保障局"),
    ("civil_affairs", "县民政局"),
    ("justice", "县司法局"),
    ("agriculture", "县农业农村局"),
    ("water", "县水利水电局"),
    ("culture", "县文化和广电旅游体育局"),
    ("commerce", "县商务局"),
    ("finance", "县财政局"),
    ("development_reform", "县发展和改革局"),
    ("power_supply", "县供电公司"),
    ("water_supply", "县自来水公司"),
    ("gas_supply", "县燃气公司"),
    ("telecom", "县通信服务中心"),
)
TIP_UNITS = (
    ("tips.centre", "县综治中心举报受理组", CENTRE),
    ("tips.politics_law", "县委政法委举报受理组", None),
)
PARTNERS = (("partner.property", "安居物业服务公司"), ("partner.security", "平安保安服务公司"))
TEAMS = (
    ("urban_management", "市容一中队"),
    ("urban_management", "市容二中队"),
    ("fire", "消防救援站"),
    ("police", "治安巡逻队"),
    ("partner.property", "小区秩序队"),
    ("partner.security", "驻点保安队"),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A fictional person with one role; `place` says which of the demo's areas it is for."""

    username: str
    display_name: str
    role: Role
    organisation: str  # "" = the township centre of the area
    place: str  # county · grid · grid2
    start: str = ""  # where to sign in to; "" = not among the printed sign-ins


PEOPLE = (
    DemoPerson("dispatcher", "李调度", Role.DISPATCHER, CENTRE, "county", "/desk/"),
    DemoPerson("handler", "王城管", Role.HANDLER, "urban_management", "county", "/desk/"),
    DemoPerson("handler2", "赵消防", Role.HANDLER, "fire", "county", "/desk/"),
    DemoPerson("socialworker", "许社工", Role.HANDLER, "justice", "county", "/desk/"),
    DemoPerson("gridworker", "陈网格", Role.GRID_WORKER, "", "grid", "/field/"),
    DemoPerson("gridworker2", "周网格", Role.GRID_WORKER, "", "grid2", "/field/"),
    DemoPerson("gridleader", "何网格长", Role.GRID_WORKER, "", "grid"),
    DemoPerson("verifier", "孙核查", Role.VERIFIER, CENTRE, "county", "/desk/"),
    DemoPerson("head", "吴主任", Role.CENTRE_HEAD, CENTRE, "county", "/desk/"),
    DemoPerson("deputy", "郑副主任", Role.CENTRE_HEAD, CENTRE, "county"),
    DemoPerson("handler3", "韩警官", Role.HANDLER, "police", "county", "/desk/"),
    DemoPerson("tipmember", "许受理", Role.TIP_MEMBER, "tips.centre", "county", "/desk/"),
    DemoPerson("tipmember2", "沈受理", Role.TIP_MEMBER, "tips.centre", "county", "/desk/"),
    DemoPerson("tipmember3", "严受理", Role.TIP_MEMBER, "tips.politics_law", "county"),
    DemoPerson("custodian", "华保管", Role.CUSTODIAN, CENTRE, "county", "/desk/"),
    DemoPerson("custodian2", "金保管", Role.CUSTODIAN, "justice", "county", "/desk/"),
    DemoPerson("custodian3", "魏保管", Role.CUSTODIAN, "tips.politics_law", "county", "/desk/"),
    DemoPerson("finance", "陶财务", Role.FINANCE, "finance", "county", "/desk/"),
    DemoPerson("finance2", "姜财务", Role.FINANCE, "finance", "county", "/desk/"),
    DemoPerson("sysadmin", "钱系统", Role.SYSTEM_ADMIN, CENTRE, "county", "/desk/"),
    DemoPerson("secadmin", "冯安全", Role.SECURITY_ADMIN, CENTRE, "county", "/desk/"),
    DemoPerson("auditadmin", "卫审计", Role.AUDIT_ADMIN, CENTRE, "county", "/desk/"),
)


@transaction.atomic
def load(*, now: datetime) -> None:
    """Create what is missing of the demo's organisations, teams, people and heads of areas."""
    townships = territory.areas_at(Level.TOWNSHIP)
    organisations = _organisations(townships, now)
    _teams(organisations, now)
    places = _places()
    people = _people(organisations, places, townships, now)
    _heads(people, places, townships, now)
    _set_passwords(people)


def sign_ins() -> list[SignIn]:
    """The demo sign-ins to print at start; none if the demo was never loaded here."""
    path = _password_path()
    if not path.exists():
        return []
    password = path.read_text(encoding="utf-8").strip()
    return [SignIn(p.role.label, p.username, password, p.start) for p in PEOPLE if p.start]


# Organisations.


def _organisations(townships: list[AreaPicture], now: datetime) -> dict[str, uuid.UUID]:
    root = territory.root()
    wanted = [(CENTRE, f"{root.name}综治中心", OrganisationKind.CENTRE, root.id)]
    wanted += [(code, name, OrganisationKind.DEPARTMENT, root.id) for code, name in DEPARTMENTS]
    wanted += [(code, name, OrganisationKind.PARTNER, root.id) for code, name in PARTNERS]
    wanted += [(_centre(t), f"{t.name}综治中心", OrganisationKind.CENTRE, t.id) for t in townships]
    known: dict[str, uuid.UUID] = dict(Organisation.objects.values_list("code", "id"))
    for code, name, kind, area in wanted:
        if code not in known:
            parent = known[CENTRE] if kind is OrganisationKind.CENTRE and code != CENTRE else None
            known[code] = operations.create_organisation(
                code=code, name=name, kind=kind, area=area, parent=parent, by=SYSTEM, now=now
            )
    for code, name, above in TIP_UNITS:
        if code not in known:
            known[code] = operations.create_organisation(
                code=code,
                name=name,
                kind=OrganisationKind.DEPARTMENT,
                area=root.id,
                parent=known[above] if above else None,
                dispatchable=False,
                by=SYSTEM,
                now=now,
            )
    return known


def _centre(township: AreaPicture) -> str:
    return f"centre.{township.code[:9]}"


def _teams(organisations: dict[str, uuid.UUID], now: datetime) -> None:
    grid_teams = [(code, "网格队") for code in organisations if code.startswith("centre.") and code != CENTRE]
    known = set(Team.objects.values_list("organisation_id", "name"))
    for code, name in (*TEAMS, *grid_teams):
        if (organisations[code], name) not in known:
            operations.create_team(organisation=organisations[code], name=name, by=SYSTEM, now=now)


# People.


def _places() -> dict[str, AreaPicture]:
    """The areas the demo people work in: the county, a grid, and a grid of another township."""
    grids = sorted(territory.areas_at(Level.GRID), key=lambda grid: grid.code)
    if not grids:
        raise NotFound(
            "The demo people need a demo county with grids: load the territory first.", code="no_grids"
        )
    elsewhere = [grid for grid in grids if grid.code[:9] != grids[0].code[:9]]
    return {"county": territory.root(), "grid": grids[0], "grid2": (elsewhere or grids)[-1]}


def _people(
    organisations: dict[str, uuid.UUID],
    places: dict[str, AreaPicture],
    townships: list[AreaPicture],
    now: datetime,
) -> dict[str, uuid.UUID]:
    known: dict[str, uuid.UUID] = dict(Person.objects.values_list("username", "id"))
    granted = set(RoleGrant.objects.values_list("person_id", flat=True))
    for demo, area in (*((p, places[p.place]) for p in PEOPLE), *((_township_head(t), t) for t in townships)):
        if demo.username not in known:
            known[demo.username] = operations.create_person(
                username=demo.username, display_name=demo.display_name, by=SYSTEM, now=now
            )
        if known[demo.username] not in granted:
            organisation = organisations[demo.organisation or f"centre.{area.code[:9]}"]
            operations.grant_role(
                person=known[demo.username],
                role=demo.role,
                organisation=organisation,
                area=area.id,
                by=SYSTEM,
                now=now,
            )
    return known


def _township_head(township: AreaPicture) -> DemoPerson:
    name = f"{township.name}值班长"[:40]
    return DemoPerson(f"head.{township.code[:9]}", name, Role.CENTRE_HEAD, _centre(township), "township")


def _heads(
    people: dict[str, uuid.UUID], places: dict[str, AreaPicture], townships: list[AreaPicture], now: datetime
) -> None:
    posts = [(places["county"], "head", ("deputy",)), (places["grid"], "gridleader", ("gridworker",))]
    posts += [(t, _township_head(t).username, ("deputy",)) for t in townships]
    known = set(AreaHead.objects.values_list("area_id", flat=True))
    for area, head, deputies in posts:
        if area.id not in known:
            operations.appoint_head(
                area=area.id, person=people[head], deputies=[people[d] for d in deputies], by=SYSTEM, now=now
            )


# The one password.


def _set_passwords(people: dict[str, uuid.UUID]) -> None:
    """Hash the password once for everybody, and only if what is stored differs."""
    password = _password()
    demo = Person.objects.filter(username__in=_usernames(people))
    stored = set(demo.values_list("password", flat=True))
    if len(stored) == 1 and check_password(password, stored.pop()):
        return
    demo.update(password=make_password(password))


def _usernames(people: Iterable[str]) -> list[str]:
    named = {p.username for p in PEOPLE}
    return [username for username in people if username in named or username.startswith("head.")]


def _password_path() -> Path:
    return Path(settings.GONGZHI_DATA) / PASSWORD_FILE


def _password() -> str:
    path = _password_path()
    if not path.exists():
        letters = "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(12))
        write_private(path, "-".join(letters[i : i + 4] for i in (0, 4, 8)))
    return path.read_text(encoding="utf-8").strip()


def write_private(path: Path, text: str) -> None:
    """Write a secret of the demo to a file only we can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent)  # readable by us only from its first byte
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    Path(fresh).replace(path)
