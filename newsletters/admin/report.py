"""After sending: what became of the letters, who did not get one and why, and the words to paste elsewhere."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.output import csv_export
from newsletters.admin.workflow import workflow_of
from newsletters.issues import share_text
from newsletters.models import Issue
from outbox.incoming import smtp_status
from outbox.models import IN_STATE, Delivery, State

Request = Any
Context = dict[str, Any]

PER_PAGE = 50
ARRIVED = IN_STATE[State.SENT]


def report(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Only what mail servers say: whether somebody opened the letter is not followed, and the page says so."""
    if not issue.is_sent:
        return redirect("admin:newsletters_issue_change", issue.pk)
    letters = _letters(issue)
    missing = letters.exclude(ARRIVED).order_by("recipient", "pk")
    counts = issue.progress()
    context |= {
        "title": _("Report"),
        "path": workflow_of(issue, "report"),
        "total": counts["total"],
        "rows": [(state.label, counts[state.value]) for state in State if counts[state.value]],
        "by_language": _by_language(letters),
        "reasons": _reasons(missing),
        "left_since": _left_since(issue),
        "missing": Paginator(missing.defer("text", "html", "calendar"), PER_PAGE).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "admin/newsletters/issue/report.html", context)


def _letters(issue: Issue) -> Any:
    return issue.mailing.deliveries.all() if issue.mailing else Delivery.objects.none()


def _by_language(letters: Any) -> list[tuple[str, int, int]]:
    """The language, how many letters were written in it, how many of them arrived as far as we know."""
    found = letters.order_by().values("language").annotate(all=Count("pk"), arrived=Count("pk", filter=ARRIVED))
    counts = {row["language"]: (row["all"], row["arrived"]) for row in found}
    return [(str(name), *counts[code]) for code, name in settings.LANGUAGES if code in counts]


def _reasons(missing: Any) -> list[tuple[str, int]]:
    """Why, in words, the most frequent first. A thousand different answers of servers come down to a few."""
    found: Counter[str] = Counter()
    for answer, given, number in missing.order_by().values_list("last_error", "cancel_reason").annotate(Count("pk")):
        if words := given or (answer and smtp_status.of_reply(answer).sentence):
            found[words] += number
    return found.most_common()


def _left_since(issue: Issue) -> int:
    """Subscriptions of its recipients that have ended after it was sent."""
    letters = _letters(issue).filter(sent_at__isnull=False).values("recipient")
    return issue.subscriptions().filter(email__in=letters, ended_at__gt=issue.addressed_at).count()


def download(request: Request, issue: Issue, context: Context) -> HttpResponse | StreamingHttpResponse:
    """One line per letter, for a spreadsheet."""
    if not issue.is_sent:
        return redirect("admin:newsletters_issue_change", issue.pk)
    return csv_export.stream(issue.slug, _rows(issue))


def _rows(issue: Issue) -> Iterator[list[str]]:
    yield [_("Address"), _("Language"), _("What became of the letter"), _("Reason"), _("When")]
    letters = _letters(issue).select_related("mailing").defer("text", "html", "calendar").order_by("recipient", "pk")
    for letter in letters.iterator(chunk_size=2000):
        at = letter.sent_at or letter.failed_at or letter.cancelled_at
        moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
        yield [letter.recipient, letter.language, str(letter.state.label), str(letter.reason), moment]


def share(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """The words for Teams and Facebook, for everybody or for the members' own chat."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("language", "")
    language = asked if asked in known else (get_language() or "fi")[:2]
    for_members = request.GET.get("for") == "members"
    context |= {
        "title": _("Words for Teams and Facebook"),
        "path": workflow_of(issue, "share"),
        "language": language,
        "languages": settings.LANGUAGES,
        "for_members": for_members,
        "text": share_text.ready_text(issue, language, for_members, timezone.now()),
    }
    return TemplateResponse(request, "admin/newsletters/issue/share.html", context)
