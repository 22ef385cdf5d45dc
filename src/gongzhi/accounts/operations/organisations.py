"""Organisations and teams: the system administrator adds and ends them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import words
from gongzhi.accounts.models import Organisation, Team
from gongzhi.accounts.operations.writing import insert, must_exist, only, posts_changed
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Conflict, NotFound
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: OrganisationKind,
    by: Actor,
    now: datetime,
    area: uuid.UUID | None = None,
    parent: uuid.UUID | None = None,
    dispatchable: bool = True,
) -> uuid.UUID:
    """Add a department, a centre or a partner; its code is how programs name it."""
    only(by, Role.SYSTEM_ADMIN, now)
    must_exist(area=area, organisation=parent)
    row = Organisation(
        id=new_id(),
        code=words.code(code),
        name=words.name(name, field="name", limit=80),
        kind=OrganisationKind(kind),
        area_id=area,
        parent_id=parent,
        dispatchable=dispatchable,
        valid_from=timezone.localdate(now),
    )
    insert(
        row, Conflict(_("There is already an organisation with this code."), code="code_taken", field="code")
    )
    _note(row.uuid, "added", by, now)
    return row.uuid


@transaction.atomic
def end_organisation(*, organisation: uuid.UUID, by: Actor, now: datetime) -> None:
    """Nothing more can be given to it from today; what it did stays readable."""
    only(by, Role.SYSTEM_ADMIN, now)
    if Organisation.objects.filter(id=organisation, valid_to=None).update(valid_to=timezone.localdate(now)):
        _note(organisation, "ended", by, now)
        posts_changed()


@transaction.atomic
def create_team(
    *, organisation: uuid.UUID, name: str, by: Actor, now: datetime, area: uuid.UUID | None = None
) -> uuid.UUID:
    """Add a team to an organisation."""
    only(by, Role.SYSTEM_ADMIN, now)
    must_exist(area=area, organisation=organisation)
    title = words.name(name, field="name", limit=80)
    row = Team(
        id=new_id(),
        organisation_id=organisation,
        name=title,
        area_id=area,
        valid_from=timezone.localdate(now),
    )
    insert(
        row, Conflict(_("The organisation already has a team of this name."), code="team_taken", field="name")
    )
    _note(organisation, "team_added", by, now, team=row.uuid)
    return row.uuid


@transaction.atomic
def end_team(*, team: uuid.UUID, by: Actor, now: datetime) -> None:
    """The team stops today; its name can be given to another one."""
    only(by, Role.SYSTEM_ADMIN, now)
    row = Team.objects.select_for_update().filter(id=team).first()
    if row is None:
        raise NotFound(_("There is no such team."), code="no_team")
    if row.valid_to is None:
        row.valid_to = timezone.localdate(now)
        row.save(update_fields=["valid_to"])
        _note(row.organisation_id, "team_ended", by, now, team=row.uuid)


def _note(organisation: uuid.UUID, act: str, by: Actor, now: datetime, team: uuid.UUID | None = None) -> None:
    data = {"act": act, "team": str(team)} if team else {"act": act}
    subject = f"organisation:{organisation}"
    audit.note(kind=AuditKind.ORGANISATION_CHANGED, by=by, now=now, subject=subject, data=data)
