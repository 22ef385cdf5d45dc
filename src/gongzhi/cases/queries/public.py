"""What residents see: a case by its code, the public map, their own report by its receipt."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.base.errors import NotFound
from gongzhi.base.ids import clean_code, is_case_code
from gongzhi.cases import titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, CaseTask
from gongzhi.cases.pictures import ClockPicture, PhotoPicture, PublicPicture, PublicPin
from gongzhi.cases.queries.contents import Opened, first_words
from gongzhi.cases.queries.pictures_of import clock_picture, holder, kind_of, names_for, photo_pictures
from gongzhi.cases.queries.timeline import public_timeline
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import CaseStatus, ClockStatus
from gongzhi.programs import queries as programs
from gongzhi.programs.types import PublicLevel

ON_MAP_FOR = timedelta(days=60)
MAX_PINS = 2000
PHOTOS_AT = "/photos"


def public_picture(code: str, receipt: str, now: datetime) -> PublicPicture:
    """A case as a stranger with its code sees it; a right receipt shows the reporter's own words too."""
    record = case_by_code(code)
    reporter = bool(receipt) and is_receipt(record.client_id, receipt)
    kind = kind_of(record)
    summary = reporter or kind.public_level is PublicLevel.SUMMARY
    lead = record.lead_case or record  # a joined report shows how the matter it was joined to stands
    tasks = list(CaseTask.objects.filter(case=lead).order_by("assigned_at", "id"))
    names = names_for([lead], tasks)
    told = first_words([record.pk]).get(record.pk, Opened({}))
    status = CaseStatus(lead.status)
    return PublicPicture(
        code=record.code,
        title=(lead.title if summary else "") or kind.title.show(get_language()),
        kind_title=kind.title.show(get_language()),
        status=status,
        status_title=str(titles.STATUS[status]),
        what_next=str(titles.NEXT[status]),
        holder=holder(lead, tasks, names),
        area_name=names.areas.get(lead.area_id, "") if summary and lead.area_id else "",
        reported_at=record.reported_at,
        stage=titles.STAGE[status],
        clock=_next_clock(lead, now),
        steps=public_timeline(_steps(record, lead), answers=summary),
        photos=_photos(told, reporter or (summary and kind.public_photo)),
        outcome=str(titles.OUTCOME[lead.outcome]) if lead.outcome else "",
        lead_code=lead.code if lead.pk != record.pk else "",
        is_reporter=reporter,
        own_text=(told.first("text") or "") if reporter else "",
        may_add=reporter and status is not CaseStatus.DECLINED,
        may_rate=reporter and status is CaseStatus.CLOSED and not _rated(record, lead),
    )


def case_by_code(code: str) -> CaseRecord:
    """A case by the digits somebody typed; a mistyped code is told from an unknown one."""
    digits = clean_code(code)
    if not is_case_code(digits):
        raise NotFound(
            _("This is not a case code: it has 13 digits. Please check them."), code="bad_code", field="code"
        )
    record = CaseRecord.objects.select_related("lead_case").filter(code=digits).first()
    if record is None:
        raise NotFound(
            _("There is no case with this code. Please check the digits."), code="no_case", field="code"
        )
    return record


def receipt_fits(code: str, receipt: str) -> bool:
    """Whether a receipt code belongs to a case code."""
    return is_receipt(case_by_code(code).client_id, receipt)


def reporter_may_see_photo(code: str, receipt: str, photo: uuid.UUID) -> bool:
    """Whether a photo hangs on this case and its page may show it to the one who asks."""
    record = case_by_code(code)
    shown = public_picture(code, receipt, record.reported_at).photos
    return any(p.id == photo for p in shown)


def is_public_photo(photo: uuid.UUID) -> bool:
    """Whether a photo hangs on a case whose kind makes photos public."""
    record = CaseRecord.objects.filter(photos=photo).first()
    if record is None or not kind_of(record).public_photo:
        return False
    told = first_words([record.pk]).get(record.pk, Opened({}))
    return photo in told.photos()  # what the reporter sent, never what handlers found later


def public_map(now: datetime) -> list[PublicPin]:
    """Matters whose kind is on the public map, newest first; joined reports are not drawn twice."""
    kinds = {k.key for k in programs.current_kinds(timezone.localdate(now)) if k.on_public_map}
    recent = Q(closed_at=None) | Q(closed_at__gt=now - ON_MAP_FOR)
    records = CaseRecord.objects.filter(recent, kind__in=kinds, drill=False, lon_e7__isnull=False)
    shown = records.exclude(status__in=(CaseStatus.REPORTED, CaseStatus.DECLINED, CaseStatus.LINKED))
    return [_pin(record) for record in shown.order_by("-reported_at")[:MAX_PINS]]


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


def _photos(told: Opened, shown: bool) -> tuple[PhotoPicture, ...]:
    return photo_pictures(told.photos(), str(titles.RESIDENT), PHOTOS_AT) if shown else ()


def _rated(record: CaseRecord, lead: CaseRecord) -> bool:
    """A verdict counts once for every closing."""
    verdicts = CaseStep.objects.filter(case=record, kind="verdict_given").order_by("-seq").first()
    return verdicts is not None and lead.closed_at is not None and verdicts.happened_at >= lead.closed_at
