"""The checker: a page that proves a receipt in the browser, here or saved to disk, without asking a server."""

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

LOOKS = ("base/tokens.css", "base/base.css", "portal/check.css")
SCRIPT = "portal/check.js"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The checker on the portal."""
    return render(request, "portal/check.html", {"script_words": sentences()})


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The same as one file to keep: look, words and program inside, nothing else needed."""
    looks = "\n".join(_static(name) for name in LOOKS)
    context = {
        # Our own files, put into a page that is saved and never shown from here: the policy stays as strict.
        "look": _element("style", looks),
        "program": _element('script type="module"', _static(SCRIPT)),
        "script_words": sentences(),
    }
    answer = HttpResponse(render_to_string("portal/check_file.html", context, request))
    answer["Content-Disposition"] = 'attachment; filename="gongzhi-check.html"'
    return answer


def sentences() -> dict[str, str]:
    """What the program says; every finding is a sentence of its own."""
    return {
        "not_json": _("This is not a proof file. Choose the file that the page of your case gave you."),
        "no_crypto": _(
            "This browser can't calculate here. Save this page and open the saved file, or use https."
        ),
        "fetching": _("Fetching the proof …"),
        "not_fetched": _(
            "The proof could not be fetched. Save the file on the page of your case and choose it here."
        ),
        "all_good": _("Everything fits. Nothing of this was changed since it was sealed."),
        "part_good": _("What could be checked fits; not all could be checked."),
        "bad": _(
            "Something does not fit. Keep both files and ask the centre, or somebody you trust, to look."
        ),
        "no_head": _("Nothing is sealed yet: the first head comes within the hour."),
        "head_signed": _("Head %(number)s of %(time)s, over %(size)s entries, is signed by key %(key)s…"),
        "head_forged": _("Head %(number)s: the signature does not fit what the head says."),
        "head_key": _("Head %(number)s: the key it names is not in the file, or is another one."),
        "head_unchecked": _(
            "Head %(number)s: this browser can't check Ed25519 signatures. All else is checked."
        ),
        "steps_in": _("%(count)s steps stand in the log under this head, unchanged."),
        "step_out": _("Step %(seq)s does not lead to the head: it is not what was sealed."),
        "steps_waiting": _("%(count)s newest steps are not yet sealed. Come back after the next full hour."),
        "extends": _("Head %(new)s contains all that head %(old)s covered: nothing was taken back."),
        "not_extends": _("Head %(new)s does not contain what head %(old)s covered: the log was rewritten."),
        "own_good": _("Your own words are the ones that were sealed: %(words)s"),
        "own_bad": _("Your own words are not the ones that were sealed in step %(seq)s."),
        "older_good": _("All %(count)s steps of your older file are still the same."),
        "older_bad": _("Step %(seq)s was another one in your older file."),
        "older_alone": _(
            "To compare with head %(old)s, open this page on the portal, or choose a newer file."
        ),
        "older_newer": _("The older file is newer than the first one. Change the two."),
    }


def _static(name: str) -> str:
    found = finders.find(name)
    with open(str(found), encoding="utf-8") as source:
        return source.read()


def _element(opening: str, text: str) -> SafeString:
    inside = mark_safe(text.replace("</", "<\\/"))  # noqa: S308 - our own static files
    return format_html("<{}>{}</{}>", mark_safe(opening), inside, opening.split()[0])  # noqa: S308
