"""What the operations of this part share: who may write, and how a row goes in."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries
from gongzhi.accounts.models import Person
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.errors import Conflict, NotAllowed, NotFound
from gongzhi.territory import queries as territory


def only(by: Actor, role: Role, now: datetime) -> None:
    """The command line acts as the system; everybody else needs the role."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.kind is not ActorKind.PERSON or by.person_id is None:
        raise NotAllowed(_("Only staff with the right may do this."), code="not_staff")
    if not queries.scope_of(by.person_id, timezone.localdate(now)).has(role):
        raise NotAllowed(_("This is done by: %(role)s.") % {"role": role.label}, code="not_your_role")


def must_exist(
    *, area: uuid.UUID | None = None, organisation: uuid.UUID | None = None, people: Sequence[uuid.UUID] = ()
) -> None:
    """Refuse what names an area, an organisation or a person that isn't there."""
    if area is not None:
        territory.area(area)
    if organisation is not None:
        queries.organisation(organisation)
    for person in people:
        queries.person(person)


def posts_changed() -> None:
    """Who is told of what may have changed: once that is committed, this process asks anew."""
    transaction.on_commit(queries.forget_posts)


def insert(row: Model, otherwise: Conflict) -> None:
    """The database decides who was first; the other one gets the sentence."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise otherwise from error


def lock(person: uuid.UUID) -> Person:
    """The row of a person, held until the transaction ends."""
    row = Person.objects.select_for_update().filter(id=person).first()
    if row is None:
        raise NotFound(_("There is no such person."), code="no_person")
    return row
