"""What other parts may hold of people and organisations: roles, grants, scopes, pictures."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.territory.types import Level


class Role(StrEnum):
    """What a person may do somewhere. A resident needs no role and no account."""

    GRID_WORKER = "grid_worker"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    VERIFIER = "verifier"
    CENTRE_HEAD = "centre_head"
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
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
OPERATIONAL_ROLES = frozenset(Role) - ADMIN_ROLES
AREA_ROLES = frozenset({Role.GRID_WORKER, Role.DISPATCHER, Role.VERIFIER, Role.CENTRE_HEAD})
"""Roles that see what lies in their area; a handler sees what was given to the organisation instead."""

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
        """Organisations the person works for; administering the system is not working on its matters."""
        return frozenset(grant.organisation for grant in self.grants if grant.role in OPERATIONAL_ROLES)

    @property
    def sees_all(self) -> bool:
        """True if a role that sees by area reaches the whole cell."""
        return any(grant.role in AREA_ROLES and grant.level in WHOLE_CELL for grant in self.grants)

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


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo sign-in, as the start-up prints it."""

    role: str
    username: str
    password: str
    start: str
