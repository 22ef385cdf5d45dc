"""What other parts may hold of people and organisations: roles, grants, scopes, pictures."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.base.bounds import Bounds
from gongzhi.territory.types import Level


class Role(StrEnum):
    """What a person may do somewhere. A resident needs no role and no account."""

    GRID_WORKER = "grid_worker"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    VERIFIER = "verifier"
    CENTRE_HEAD = "centre_head"
    TIP_MEMBER = "tip_member"
    CUSTODIAN = "custodian"
    FINANCE = "finance"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"

    @property
    def label(self) -> str:
        """The role in the reader's language."""
        return str(_ROLE_LABELS[self])


_ROLE_LABELS: Mapping[Role, Promise] = {
    Role.GRID_WORKER: _("Grid worker"),
    Role.DISPATCHER: _("Dispatcher"),
    Role.HANDLER: _("Department handler"),
    Role.VERIFIER: _("Verifier"),
    Role.CENTRE_HEAD: _("Centre head"),
    Role.TIP_MEMBER: _("Tip unit member"),
    Role.CUSTODIAN: _("Key custodian"),
    Role.FINANCE: _("Finance clerk"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
OPERATIONAL_ROLES = frozenset(Role) - ADMIN_ROLES
TIP_ROLES = frozenset({Role.TIP_MEMBER, Role.CUSTODIAN, Role.FINANCE})
"""Roles of protected tips: each excludes the others, and none of them shows any case."""
SECOND_FACTOR_ROLES = ADMIN_ROLES | TIP_ROLES | {Role.CENTRE_HEAD}
"""Roles that open nothing with a password alone."""

AREA_ROLES = frozenset({Role.GRID_WORKER, Role.DISPATCHER, Role.VERIFIER, Role.CENTRE_HEAD})
"""Roles that see what lies in their area; a handler sees what was given to the organisation instead."""

TASK_ROLES = frozenset({Role.HANDLER, Role.GRID_WORKER})
"""Roles that see what was given to the organisation they hold the role for."""

WHOLE_CELL = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
"""A grant at one of these levels reaches everything, also matters whose place nobody knows yet."""


class OrganisationKind(StrEnum):
    DEPARTMENT = "department"
    CENTRE = "centre"
    PARTNER = "partner"

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return str(_KIND_LABELS[self])


_KIND_LABELS: Mapping[OrganisationKind, Promise] = {
    OrganisationKind.DEPARTMENT: _("Department"),
    OrganisationKind.CENTRE: _("Governance centre"),
    OrganisationKind.PARTNER: _("Partner organisation"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, for one organisation, in one area and everything below it."""

    role: Role
    organisation: uuid.UUID
    area: uuid.UUID
    level: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where one person may act on one day. Every face and every query bounds what is seen by this and nothing else."""

    person: uuid.UUID
    display_name: str
    grants: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def organisations(self) -> frozenset[uuid.UUID]:
        """Organisations whose matters the person works on; administering the system or keeping tips is not that."""
        return frozenset(
            grant.organisation for grant in self.grants if grant.role in OPERATIONAL_ROLES - TIP_ROLES
        )

    @property
    def sees_all(self) -> bool:
        """True if a role that sees by area reaches the whole cell."""
        return any(grant.role in AREA_ROLES and grant.level in WHOLE_CELL for grant in self.grants)

    @property
    def handling(self) -> frozenset[uuid.UUID]:
        """Organisations whose tasks the person sees and works on."""
        return frozenset(grant.organisation for grant in self.grants if grant.role in TASK_ROLES)

    @property
    def handling_alone(self) -> frozenset[uuid.UUID]:
        """Of these, the organisations the person is a handler of: those whose support cases they may take up."""
        return frozenset(grant.organisation for grant in self.grants if grant.role is Role.HANDLER)

    @property
    def bounds(self) -> Bounds:
        """The same for the database: what its policies let this person reach."""
        return Bounds(
            person=self.person,
            whole=self.sees_all,
            areas=frozenset(area for areas in self.visible_areas().values() for area in areas),
            organisations=self.handling,
            handlers=self.handling_alone,
            roles=frozenset(str(role) for role in self.roles),
        )

    def has(self, *roles: Role) -> bool:
        """True if the person holds one of these roles anywhere."""
        return not self.roles.isdisjoint(roles)

    def area_grants(self, role: Role) -> tuple[Grant, ...]:
        """The grants of one role."""
        return tuple(grant for grant in self.grants if grant.role == role)

    def visible_areas(self) -> dict[Level, frozenset[uuid.UUID]]:
        """The areas whose matters are seen, by level, for a filter on the level's id column."""
        seeing = [grant for grant in self.grants if grant.role in AREA_ROLES]
        return {
            level: frozenset(grant.area for grant in seeing if grant.level == level)
            for level in Level
            if any(grant.level == level for grant in seeing)
        }


@dataclass(frozen=True, slots=True)
class OrganisationPicture:
    """A department, centre or partner."""

    id: uuid.UUID
    code: str
    name: str
    kind: OrganisationKind
    area: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class TeamPicture:
    """A team of an organisation."""

    id: uuid.UUID
    organisation: uuid.UUID
    name: str
    area: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class PersonPicture:
    """A person with an account, as colleagues see them."""

    id: uuid.UUID
    display_name: str
    organisation: uuid.UUID | None
    roles: tuple[Role, ...]
    organisation_name: str = ""


class TokenScope(StrEnum):
    """What a key for machines may be used for."""

    CASE_READ = "case:read"
    CASE_STEP = "case:step"

    @property
    def label(self) -> str:
        """The scope in the reader's language."""
        return str(_SCOPE_LABELS[self])


_SCOPE_LABELS: Mapping[TokenScope, Promise] = {
    TokenScope.CASE_READ: _("Read the queue, tasks and cases"),
    TokenScope.CASE_STEP: _("Take steps on cases"),
}

LEAST_SCOPES = frozenset({TokenScope.CASE_READ})
"""What a key is given when nobody says more."""


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A key that was shown and holds: whose it is and what for."""

    person: uuid.UUID
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenPicture:
    """A key as its owner sees it; the key itself is never shown again."""

    id: uuid.UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class SessionPicture:
    """A browser somebody is signed in with, as its owner sees it."""

    id: uuid.UUID
    device: str
    opened_at: datetime
    used_at: datetime


class FactorKind(StrEnum):
    """What proves, beside the password, that it is really this person."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODES = "recovery_codes"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    added_at: datetime


class Duty(StrEnum):
    """What a signed-in person must do before any other page opens."""

    PASSWORD = "password"  # noqa: S105 - a word, no secret
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody an account is to be opened for."""

    username: str
    display_name: str
    email: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo sign-in, as the start-up prints it."""

    role: str
    username: str
    password: str
    start: str
