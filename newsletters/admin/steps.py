"""The pages between writing an issue and its readers: begin, preview, test, send, cancel. GET shows, POST acts."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from newsletters import press
from newsletters.forms import BeginForm, ScheduleForm
from newsletters.models import Issue
from newsletters.models.issue import Refused
from newsletters.tasks import send_issues
from youthnet.celery import wake

Context = dict[str, Any]
Request = Any  # an HttpRequest of somebody who has a desk

WIDTHS = {"phone": 375, "wide": 680}

# A letter brings its own styles and nothing else; it is shown in a frame that may do nothing but show it.
LETTER_POLICY = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [NONE],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def begin(request: Request, context: Context) -> HttpResponse:
    """Make the next issue of a list, prefilled with what has happened since the last one."""
    form = BeginForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        issue = Issue.objects.begin(form.cleaned_data["list"], author=request.user, now=timezone.now())
        messages.success(request, _("The new issue is a draft. Write its first block and look through the others."))
        return redirect("admin:newsletters_issue_change", issue.pk)
    context |= {"form": form, "title": _("New issue, prefilled")}
    return TemplateResponse(request, "admin/newsletters/issue/begin.html", context)


def preview(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """The letter as a reader sees it: HTML in the width of a phone or a wide window, and the plain text."""
    view = _view_of(request)
    letter = _letter_of(request, issue)
    context |= {
        "title": _("Preview"),
        "view": view,
        "width": WIDTHS[view["width"]],
        "letter": letter,
        "kilobytes": round(len(letter.html.encode()) / 1000, 1),
        "frame_url": f"{reverse('admin:newsletters_issue_letter', args=[issue.pk])}?{request.GET.urlencode()}",
        "languages": settings.LANGUAGES,
    }
    return TemplateResponse(request, "admin/newsletters/issue/preview.html", context)


@csp_replace(LETTER_POLICY)  # type: ignore[arg-type]
def letter(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """The letter alone, for the frame of the preview."""
    return HttpResponse(_letter_of(request, issue).html, headers={"X-Frame-Options": "SAMEORIGIN"})


def test(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Send the letter to oneself."""
    if request.method == "POST":
        issue.send_test(request.user, timezone.now())
        messages.success(request, _("A test letter is on its way to %(email)s.") % {"email": request.user.email})
        return _back_to(issue)
    context |= {
        "title": _("Send a test to myself"),
        "question": _("The letter goes to %(email)s only, as you would read it.") % {"email": request.user.email},
        "button": _("Send the test"),
    }
    return TemplateResponse(request, "admin/newsletters/issue/confirm.html", context)


def send(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Says exactly how many readers get the letter in which language, then sends it now or later."""
    later = "at" in request.POST
    form = ScheduleForm(issue, request.POST if later else None)
    if request.method == "POST" and (not later or form.is_valid()):
        return _send(request, issue, form.cleaned_data["at"] if later else timezone.now())
    languages = dict(settings.LANGUAGES)
    readers = [(languages[code], number) for code, number in issue.readers_by_language()]
    total = sum(number for _language, number in readers)
    button = ngettext("Send now to %(count)d reader", "Send now to %(count)d readers", total) % {"count": total}
    context |= {
        "title": _("Send the issue"),
        "form": form,
        "readers": readers,
        "total": total,
        "now_button": button,
    }
    return TemplateResponse(request, "admin/newsletters/issue/send.html", context)


def cancel(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Stop an issue that waits for its time."""
    if request.method == "POST":
        return _told(request, issue, lambda: issue.cancel(timezone.now()), _("The issue is a draft again."))
    context |= {
        "title": _("Cancel the sending"),
        "question": _("The issue becomes a draft again and goes to nobody until you send it anew."),
        "button": _("Cancel the sending"),
    }
    return TemplateResponse(request, "admin/newsletters/issue/confirm.html", context)


STEPS: dict[str, Callable[..., HttpResponse]] = {
    "preview": preview,
    "letter": letter,  # type: ignore[dict-item]
    "test": test,
    "send": send,
    "cancel": cancel,
}


def steps_of(issue: Issue) -> list[dict[str, str]]:
    """The buttons of an issue as it stands now."""
    names = {"preview": _("Preview"), "test": _("Send a test to myself")}
    if issue.is_waiting:
        names["cancel"] = _("Cancel the sending")
    elif not issue.is_sent:
        names["send"] = _("Send…")
    urls = {step: reverse(f"admin:newsletters_issue_{step}", args=[issue.pk]) for step in names}
    return [{"name": name, "url": urls[step]} for step, name in names.items()]


def _send(request: Request, issue: Issue, at: Any) -> HttpResponse:
    done = _("The issue goes out at its time.") if at > timezone.now() else _("The issue is on its way to its readers.")
    answer = _told(request, issue, lambda: issue.schedule(at), done)
    wake(send_issues)
    return answer


def _told(request: Request, issue: Issue, verb: Callable[[], None], done: str) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _back_to(issue)


def _back_to(issue: Issue) -> HttpResponse:
    return redirect("admin:newsletters_issue_change", issue.pk)


def _view_of(request: Request) -> dict[str, str]:
    """What the preview was asked to show: the letter's language, the eyes it is read with, and the width."""
    known = {code for code, _name in settings.LANGUAGES}
    language = request.GET.get("language", get_language() or "fi")
    return {
        "language": language if language in known else "fi",
        "reader": "me" if request.GET.get("reader") == "me" else "anyone",
        "width": "phone" if request.GET.get("width") == "phone" else "wide",
    }


def _letter_of(request: Request, issue: Issue) -> Any:
    view = _view_of(request)
    reader = request.user.pk if view["reader"] == "me" else None
    return press.preview(issue, view["language"], reader, timezone.now())
