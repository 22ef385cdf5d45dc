"""Roles and posts: the security administrator says who may do what, where, for how long."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import sessions, words
from gongzhi.accounts.models import AreaDeputy, AreaHead, Person, RoleGrant
from gongzhi.accounts.operations.writing import insert, lock, must_exist, only, posts_changed
from gongzhi.accounts.rules import clash
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind


@transaction.atomic
def grant_role(
    *,
    person: uuid.UUID,
    role: Role,
    organisation: uuid.UUID,
    area: uuid.UUID,
    by: Actor,
    now: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> uuid.UUID:
    """Let a person act in a role for an organisation, in an area and all below it."""
    only(by, Role.SECURITY_ADMIN, now)
    if by.kind is ActorKind.PERSON and by.person_id == person:
        raise NotAllowed(_("Nobody gives roles to themselves."), code="own_role")
    must_exist(area=area, organisation=organisation)
    row = lock(person)  # one grant at a time, so that two administrations can't meet in one person
    first_day = valid_from or timezone.localdate(now)
    if valid_to is not None and valid_to <= first_day:
        raise Refused(_("The end must come after the start."), code="period", field="valid_to")
    _refuse_clash(row, Role(role), first_day)
    grant = RoleGrant(
        id=new_id(),
        person=row,
        role=Role(role),
        organisation_id=organisation,
        area_id=area,
        valid_from=first_day,
        valid_to=valid_to,
        granted_by=str(by),
        granted_at=now,
    )
    insert(grant, Conflict(_("The person already has this role there."), code="role_held", field="role"))
    _note(AuditKind.ROLE_GRANTED, grant, by, now)
    sessions.end_all(person=person, by=by, now=now, why="role_granted")
    posts_changed()
    return grant.uuid


@transaction.atomic
def end_grant(*, grant: uuid.UUID, by: Actor, now: datetime, reason: str = "") -> None:
    """End a role from today; the grant stays on record."""
    only(by, Role.SECURITY_ADMIN, now)
    row, today = RoleGrant.objects.select_for_update().filter(id=grant).first(), timezone.localdate(now)
    if row is None:
        raise NotFound(_("There is no such role."), code="no_grant")
    if row.valid_to is not None and row.valid_to <= today:
        return
    if by.kind is ActorKind.PERSON and not reason.strip():
        raise Refused(_("Please write why."), code="missing", field="reason")
    row.valid_to, row.ended_by, row.end_reason = max(today, row.valid_from), str(by), reason[:200]
    row.save(update_fields=["valid_to", "ended_by", "end_reason"])
    _note(AuditKind.ROLE_ENDED, row, by, now, reason)
    posts_changed()
    sessions.end_all(person=row.person_id, by=by, now=now, why="role_ended")


@transaction.atomic
def appoint_head(
    *,
    area: uuid.UUID,
    person: uuid.UUID,
    by: Actor,
    now: datetime,
    deputies: Sequence[uuid.UUID] = (),
    valid_from: date | None = None,
) -> uuid.UUID:
    """Name who answers for an area and who stands in, in order; whoever held the post until then steps down."""
    only(by, Role.SECURITY_ADMIN, now)
    if by.kind is ActorKind.PERSON and by.person_id in (person, *deputies):
        raise NotAllowed(_("Nobody gives a post to themselves."), code="own_role")
    if person in deputies or len(set(deputies)) != len(deputies):
        raise Refused(_("Name each person once."), code="named_twice", field="deputies")
    must_exist(area=area, people=(person, *deputies))
    first_day = valid_from or timezone.localdate(now)
    before = AreaHead.objects.select_for_update().filter(area=area, valid_to=None).first()
    if before is not None:
        before.valid_to = max(first_day, before.valid_from)
        before.save(update_fields=["valid_to"])
    head = AreaHead(
        id=new_id(),
        area_id=area,
        person_id=person,
        valid_from=first_day,
        appointed_by=str(by),
        appointed_at=now,
    )
    insert(head, Conflict(_("Somebody else has just filled this post."), code="post_filled", field="area"))
    AreaDeputy.objects.bulk_create(
        AreaDeputy(id=new_id(), head=head, person_id=deputy, turn=turn)
        for turn, deputy in enumerate(deputies, 1)
    )
    data: dict[str, Any] = {"head": str(person), "deputies": [str(deputy) for deputy in deputies]}
    data["from"] = first_day.isoformat()
    audit.note(kind=AuditKind.HEAD_APPOINTED, by=by, now=now, subject=f"area:{area}", data=data)
    posts_changed()
    return head.uuid


@transaction.atomic
def end_head(*, area: uuid.UUID, by: Actor, now: datetime, reason: str) -> None:
    """The post of an area falls vacant today: what concerns the area goes to the head of the area above."""
    only(by, Role.SECURITY_ADMIN, now)
    if not reason.strip():
        raise Refused(_("Please write why."), code="missing", field="reason")
    head = AreaHead.objects.select_for_update().filter(area=area, valid_to=None).first()
    if head is None:
        raise NotFound(_("Nobody heads this area."), code="no_head")
    head.valid_to = max(timezone.localdate(now), head.valid_from)
    head.save(update_fields=["valid_to"])
    data = {"head": str(head.person_id)}
    audit.note(kind=AuditKind.HEAD_ENDED, by=by, now=now, subject=f"area:{area}", purpose=reason, data=data)
    posts_changed()


def _note(kind: AuditKind, grant: RoleGrant, by: Actor, now: datetime, reason: str = "") -> None:
    data = {
        "grant": str(grant.uuid),
        "role": str(grant.role),
        "organisation": str(grant.organisation_id),
        "area": str(grant.area_id),
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else "",
    }
    subject = f"person:{grant.person_id}"
    audit.note(kind=kind, by=by, now=now, subject=subject, purpose=reason, data=data)


def _refuse_clash(person: Person, wanted: Role, first_day: date) -> None:
    """Grants that start later count too: what is refused today isn't allowed tomorrow."""
    running = RoleGrant.objects.filter(person=person).exclude(valid_to__lte=first_day)
    reason = clash([Role(role) for role in running.values_list("role", flat=True)], wanted)
    if reason is not None:
        raise Refused(words.clash(reason), code=reason, field="role")
