"""Pages for everybody: what was sent to public lists, by area and list, with a search; and one issue.

Nothing here depends on who looks: no links to online meetings, nothing that is for members.
"""

from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.models import CoordinationArea
from lib.access import public
from newsletters.models import Issue, MailingList
from newsletters.models.block import without_bare_headings

PER_PAGE = 20
LONGEST_QUERY = 200


@public
@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """Everything that was sent to public lists."""
    return _archive(request)


@public
@require_safe
def area_issues(request: HttpRequest, area: str) -> HttpResponse:
    """What one area sent."""
    return _archive(request, area=get_object_or_404(CoordinationArea, slug=area))


@public
@require_safe
def list_issues(request: HttpRequest, area: str, code: str) -> HttpResponse:
    """What was sent to one list. A list that is not public looks as if it did not exist."""
    offered = MailingList.objects.visible_to(None).select_related("area")
    mailing_list = get_object_or_404(offered, area__slug=area, code=code)
    return _archive(request, area=mailing_list.area, mailing_list=mailing_list)


@public
@require_safe
def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One issue as everybody may read it."""
    sent = Issue.objects.visible_to(None).select_related("list__area")
    issue = get_object_or_404(sent, slug=slug)
    shown = set(issue.blocks.shown_to(AnonymousUser()).values_list("pk", flat=True))
    context = {
        "issue": issue,
        "blocks": without_bare_headings(issue.blocks.in_order(), shown),
        "earlier": sent.before(issue),
        "later": sent.after(issue),
    }
    return render(request, "newsletters/archive/issue_detail.html", context)


def _archive(request: HttpRequest, area: Any = None, mailing_list: Any = None) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()
    issues = Issue.objects.visible_to(None).select_related("list__area")
    lists = MailingList.objects.visible_to(None).select_related("area").in_order()
    if area:
        issues, lists = issues.filter(list__area=area), lists.filter(area=area)
    if mailing_list:
        issues = issues.filter(list=mailing_list)
    found = issues.matching(words)
    ordered = found.best() if "rank" in found.query.annotations else found.latest_sent()
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": area,
        "list": mailing_list,
        "lists": lists,
        "words": words,
        "page": page,
        "years": [] if words else _by_year(page),
    }
    return render(request, "newsletters/archive/issue_list.html", context)


def _by_year(page: Page) -> list[tuple[int, list[Issue]]]:
    """The issues of a page under the years they were sent in, the newest first."""
    years = groupby(page, lambda issue: timezone.localtime(issue.addressed_at).year)
    return [(year, list(issues)) for year, issues in years]
