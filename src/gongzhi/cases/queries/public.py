"""What residents see: a case by its code, the public map, their own report by its receipt."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.base.bounds import passing
from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code, is_case_code
from gongzhi.cases import rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, CaseTask
from gongzhi.cases.operations.ledger import as_step
from gongzhi.cases.pictures import ClockPicture, PhotoPicture, PublicPicture, PublicPin
from gongzhi.cases.queries.answers import answers_in
from gongzhi.cases.queries.contents import Opened, first_words, open_steps
from gongzhi.cases.queries.opened import reveals_of
from gongzhi.cases.queries.pictures_of import clock_picture, holder, kind_of, names_for, photo_pictures
from gongzhi.cases.queries.secrecy import kept_secret
from gongzhi.cases.queries.support import right_picture, support_picture
from gongzhi.cases.queries.timeline import own_file, public_timeline
from gongzhi.cases.queries.watching import blind_seconds
from gongzhi.cases.reach import of_code, of_photo, subject
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import CaseStatus, ClockStatus
from gongzhi.files import queries as files
from gongzhi.programs import queries as programs
from gongzhi.programs.types import PublicLevel
from gongzhi.trust import log

ON_MAP_FOR = timedelta(days=60)
MAX_PINS = 2000
PHOTOS_AT = "/photos"


def public_picture(code: str, receipt: str, now: datetime) -> PublicPicture:
    """A case as a stranger with its code sees it; a right receipt shows the reporter's own words too."""
    with known_case(code) as record:
        return _picture(record, receipt, now)


def _picture(record: CaseRecord, receipt: str, now: datetime) -> PublicPicture:
    reporter = bool(receipt) and is_receipt(record.client_id, receipt)
    kind = kind_of(record)
    if kind.public_level is PublicLevel.NONE and not reporter:
        return _nothing(record)
    summary = reporter or kind.public_level is PublicLevel.SUMMARY
    lead = record.lead_case or record  # a joined report shows how the matter it was joined to stands
    tasks = list(CaseTask.objects.filter(case=lead).order_by("assigned_at", "id"))
    names = names_for([lead], tasks)
    told = first_words([record.pk]).get(record.pk, Opened({}))
    steps = _steps(record, lead)
    status = CaseStatus(lead.status)
    state = rules.fold([as_step(row) for row in steps], LAWS) if record.assigned_only else None
    return PublicPicture(
        code=record.code,
        title=(lead.title if summary else "") or kind.title.show(get_language()),
        kind_title=kind.title.show(get_language()),
        status=status,
        status_title=str(titles.STATUS[status]),
        what_next=_what_next(record, status),
        holder=holder(lead, tasks, names),
        area_name=names.areas.get(lead.area_id, "") if summary and lead.area_id else "",
        reported_at=record.reported_at,
        stage=titles.STAGE[status],
        clock=_next_clock(lead, now),
        steps=own_file(steps) if state else public_timeline(steps, answers=summary),
        photos=_photos(told, reporter or (summary and _photos_are_public(record))),
        outcome=str(titles.OUTCOME[lead.outcome]) if lead.outcome else "",
        lead_code=lead.code if lead.pk != record.pk else "",
        is_reporter=reporter,
        own_text=(told.first("text") or "") if reporter else "",
        own_answers=answers_in(CaseStep.objects.filter(case=record, seq=1)) if reporter else (),
        may_add=reporter and _may_add(record, status),
        may_rate=reporter and _may_rate(record, lead, status),
        support=support_picture(record, state) if state else None,
        right=right_picture(record) if reporter else None,
        has_contact=reporter and _has_contact(record),
        reveals=reveals_of(record) if reporter else (),
        blind_seconds=blind_seconds(lead, now),
        unsealed=_unsealed(step.uuid for step in steps if step.case_id == record.pk),
    )


def _nothing(record: CaseRecord) -> PublicPicture:
    """All that a stranger learns of a case that is nobody else's business: how to open it with the receipt."""
    return PublicPicture(
        code=record.code,
        title=str(titles.NOT_SHOWN),
        kind_title="",
        status=CaseStatus.REPORTED,
        status_title="",
        what_next="",
        holder="",
        area_name="",
        reported_at=record.reported_at,
        stage=1,
        clock=None,
        steps=(),
        photos=(),
        outcome="",
        lead_code="",
        is_reporter=False,
        own_text="",
        own_answers=(),
        may_add=False,
        may_rate=False,
        locked=True,
    )


@contextmanager
def known_case(code: str) -> Iterator[CaseRecord]:
    """A case by the digits somebody typed; a mistyped code is told from an unknown one."""
    digits = clean_code(code)
    if not is_case_code(digits):
        raise NotFound(
            _("This is not a case code: it has 13 digits. Please check them."), code="bad_code", field="code"
        )
    with passing(*map(subject, of_code(digits))):
        record = CaseRecord.objects.select_related("lead_case").filter(code=digits).first()
        if record is None:
            raise NotFound(
                _("There is no case with this code. Please check the digits."), code="no_case", field="code"
            )
        yield record


def receipt_fits(code: str, receipt: str) -> bool:
    """Whether a receipt code belongs to a case code."""
    with known_case(code) as record:
        return is_receipt(record.client_id, receipt)


def reporter_may_see_photo(code: str, receipt: str, photo: uuid.UUID) -> bool:
    """Whether a photo hangs on this case and its page may show it to the one who asks."""
    with known_case(code) as record:
        return any(p.id == photo for p in _picture(record, receipt, record.reported_at).photos)


def is_public_photo(photo: uuid.UUID) -> bool:
    """Whether a photo hangs on a case whose kind makes photos public."""
    with passing(*map(subject, of_photo(photo))):
        record = CaseRecord.objects.filter(photos=photo).first()
        if record is None or not _photos_are_public(record):
            return False
        told = first_words([record.pk]).get(record.pk, Opened({}))
        return photo in told.photos()  # what the reporter sent, never what handlers found later


def open_public_photo(photo: uuid.UUID, size: str, receipts: Iterable[tuple[str, str]]) -> bytes | None:
    """A photo that is public, or that one of these receipts (case code, receipt code) shows; None for others."""
    own = (reporter_may_see_photo(code, receipt, photo) for code, receipt in receipts)
    if not is_public_photo(photo) and not any(own):
        return None
    with passing(*map(subject, of_photo(photo))):
        return files.open_photo(photo, size)


def public_map(now: datetime) -> list[PublicPin]:
    """Matters whose kind is on the public map, newest first; joined reports are not drawn twice."""
    current = programs.current_kinds(timezone.localdate(now))
    kinds = {k.key for k in current if k.on_public_map and k.public_level is not PublicLevel.NONE}
    asked = [sorted(kinds), now - ON_MAP_FOR, MAX_PINS]
    return [
        _pin(row) for row in CaseRecord.objects.raw("SELECT * FROM gongzhi_public_map(%s, %s, %s)", asked)
    ]


def _pin(record: CaseRecord) -> PublicPin:
    kind = LAWS.kind(record.definition)
    title = kind.title.show(get_language())
    return PublicPin(
        code=record.code,
        title=record.title or title,
        kind_title=title,
        status_title=str(titles.STATUS[record.status]),
        done=record.status in (CaseStatus.VERIFIED, CaseStatus.CLOSED),
        lon=round((record.lon_e7 or 0) / 1e7, 4),  # about 10 m: a place, not a doorstep
        lat=round((record.lat_e7 or 0) / 1e7, 4),
        icon=kind.icon,
        reported_at=record.reported_at,
    )


def _steps(record: CaseRecord, lead: CaseRecord) -> list[CaseStep]:
    """The reporter's own first step, then the steps of the case it was joined to."""
    rows = list(CaseStep.objects.filter(case=record).order_by("seq").select_related("case"))
    if lead.pk != record.pk:
        joined_at = rows[-1].recorded_at
        rows += (
            CaseStep.objects.filter(case=lead, recorded_at__gt=joined_at)
            .order_by("seq")
            .select_related("case")
        )
    return rows


def _next_clock(record: CaseRecord, now: datetime) -> ClockPicture | None:
    clock = CaseClock.objects.filter(case=record, status=ClockStatus.RUNNING).order_by("due_at").first()
    return clock_picture(clock, record, now) if clock else None


def _photos_are_public(record: CaseRecord) -> bool:
    return kind_of(record).public_photo and not kept_secret([record.pk])


def _photos(told: Opened, shown: bool) -> tuple[PhotoPicture, ...]:
    return photo_pictures(told.photos(), str(titles.RESIDENT), PHOTOS_AT) if shown else ()


def _unsealed(steps: Iterable[uuid.UUID]) -> int:
    ids = set(steps)
    return len(ids - log.sealed(ids))


def _what_next(record: CaseRecord, status: CaseStatus) -> str:
    ended = status in rules.ENDED
    if record.assigned_only:
        return str(titles.NEXT_SUPPORT_ENDED if ended else titles.NEXT_SUPPORT)
    if record.kind == rules.RIGHTS_KIND:
        return str(titles.NEXT_RIGHT_ANSWERED if ended else titles.NEXT_RIGHT)
    return str(titles.NEXT[status])


def _has_contact(record: CaseRecord) -> bool:
    first = CaseStep.objects.filter(case=record, seq=1)
    return any(o.first("contact") is not None for o in open_steps(first, frozenset({"contact"})).values())


def _may_add(record: CaseRecord, status: CaseStatus) -> bool:
    """Facts are always welcome, but nothing more is written down once support or a request has ended."""
    over = status in rules.ENDED and (record.assigned_only or record.kind == rules.RIGHTS_KIND)
    return status is not CaseStatus.DECLINED and not over


def _may_rate(record: CaseRecord, lead: CaseRecord, status: CaseStatus) -> bool:
    """A verdict belongs to matters somebody fixed, not to support or to a request about data."""
    ordinary = not record.assigned_only and record.kind != rules.RIGHTS_KIND
    return ordinary and status is CaseStatus.CLOSED and not _rated(record, lead)


def _rated(record: CaseRecord, lead: CaseRecord) -> bool:
    """A verdict counts once for every closing."""
    verdicts = CaseStep.objects.filter(case=record, kind="verdict_given").order_by("-seq").first()
    return verdicts is not None and lead.closed_at is not None and verdicts.happened_at >= lead.closed_at
