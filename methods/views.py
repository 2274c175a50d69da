"""Pages of the method bank: the list, one method, writing, reviewing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from methods import emails, use
from methods.filters import MethodFilter
from methods.forms import ReviewForm
from methods.models import Incomplete, Method
from methods.models.refusals import CommentNeeded, NotWaiting, OwnMethod
from methods.sheet import Sheet
from youthnet.access import coordinators_only, members_only, public

PER_PAGE = 24
SHOWN_WITH = ["author", "organisation", "municipality", "preparation", "stage", "licence", "network", "area"]


@public
@require_safe
def method_list(request: HttpRequest) -> HttpResponse:
    """The method bank: what is published and the reader may see, narrowed by facets."""
    bank = Method.objects.visible_to(request.user).published().for_cards()
    found = MethodFilter(request.GET, queryset=bank, request=request)
    page = Paginator(found.found(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/method_list.html", {"filter": found, "page": page})


@public
@require_safe
def method_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One method, and for its author and the coordinator where it stands and what comes next."""
    return _detail(request, _method(request, slug))


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have written, with the state of each."""
    own = Method.objects.written_by(request.user).last_changed()
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/mine.html", {"page": page})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def method_new(request: HttpRequest) -> HttpResponse:
    """Choose the kind, then write."""
    kind = request.GET.get("kind")
    if kind not in dict(Method.KINDS):
        return render(request, "methods/method_kind.html", {"adapts": request.GET.get("adapts", "")})
    adapted = Method.objects.visible_to(request.user).published().filter(slug=request.GET.get("adapts", "")).first()
    return _write(request, Method(kind=kind, derived_from=adapted))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def method_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on writing: the authors and the coordinator of the area."""
    return _write(request, get_object_or_404(Method.objects.editable_by(request.user), slug=slug))


@members_only
@require_POST
def method_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a method from the shelf, or put it back."""
    method = get_object_or_404(Method.objects.editable_by(request.user), slug=slug)
    if method.is_archived:
        method.restore()
        messages.success(request, _("It is back where it was."))
    else:
        method.archive(timezone.now())
        messages.success(
            request, _("It is archived: only its authors and the coordinator see it. You can put it back.")
        )
    return redirect(method)


@coordinators_only
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for a review, the longest waiting first."""
    waiting = Method.objects.run_by(request.user).waiting().longest_waiting().select_related("author", "organisation")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/review_list.html", {"page": page})


@coordinators_only
@require_POST
def method_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a method or return it to its author."""
    method = get_object_or_404(Method.objects.run_by(request.user), slug=slug)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _detail(request, method, form, status=422)
    try:
        review = method.review(request.user, now=timezone.now(), **form.cleaned_data)
    except CommentNeeded as refusal:
        form.add_error("comment", str(refusal))
        return _detail(request, method, form, status=422)
    except Incomplete as refusal:
        form.add_error(None, str(refusal))
        return _detail(request, method, form, status=422)
    except (OwnMethod, NotWaiting) as refusal:
        messages.error(request, str(refusal))
        return redirect(method)
    emails.reviewed(review)
    returned = _("Returned to the author, who gets your comment by e-mail.")
    messages.success(request, returned if review.is_return else _("Published. The author is told by e-mail."))
    return redirect("methods:review-list")


def _method(request: HttpRequest, slug: str) -> Method:
    return get_object_or_404(Method.objects.visible_to(request.user).select_related(*SHOWN_WITH), slug=slug)


def _detail(request: HttpRequest, method: Method, form: ReviewForm | None = None, status: int = 200) -> HttpResponse:
    shown = Method.objects.visible_to(request.user).published()
    context: dict[str, Any] = {
        "method": method,
        "steps": method.steps.in_order(),
        "origin": shown.filter(pk=method.derived_from_id).first() if method.derived_from_id else None,
        "derivatives": shown.filter(derived_from=method).newest()[:20],
        **use.of_method(request, method),
    }
    if request.user.is_authenticated and method.is_editable_by(request.user):
        context |= {"may_edit": True, "last_review": method.reviews.latest_first().first()}
        if method.may_be_reviewed_by(request.user):
            context |= {"form": form or ReviewForm(), "lacks": method.lacks()}
    return render(request, "methods/method_detail.html", context, status=status)


def _write(request: HttpRequest, method: Method) -> HttpResponse:
    """Show the sheet; keep what was sent; send it for review when asked to."""
    action = request.POST.get("action", "")
    data = request.POST if request.method == "POST" else None
    sheet = Sheet(method, request.user, data, more_rows=action == "more")
    if data is None or action == "more":
        return _sheet(request, sheet, show_missing="missing" in request.GET)
    if not sheet.is_valid():
        return _sheet(request, sheet, status=422)
    try:
        with transaction.atomic():
            method = sheet.keep(request.user, timezone.now())
    except Incomplete as refusal:
        sheet.show(refusal.lacks)
        return _sheet(request, sheet, status=422)
    for warning in sheet.warnings():
        messages.warning(request, warning)
    if action == "submit" and method.is_draft:
        return _submit(request, method)
    messages.success(
        request, _("Saved.") if not method.is_draft else _("The draft is saved. Only you and the coordinator see it.")
    )
    return redirect("methods:method-edit", method.slug) if method.is_draft else redirect(method)


def _submit(request: HttpRequest, method: Method) -> HttpResponse:
    """The draft is stored already, so that nothing is lost when something is missing."""
    try:
        method.submit(timezone.now())
    except Incomplete as refusal:
        messages.warning(request, _("The draft is saved. %(refusal)s") % {"refusal": refusal})
        return redirect(reverse("methods:method-edit", args=[method.slug]) + "?missing=1")
    emails.submitted(method)
    messages.success(request, _("Thank you! It is sent for review. You get a letter when the coordinator has read it."))
    return redirect(method)


def _sheet(request: HttpRequest, sheet: Sheet, show_missing: bool = False, status: int = 200) -> HttpResponse:
    lacks = sheet.method.lacks() if show_missing and sheet.method.pk else []
    missing = [(sheet.address_of(lack.field), lack.words) for lack in lacks]
    return render(
        request, "methods/method_form.html", {"sheet": sheet, "method": sheet.method, "missing": missing}, status=status
    )
