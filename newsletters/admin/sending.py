"""Sending on the desk: who gets what, when, how far it is, hold it, go on, stop it. GET shows, POST acts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.exceptions import Refused
from lib.tasks import wake
from newsletters.admin.forms import SendForm, comes_twice
from newsletters.admin.workflow import workflow_of
from newsletters.issues.audience_counts import count_audience
from newsletters.issues.checklist import checklist, may_be_sent
from newsletters.models import Issue
from newsletters.models.issue_queryset import IssueState
from newsletters.tasks import send_issues
from outbox.models import Mailing, State
from outbox.tasks import send_queued

Request = Any
Context = dict[str, Any]

PER_PAGE = 50
# Letters in these states have not left and still may.
AHEAD = [State.WAITING, State.DEFERRED, State.UNCERTAIN, State.SENDING]


def send(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """The list to look through, exactly who gets the letter, and when it leaves."""
    if issue.is_sent:
        return redirect("admin:newsletters_issue_progress", issue.pk)
    now = timezone.now()
    counts = count_audience(issue, now)
    items = checklist(issue, counts, now)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_be_sent(items):
        return _send(request, issue, form.moment(now), now)
    context |= {
        "title": _("Check and send"),
        "path": workflow_of(issue, "send"),
        "form": form,
        "counts": counts,
        "items": items,
        "may_be_sent": may_be_sent(items),
        "recipients": _page_of_recipients(request, issue, now),
        "button": ngettext("Send to %(count)d reader", "Send to %(count)d readers", counts.recipients)
        % {"count": counts.recipients},
    }
    return TemplateResponse(request, "admin/newsletters/issue/send.html", context)


def _page_of_recipients(request: Request, issue: Issue, now: datetime) -> Any:
    recipients = issue.recipients(now).select_related("list", "user").order_by("email", "pk")
    return Paginator(recipients, PER_PAGE).get_page(request.GET.get("page"))


def _send(request: Request, issue: Issue, at: datetime, now: datetime) -> HttpResponse:
    done = _("The issue is on its way to its readers.") if at <= now else _("The issue waits for its time.")
    if comes_twice(at):
        done += " " + _("The clocks show this time twice that night; it leaves at the first.")
    answer = do_and_report(request, issue, lambda: issue.schedule(at), done)
    wake(send_issues)
    return answer


def cancel(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Take back an issue that waits for its time."""
    if request.method == "POST":
        done = _("You took the issue back in time: nobody got it, and it is a draft again.")
        return do_and_report(request, issue, lambda: issue.cancel(timezone.now()), done, "change")
    return redirect("admin:newsletters_issue_progress", issue.pk)


# --- on its way ---


def progress(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """How far it is. The part that changes is asked for again every two seconds, or by loading the page anew."""
    now = timezone.now()
    context |= {
        "title": _("On its way"),
        "path": workflow_of(issue, "progress"),
        "state": issue.state,
        "is_live": issue.state in (IssueState.WAITING, IssueState.SENDING, IssueState.PAUSED),
        **_countdown(issue, now),
        "now": now,
        **_mailing_progress(issue.mailing, now),
    }
    part = "_progress" if request.htmx else "progress"
    return TemplateResponse(request, f"admin/newsletters/issue/{part}.html", context)


def _countdown(issue: Issue, now: datetime) -> Context:
    """How long the issue can still be taken back; nothing when it does not wait."""
    if not issue.is_waiting or issue.scheduled_at is None:
        return {"left": None}
    left = max(issue.scheduled_at - now, timedelta())
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    return {"left": left, "minutes": minutes, "seconds": seconds}


def _mailing_progress(mailing: Mailing | None, now: datetime) -> Context:
    """The counts of the outbox in words, the speed so far a minute, and how many minutes it still takes."""
    if mailing is None:
        return {"mailing": None}
    counts = mailing.progress()
    ahead = sum(counts[state.value] for state in AHEAD)
    rows = [(state.label, counts[state.value]) for state in State if counts[state.value]]
    left = mailing.deliveries.filter(sent_at__isnull=False)
    span = left.aggregate(first=Min("sent_at"), last=Max("sent_at"), number=Count("pk"))
    seconds = (span["last"] - span["first"]).total_seconds() if span["number"] > 1 else 0
    speed = span["number"] / seconds if seconds else 0
    return {
        "mailing": mailing,
        "total": counts["total"],
        "done": counts["total"] - ahead,
        "ahead": ahead,
        "sent": span["number"],
        "rows": rows,
        "speed": round(speed * 60),
        "takes": ceil(ahead / speed / 60) if speed else 0,
    }


def pause(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Hold what has not been sent."""
    done = _("Paused: no more letters leave until you let them go on.")
    return _on_mailing(request, issue, lambda mailing: mailing.pause(timezone.now(), ""), done)


def resume(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Let the others go on. Nobody who has it gets it again."""
    answer = _on_mailing(request, issue, Mailing.resume, _("The letters go on. Nobody gets it twice."))
    wake(send_queued)
    return answer


def _on_mailing(request: Request, issue: Issue, verb: Callable[[Mailing], bool], done: str) -> HttpResponse:
    mailing = issue.mailing if request.method == "POST" else None
    if mailing and verb(mailing):
        messages.success(request, done)
    elif request.method == "POST":
        messages.warning(request, _("Nothing was changed: the letters were not in that state any more."))
    return redirect("admin:newsletters_issue_progress", issue.pk)


def stop(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Asks first, in words: what has been sent is not taken back, the others get nothing."""
    mailing = issue.mailing
    if mailing is None or mailing.is_over:
        return redirect("admin:newsletters_issue_progress", issue.pk)
    if request.method == "POST":
        stopped = mailing.stop(timezone.now(), _("Stopped by the coordinator."))
        words = ngettext("%(count)d letter will not be sent.", "%(count)d letters will not be sent.", stopped)
        messages.success(request, words % {"count": stopped})
        return redirect("admin:newsletters_issue_progress", issue.pk)
    sent = _mailing_progress(mailing, timezone.now())
    words = _(
        "%(sent)d readers have the letter already and keep it. %(ahead)d have not got it yet and would never get it. "
        "This cannot be undone."
    )
    context |= {
        "title": _("Stop the rest"),
        "path": workflow_of(issue, "progress"),
        "question": words % sent,
        "button": _("Stop the rest"),
        "back": "progress",
    }
    return TemplateResponse(request, "admin/newsletters/issue/confirm.html", context)


def do_and_report(
    request: Request, issue: Issue, verb: Callable[[], Any], done: str, then: str = "progress"
) -> HttpResponse:
    """Do it, say so or why not, and show the next page."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:newsletters_issue_change", issue.pk)
    messages.success(request, done)
    return redirect(f"admin:newsletters_issue_{then}", issue.pk)
