"""What a resident, or a program on a resident's behalf, may send and see without a key."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, HeaderEx, P, Router, Status
from ninja.files import UploadedFile

from gongzhi.base.actor import RESIDENT
from gongzhi.base.address import limit_for
from gongzhi.base.errors import NotAllowed, NotFound
from gongzhi.base.ids import clean_code
from gongzhi.cases import operations as cases
from gongzhi.cases import queries
from gongzhi.cases.pictures import PublicPicture
from gongzhi.exchange import limits, present
from gongzhi.exchange.shapes.answers import PhotoAnswer, PublicCase, ReceiptAnswer, receipt_answer
from gongzhi.exchange.shapes.reports import Information, Report, Verdict
from gongzhi.files import operations as files
from gongzhi.programs.types import Source

router = Router(tags=["residents"])
ReceiptCode = HeaderEx[str, P(alias="X-Receipt-Code")]


@router.post("/reports", response={201: ReceiptAnswer, 200: ReceiptAnswer}, summary="Report something")
def report(request: HttpRequest, payload: Report) -> Status[ReceiptAnswer]:
    """Take in a report: 201 the first time, 200 when the same is sent again, 409 if it says something else."""
    return Status(*take_in(request, payload))


def take_in(request: HttpRequest, payload: Report) -> tuple[int, ReceiptAnswer]:
    """The status and the receipt of a report, within the limit of its sender's address."""
    limit = limit_for(request, settings.GONGZHI_REPORTS_PER_ADDRESS, settings.GONGZHI_HOTLINE_ADDRESSES)
    limits.refuse_when_over(request, "report", limit)
    receipt = cases.report_case(
        client_id=payload.client_id,
        kind=payload.kind or None,
        text=payload.text,
        place=payload.location.point() if payload.location else None,
        place_text=payload.place_text or "",
        contact=payload.contact or "",
        photos=payload.photos,
        form=payload.form,
        no_reply=payload.no_reply,
        secret=payload.secret,
        source=Source.RESIDENT,
        by=RESIDENT,
        now=present.now(),
    )
    if receipt.created and limit:
        limits.count(request, "report")
    return 201 if receipt.created else 200, receipt_answer(receipt)


@router.post("/photos", response={201: PhotoAnswer}, summary="Keep a photo for a report that follows")
def photo(request: HttpRequest, photo: File[UploadedFile]) -> Status[PhotoAnswer]:
    """Check a photo by its content, strip its metadata, and keep it under an id."""
    limits.refuse_when_over(request, "photo", limits.UPLOADS)
    limits.count(request, "photo")
    kept = files.keep_photo(data=photo, by=RESIDENT, now=present.now())
    return Status(201, PhotoAnswer(photo_id=kept))


@router.get("/cases/{case_code}", response=PublicCase, summary="See how a case stands")
def case(request: HttpRequest, case_code: str, receipt: ReceiptCode = "") -> PublicCase:
    """The public view; with the receipt code also the reporter's own words and what they may do."""
    return PublicCase.model_validate(_look(request, case_code, receipt))


@router.post("/cases/{case_code}/information", response={201: PublicCase}, summary="Add facts to a report")
def information(
    request: HttpRequest, case_code: str, payload: Information, receipt: ReceiptCode
) -> Status[PublicCase]:
    """More facts or photos from the holder of the receipt."""
    _look(request, case_code, receipt, must_hold=True)
    cases.add_information(
        case=case_code,
        text=payload.text,
        photo_ids=payload.photos,
        by=RESIDENT,
        now=present.now(),
        receipt=True,
    )
    return Status(201, PublicCase.model_validate(_look(request, case_code, receipt)))


@router.post("/cases/{case_code}/verdict", response={201: PublicCase}, summary="Say whether it is solved")
def verdict(
    request: HttpRequest, case_code: str, payload: Verdict, receipt: ReceiptCode
) -> Status[PublicCase]:
    """The reporter has the last word: “not solved” reopens the case."""
    _look(request, case_code, receipt, must_hold=True)
    cases.give_verdict(
        case=case_code, receipt=receipt, solved=payload.solved, why=payload.why, now=present.now()
    )
    return Status(201, PublicCase.model_validate(_look(request, case_code, receipt)))


def _look(request: HttpRequest, code: str, receipt: str, *, must_hold: bool = False) -> PublicPicture:
    """The picture for this caller; codes that do not exist and receipts that do not fit count against guessing."""
    limits.refuse_when_over(request, "code", limits.WRONG_CODES)
    receipts = f"receipt:{clean_code(code)}"  # however the code is written, its tries are counted together
    limits.refuse_when_over(request, receipts, limits.WRONG_RECEIPTS)
    try:
        picture = queries.public_picture(code, receipt, present.now())
    except NotFound:
        limits.count(request, "code")
        raise
    if picture.locked and not receipt:
        raise NotFound(_("Only its owner can open this: send the receipt code."), code="no_receipt")
    if (receipt or must_hold) and not picture.is_reporter:
        limits.count(request, receipts)
        raise NotAllowed(
            _("The receipt code does not fit this case."), code="wrong_receipt", field="X-Receipt-Code"
        )
    return picture
