"""Pages to print: one method as a card, or several as small cards, four to a sheet; both as PDF too."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lib.access import public
from lib.counters.rate_limit import count_of_visitor
from lib.output import pdf
from methods.models import Method, MethodStep
from methods.printing import cards

PDFS_PER_VISITOR = 60
OFFERED = 24
SIZES = {cards.A4: "A4", cards.A5: "A5"}
SHOWN_WITH = ["organisation", "municipality", "licence", "stage", "preparation"]


@public
@require_safe
def method_card(request: HttpRequest, slug: str) -> HttpResponse:
    """One method on A4 or A5, with a code that leads back to its page."""
    return render(request, "methods/printing/card.html", _one(request, slug))


@public
@require_safe
def method_card_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same card as a PDF."""
    context = _one(request, slug)
    return _pdf(request, slug, context, "methods/printing/card.html", cards.pictures_of(context["card"]))


@public
@require_safe
def card_sheet(request: HttpRequest) -> HttpResponse:
    """Choose several methods, then print them as small cards."""
    if "show" in request.GET and (context := _several(request))["sheets"]:
        return render(request, "methods/printing/card_sheet.html", context)
    shown = Method.objects.visible_to(request.user).published()
    chosen = shown.filter(slug__in=_slugs(request)).newest()
    found = shown.matching(request.GET.get("q", "")).exclude(slug__in=_slugs(request)).newest()[:OFFERED]
    return render(request, "methods/printing/card_choose.html", {"chosen": chosen, "found": found})


@public
@require_safe
def card_sheet_pdf(request: HttpRequest) -> HttpResponse:
    """The small cards as a PDF."""
    context = _several(request)
    if not context["sheets"]:
        raise Http404
    return _pdf(request, "kortit", context, "methods/printing/card_sheet.html", {})


def _one(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = Method.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    method = get_object_or_404(found, slug=slug)
    size = request.GET.get("size", cards.A4)
    size = size if size in SIZES else cards.A4
    return {
        "method": method,
        "card": cards.card(method),
        "size": size,
        "sizes": SIZES,
        "has_pdf": pdf.is_possible(),
        "pdf_url": f"{reverse('methods:method-card-pdf', args=[slug])}?size={size}",
    }


def _several(request: HttpRequest) -> dict[str, Any]:
    shown = Method.objects.visible_to(request.user).published().filter(slug__in=_slugs(request))
    steps = Prefetch("steps", MethodStep.objects.in_order(), to_attr="steps_in_order")
    chosen = shown.newest().select_related(*SHOWN_WITH).prefetch_related(steps)
    query = urlencode([("m", slug) for slug in _slugs(request)])
    pdf_url = f"{reverse('methods:card-sheet-pdf')}?{query}"
    return {"sheets": cards.sheets(chosen), "has_pdf": pdf.is_possible(), "pdf_url": pdf_url}


def _slugs(request: HttpRequest) -> list[str]:
    """The chosen ones, as many as fit on six sheets."""
    return request.GET.getlist("m")[: cards.MOST_ON_SHEETS]


def _pdf(
    request: HttpRequest, name: str, context: dict[str, Any], page: str, pictures: dict[str, bytes]
) -> HttpResponse:
    """The file; when too many are asked for, the page to print with a word about it."""
    if not context["has_pdf"]:
        raise Http404
    if not _is_rate_limited(request):
        try:
            return cards.as_pdf(name, context, pictures)
        except pdf.Busy:
            pass
    return render(request, page, context | {"is_busy": True}, status=429)


def _is_rate_limited(request: HttpRequest) -> bool:
    """Counts the PDFs of one network address in an hour; a restart forgets it."""
    return count_of_visitor(request, "methods.printing.cards") > PDFS_PER_VISITOR
