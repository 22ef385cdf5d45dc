"""Snap and report: one page, safe to send again."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.base import actor
from gongzhi.base.address import limit_for
from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.ids import clean_code
from gongzhi.base.together import RETRY_AFTER, Busy
from gongzhi.cases import operations as cases
from gongzhi.cases.pictures import Similar
from gongzhi.cases.types import Receipt
from gongzhi.portal import limiter, receipts
from gongzhi.portal.forms import MOST_PHOTOS, ReportForm, first_errors, kept_photos, photo_token
from gongzhi.portal.pages.similar import find_similar
from gongzhi.portal.uploads import keep_once
from gongzhi.programs import queries as programs
from gongzhi.programs import questions
from gongzhi.programs.questions import QuestionSet
from gongzhi.programs.types import CaseKind, Program, Source, Subject

MOST_UPLOADS = 600  # from one address in ten minutes
SURE_ENOUGH = 60  # a similar report this likely is shown before sending, also without JavaScript


@dataclass(slots=True)
class Draft:
    """A report on its way in: what was typed, the photos already kept, what is wrong with it."""

    form: ReportForm
    client_id: uuid.UUID
    photos: list[uuid.UUID]
    errors: dict[str, str]
    similar: Sequence[Similar] = ()
    busy: bool = False  # too many wait: the same may be sent again as it is

    def tokens(self) -> list[str]:
        """The kept photos as tokens, for the hidden fields of the page shown again."""
        return [photo_token(self.client_id, photo) for photo in self.photos]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The empty form, or a report sent from it."""
    if request.method != "POST":
        blank = ReportForm(initial={"client_id": uuid.uuid4(), "kind": request.GET.get("kind", "")})
        return _show(request, Draft(blank, blank.initial["client_id"], [], {}))
    limit = limit_for(request, settings.GONGZHI_REPORTS_PER_ADDRESS, settings.GONGZHI_HOTLINE_ADDRESSES)
    limiter.refuse_when_over(request, "report", limit)
    draft = _read(request)
    if not draft.errors and _needs_a_look(draft):
        return _show(request, draft)
    receipt = None if draft.errors else _send(draft)
    if receipt is None:
        return _answer_errors(request, draft)
    if limit:
        limiter.count(request, "report")
    return _take_home(request, receipt)


@require_POST
def photo(request: HttpRequest) -> JsonResponse:
    """Keep one photo of a report that is being sent; the token stands for it when the report follows."""
    limiter.refuse_when_over(request, "upload", MOST_UPLOADS)
    limiter.count(request, "upload")
    try:
        client_id = uuid.UUID(request.POST.get("client_id", ""))
        upload = request.FILES["photo"]
    except (ValueError, KeyError):
        return JsonResponse({"error": _("The photo did not arrive. Choose it again.")}, status=422)
    try:
        kept = keep_once(request.session, client_id, upload)
    except Refused as refused:
        return JsonResponse({"error": str(refused.message)}, status=422)
    return JsonResponse({"token": photo_token(client_id, kept)}, status=201)


def _read(request: HttpRequest) -> Draft:
    form = ReportForm(request.POST)
    errors = first_errors(form)
    client_id = form.cleaned_data.get("client_id") or uuid.uuid4()
    errors.pop("client_id", None)  # a broken id becomes a new one: nothing the sender could put right
    photos = kept_photos(client_id, request.POST.getlist("kept"))
    draft = Draft(form, client_id, photos, errors)
    _keep_uploads(draft, request.session, request.FILES.getlist("photos"))
    return draft


def _keep_uploads(draft: Draft, session: SessionBase, uploads: Sequence[Any]) -> None:
    """Keep the photos of a page sent without JavaScript; a bad one is named and the others stay."""
    if len(draft.photos) + len(uploads) > MOST_PHOTOS:
        draft.errors["photos"] = _("At most %(count)d photos. Leave some out.") % {"count": MOST_PHOTOS}
        return
    for upload in uploads:
        try:
            photo = keep_once(session, draft.client_id, upload)
        except Refused as refused:
            draft.errors["photos"] = f"{str(upload.name)[:60]}: {refused.message}"
        else:
            if photo not in draft.photos:  # the same picture chosen twice
                draft.photos.append(photo)


def _needs_a_look(draft: Draft) -> bool:
    """Whether similar reports have to be shown once before this one is taken in."""
    given = draft.form.cleaned_data
    if given.get("seen") or given.get("link_to"):
        return False
    found = find_similar(draft.form.place(), given.get("kind", ""), given.get("text", ""))
    draft.similar = [each for each in found if each.score >= SURE_ENOUGH]
    return bool(draft.similar)


def _send(draft: Draft) -> Receipt | None:
    given = draft.form.cleaned_data
    now = timezone.now()
    kind = programs.current_kind(given["kind"], timezone.localdate(now))
    try:
        return cases.report_case(
            client_id=draft.client_id,
            kind=given["kind"] or None,
            text=given["text"],
            place=draft.form.place(),
            place_text=given["place_text"],
            contact=given["contact"],
            photos=draft.photos,
            source=Source.RESIDENT,
            by=actor.RESIDENT,
            now=now,
            link_to=clean_code(given["link_to"]) or None,
            form=questions.read(kind, draft.form.data),
            no_reply=given["no_reply"],
            secret=given["secret"],
        )
    except Conflict as conflict:
        draft.client_id = uuid.uuid4()
        draft.photos = []
        draft.errors["report"] = str(conflict.message)
    except Busy as busy:
        draft.busy, draft.errors["report"] = True, str(busy.message)
    except Refused as refused:
        draft.errors[questions.input_of(kind, _field_of(refused))] = str(refused.message)
    return None


def _field_of(refused: Refused) -> str:
    place = refused.code == "outside_county" or refused.field in ("lon", "lat", "place", "location")
    return "place" if place else refused.field or "report"


def _take_home(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    receipts.remember_latest(request.session, receipt.case_code, receipt.receipt_code)
    if _wants_json(request):
        return JsonResponse({"next": reverse("portal:receipt")}, status=201 if receipt.created else 200)
    return redirect("portal:receipt")


def _answer_errors(request: HttpRequest, draft: Draft) -> HttpResponse:
    if _wants_json(request):
        body = {"errors": draft.errors, "client_id": str(draft.client_id)}
        conflict = draft.form.is_valid() and "report" in draft.errors
        answer: HttpResponse = JsonResponse(body, status=503 if draft.busy else 409 if conflict else 422)
    else:
        answer = _show(request, draft, status=503 if draft.busy else 422)
    if draft.busy:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _show(request: HttpRequest, draft: Draft, status: int = 200) -> HttpResponse:
    context = {
        "draft": draft,
        "form": draft.form,
        "errors": draft.errors,
        "kinds": _kinds(),
        "questions": _questions(draft),
        "most_photos": MOST_PHOTOS,
        "script_words": _script_words(),
    }
    return render(request, "portal/report.html", context, status=status)


def _kinds() -> list[Mapping[str, Any]]:
    """What a resident may choose, by program; what ends in minutes comes last, as a call is better there."""
    today, language = timezone.localdate(), get_language()
    groups = [
        {"title": program.title.show(language), "kinds": _choices(program, language)}
        for program in sorted(
            programs.programs(today), key=lambda each: any(kind.urgent for kind in each.kinds)
        )
    ]
    return [group for group in groups if group["kinds"]]


def _questions(draft: Draft) -> list[QuestionSet]:
    kinds = [kind for kind in programs.current_kinds(timezone.localdate()) if _offered(kind)]
    return questions.ask(kinds, str(draft.form["kind"].value() or ""), draft.form.data, draft.errors)


def _offered(kind: CaseKind) -> bool:
    return kind.selectable and Source.RESIDENT in kind.sources


def _haste(program: Program) -> int:
    subjects = {kind.subject for kind in program.kinds}
    return 2 if Subject.EMERGENCY in subjects else int(any(kind.urgent for kind in program.kinds))


def _choices(program: Program, language: str | None) -> list[Mapping[str, str]]:
    return [
        {"key": kind.key, "title": kind.title.show(language), "icon": kind.icon}
        for kind in program.kinds
        if _offered(kind)
    ]


def _script_words() -> dict[str, str]:
    """What report.js says, in the reader's language."""
    return {
        "remove_photo": _("Leave photo %(n)s out"),
        "photo_n": _("Photo %(n)s"),
        "photo_many": _("At most %(n)s photos"),
        "locating": _("Finding where you are…"),
        "locate_denied": _("The phone did not tell where you are. Tap the map or write the place."),
        "place_found": _("Place marked"),
        "sending": _("Sending…"),
        "sending_photo": _("Sending photo %(n)s of %(of)s…"),
        "waiting": _("No network. Your report is kept on this phone and will be sent by itself."),
        "try_now": _("Try now"),
        "send": _("Send"),
        "sent": _("Sent"),
        "kept_draft": _("What you wrote last time is still here."),
        "server_trouble": _(
            "Our side has trouble. Your report is kept on this phone and will be sent by itself."
        ),
        "stale_page": _("This page was open for too long. Load it again: what you wrote is kept."),
        "too_large": _("That is too much at once. Leave some photos out."),
        "too_many": _("That was too many reports in a short time. Wait ten minutes. If it is urgent, call."),
    }
