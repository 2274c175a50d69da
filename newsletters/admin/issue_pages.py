"""The pages of one issue in the admin by name, and the small ones: start, test, refresh, copy."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletters.admin import preview, report, sending
from newsletters.admin.forms import StartForm, TestForm
from newsletters.admin.workflow import workflow_of
from newsletters.issues import mailing, prefill
from newsletters.models import Issue

Context = dict[str, Any]
Request = Any  # an HttpRequest of somebody who has a desk


def start(request: Request, context: Context) -> HttpResponse:
    """Make the next issue of a list, prefilled with what has happened since the last one."""
    form = StartForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        issue = prefill.start_issue(form.cleaned_data["list"], request.user, timezone.now())
        messages.success(request, _("The new issue is a draft. Write its first block and look through the others."))
        return redirect("admin:newsletters_issue_change", issue.pk)
    context |= {"form": form, "title": _("New issue, prefilled")}
    return TemplateResponse(request, "admin/newsletters/issue/start.html", context)


def test(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Send the letter to oneself, and to other coordinators of the area."""
    form = TestForm(issue, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        people = list(form.cleaned_data["people"])
        for person in people:
            mailing.send_test(issue, person, timezone.now())
        addresses = ", ".join(person.email for person in people)
        messages.success(request, _("A test letter is on its way to %(email)s.") % {"email": addresses})
        return redirect("admin:newsletters_issue_test", issue.pk)
    context |= {"title": _("Send a test"), "path": workflow_of(issue, "test"), "form": form}
    return TemplateResponse(request, "admin/newsletters/issue/test.html", context)


def refresh(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Add what has come on the portal meanwhile."""
    if request.method == "POST" and not issue.is_sent:
        added = prefill.fill(issue, timezone.now())
        words = ngettext("%(count)d block was added at the end.", "%(count)d blocks were added at the end.", added) % {
            "count": added
        }
        messages.success(request, words if added else _("There is nothing new on the portal."))
    return redirect("admin:newsletters_issue_change", issue.pk)


def copy(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """A new draft with the same words."""
    if request.method != "POST":
        return redirect("admin:newsletters_issue_change", issue.pk)
    twin = issue.copy(request.user, timezone.now())
    messages.success(request, _("This is the copy. It is a draft."))
    return redirect("admin:newsletters_issue_change", twin.pk)


ISSUE_PAGES: dict[str, Callable[..., Any]] = {
    "preview": preview.preview,
    "letter": preview.letter,
    "test": test,
    "send": sending.send,
    "cancel": sending.cancel,
    "progress": sending.progress,
    "pause": sending.pause,
    "resume": sending.resume,
    "stop": sending.stop,
    "report": report.report,
    "download": report.download,
    "share": report.share,
    "refresh": refresh,
    "copy": copy,
}
