"""Pages for readers of the method bank: one method, and what I have written."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.absolute_urls import absolute
from lib.access import members_only, public
from methods.editing.forms import ReviewForm
from methods.models import Method, WorkingCopy
from methods.models.free_texts import sentences_about
from methods.models.method_facts import vocabulary_of
from methods.open_data import schema_org
from methods.usage import panel

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
    """What I have written, with the state of each, and what I left unsaved."""
    own = Method.objects.written_by(request.user).last_changed()
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    copies = WorkingCopy.objects.unfinished(request.user)
    return render(request, "methods/usage/mine.html", {"page": page, "copies": copies})


def show_method(
    request: HttpRequest, method: Method, form: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    shown = Method.objects.visible_to(request.user).published()
    steps, vocabulary = list(method.steps.in_order()), vocabulary_of(method)
    context: dict[str, Any] = {
        "method": method,
        "steps": steps,
        "vocabulary": vocabulary,
        "data": schema_org.of(method, steps, [term for _label, terms in vocabulary for term in terms]),
        "url": absolute(method.get_absolute_url()),
        "forebears": shown.forebears_of(method) if method.derived_from_id else [],
        "derivatives": shown.filter(derived_from=method).newest()[:20],
        "whole": shown.filter(pk=method.part_of_id).first() if method.part_of_id else None,
        "parts": shown.filter(part_of=method).by_title()[:50],
        "related": shown.filter(related=method).by_title()[:50],
        **panel.of_method(request, method),
    }
    if request.user.is_authenticated and method.is_editable_by(request.user):
        context |= _for_authors(request, method, form)
    return render(request, "methods/method_detail.html", context, status=status)


def _for_authors(request: HttpRequest, method: Method, form: ReviewForm | None) -> dict[str, Any]:
    """What the page shows to those who may edit: where it stands, what was said, what is unsaved."""
    copy = WorkingCopy.objects.of(request.user, method.key).first()
    more: dict[str, Any] = {
        "may_edit": True,
        "may_review": Method.objects.run_by(request.user).filter(pk=method.pk).exists(),
        "reviews": method.reviews.with_remarks(),
        "is_unsaved": bool(copy),
        "is_held": copy if copy and copy.is_held else None,
        "is_due": method.is_old(timezone.localdate()),
    }
    if method.may_be_reviewed_by(request.user):
        more |= {"form": form or ReviewForm(is_model=method.is_model), "lacks": method.lacks()}
        more |= {"personal_data": sentences_about(method)}
    return more
