"""Pages for readers of the method bank: one method, and what I have written."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from methods import schema
from methods.forms import ReviewForm
from methods.models import Method
from youthnet.access import members_only, public
from youthnet.links import absolute

PER_PAGE = 24
SHOWN_WITH = ["author", "organisation", "municipality", "preparation", "stage", "licence", "network", "area"]


@public
@require_safe
def method_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One method, and for its author and the coordinator where it stands and what comes next."""
    shown = Method.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    method = shown.filter(slug=slug).first()
    if method is None:  # an address that it had before
        return redirect(get_object_or_404(shown, former_addresses__slug=slug), permanent=True)
    return show_method(request, method)


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have written, with the state of each."""
    own = Method.objects.written_by(request.user).last_changed()
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/mine.html", {"page": page})


def show_method(
    request: HttpRequest, method: Method, form: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    shown = Method.objects.visible_to(request.user).published()
    steps, vocabulary = list(method.steps.in_order()), method.vocabulary()
    context: dict[str, Any] = {
        "method": method,
        "steps": steps,
        "vocabulary": vocabulary,
        "data": schema.of(method, steps, [term for _label, terms in vocabulary for term in terms]),
        "url": absolute(method.get_absolute_url()),
        "origin": shown.filter(pk=method.derived_from_id).first() if method.derived_from_id else None,
        "derivatives": shown.filter(derived_from=method).newest()[:20],
    }
    if request.user.is_authenticated and method.is_editable_by(request.user):
        context |= {"may_edit": True, "last_review": method.reviews.latest_first().first()}
        if method.may_be_reviewed_by(request.user):
            context |= {"form": form or ReviewForm(), "lacks": method.lacks()}
    return render(request, "methods/method_detail.html", context, status=status)
