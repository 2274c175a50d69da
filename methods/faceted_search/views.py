"""The list of the method bank, narrowed by facets with live counts."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from lib.access import public
from methods.faceted_search.filters import PER_PAGE, MethodFilter


@public
@require_safe
def method_list(request: HttpRequest) -> HttpResponse:
    """The method bank: what is published and the reader may see. htmx gets what changes: the counts and the list."""
    found = MethodFilter(request.GET, request.user, partly=True)
    is_part = request.htmx and not request.htmx.history_restore_request
    template = "methods/faceted_search/_results_oob.html" if is_part else "methods/faceted_search/method_list.html"
    response = render(request, template, {"filter": found, "page": _page(found, request.GET.get("page"))})
    if is_part:
        response["HX-Push-Url"] = (request.path + found.address()).rstrip("?")
    patch_vary_headers(response, ["HX-Request"])
    return response


def _page(found: MethodFilter, number: str | None) -> Page:
    """The rows of one page; that they are counted already spares a question."""
    paginator = Paginator(range(found.count), PER_PAGE)
    page = paginator.get_page(number)
    begin = (page.number - 1) * PER_PAGE
    return Page(found.rows(begin, begin + PER_PAGE, timezone.now()), page.number, paginator)
