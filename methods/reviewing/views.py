"""Pages for coordinators: what waits for a review, and the verdict."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import coordinators_only
from lib.exceptions import Refused
from methods import emails
from methods.editing.forms import ReviewForm
from methods.exceptions import CommentNeeded
from methods.models import Incomplete, Method, Review
from methods.views import PER_PAGE, show_method


@coordinators_only
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for a review, and the quick methods that wait to be completed, the longest waiting first."""
    waiting = Method.objects.run_by(request.user).waiting().longest_waiting().select_related("author", "organisation")
    unfinished = Method.objects.run_by(request.user).handed_over().select_related("author", "organisation")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/reviewing/review_list.html", {"page": page, "unfinished": unfinished})


@coordinators_only
@require_POST
def method_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a method or return it to its author, with words on the whole or on single sections."""
    method = get_object_or_404(Method.objects.run_by(request.user), slug=slug)
    form = ReviewForm(request.POST, is_model=method.is_model)
    if not form.is_valid():
        return show_method(request, method, form, status=422)
    try:
        told = form.cleaned_data
        review = Review.objects.give(
            method, request.user, told["verdict"], told["comment"], timezone.now(), form.remarks()
        )
    except CommentNeeded as refusal:
        form.add_error("comment", str(refusal))
        return show_method(request, method, form, status=422)
    except Incomplete as refusal:
        form.add_error(None, str(refusal))
        return show_method(request, method, form, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(method)
    emails.reviewed(review)
    returned = _("Returned to the author, who gets your comment by e-mail.")
    messages.success(request, returned if review.is_return else _("Published. The author is told by e-mail."))
    return redirect("methods:review-list")
