"""One case with everything on it, and people who have nothing to do with it: the same roles in another township."""

import io
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from PIL import Image

from gongzhi.accounts import operations as accounts
from gongzhi.accounts import queries as people
from gongzhi.accounts.types import ADMIN_ROLES, Role, Scope
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, SYSTEM
from gongzhi.cases import operations
from gongzhi.cases.models import CaseClock, CaseRecord
from gongzhi.cases.operations.ledger import SUPPORT
from gongzhi.files import operations as files
from gongzhi.notices.models import Delivery, Notice
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level
from gongzhi.trust import audit
from gongzhi.trust.consent import give_consent
from gongzhi.trust.types import AuditKind, ConsentGiver, ConsentWay
from tests.cases.conftest import MINUTE, NOW, Town, town
from tests.races.conftest import open_town

__all__ = ["open_town", "town"]

WORDS = ("隔壁又在打孩子", "幸福里七幢九零二", "13900007777", "邻里纠纷需当面调解")
TEXT, PLACE_TEXT, CONTACT, TITLE = WORDS


@dataclass
class Matter:
    """The case that nobody else may see, and the ids that lead to it."""

    record: CaseRecord
    photo: uuid.UUID
    clock: uuid.UUID
    notice: uuid.UUID
    delivery: uuid.UUID

    @property
    def code(self) -> str:
        return self.record.code

    def fingerprint(self) -> tuple[Any, ...]:
        """What changes if anybody does anything to it."""
        notices = Notice.objects.filter(subject=f"case:{self.record.pk}")
        return (
            CaseRecord.objects.get(pk=self.record.pk).last_seq,
            list(notices.order_by("id").values_list("read_at", "acknowledged_at")),
            list(Delivery.objects.order_by("id").values_list("state", "attempts")),
        )


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.GONGZHI_DATA = tmp_path


@pytest.fixture
def matter(town: Town) -> Matter:
    """Of a kind whose page tells nothing but how it stands: reported with a contact and a photo, taken on under a title, given to an agency."""
    return make_matter(town)


def make_matter(town: Town) -> Matter:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(picture, "JPEG")
    photo = files.keep_photo(data=picture.getvalue(), by=RESIDENT, now=NOW)
    told = {
        "text": TEXT,
        "place_text": PLACE_TEXT,
        "contact": CONTACT,
        "photos": [photo],
        "kind": "linkage.quarrel",
    }
    code = town.report(7000, **told).case_code
    operations.accept_case(case=code, title=TITLE, by=town.people.dispatcher, now=NOW + MINUTE / 2)
    lead = town.organisation("urban_management")
    operations.assign_case(case=code, lead=lead, by=town.people.dispatcher, now=NOW + MINUTE)
    files.open_original(photo=photo, by=town.people.dispatcher, now=NOW + MINUTE, reason="in doubt")
    audit.note(kind=AuditKind.EXPORTED, by=SYSTEM, now=NOW)
    agreed = {"purpose": SUPPORT, "giver": ConsentGiver.PERSON, "way": ConsentWay.PAPER}
    give_consent(ref=f"case:{town.record(code).pk}", until=NOW + 600 * MINUTE, by=SYSTEM, now=NOW, **agreed)
    record = town.record(code)
    notice = Notice.objects.filter(subject=f"case:{record.pk}", recipient_kind="person").first()
    assert notice is not None
    clock, delivery = CaseClock.objects.filter(case=record).first(), notice.deliveries.first()
    assert clock is not None and delivery is not None
    return Matter(record, photo, clock.uuid, notice.uuid, delivery.uuid)


@pytest.fixture
def strangers(matter: Matter) -> list[str]:
    """User names: every demo person who has nothing to do with the case, and every role in another township."""
    return [*_far_people(matter), *_uninvolved(matter)]


def scope(username: str) -> Scope:
    found = people.person_by_username(username)
    assert found is not None
    return people.scope_of(found.id, timezone.localdate())


def reaches(scope: Scope, record: CaseRecord) -> bool:
    """The first lock's answer."""
    from gongzhi.cases.queries.visibility import visible

    return visible(scope).filter(pk=record.pk).exists()


def _uninvolved(matter: Matter) -> list[str]:
    names = get_user_model().objects.order_by("username").values_list("username", flat=True)
    return [name for name in names if not name.startswith("far.") and not reaches(scope(name), matter.record)]


def _far_people(matter: Matter) -> list[str]:
    far = next(t for t in territory.areas_at(Level.TOWNSHIP) if t.id != matter.record.township)
    centre = people.organisation_by_code(f"centre.{far.code[:9]}")
    assert centre is not None
    return [_hire(role, centre.id, far.id) for role in Role]


def _hire(role: Role, organisation: uuid.UUID, area: uuid.UUID) -> str:
    name = f"far.{role.value.replace('_', '')}"
    person = accounts.create_person(username=name, display_name=f"远{role.label}"[:20], by=SYSTEM, now=NOW)
    where = territory.root().id if role in ADMIN_ROLES else area
    accounts.grant_role(person=person, role=role, organisation=organisation, area=where, by=SYSTEM, now=NOW)
    return name


def key_of(username: str) -> str:
    """A key with which a program acts as this person."""
    found, now = people.person_by_username(username), timezone.now()
    assert found is not None
    by = actor.person(found.id)
    return accounts.issue_token(person=found.id, name="test", expires=now + 600 * MINUTE, by=by, now=now)
