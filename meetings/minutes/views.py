"""The minutes as their readers see them: the page, a kept version, the PDF, and a comment."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import public, signed_in_only
from lib.exceptions import Refused
from lib.output.pdf import Busy, pdf
from meetings.minutes.forms import CommentForm
from meetings.models import Minutes
from meetings.models.minutes_content import content_for, with_dates


@public
@require_safe
def minutes_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The minutes in the state that this reader may see, with a box for comments while there is time."""
    return _detail(request, _minutes(request, slug))


@signed_in_only
@require_POST
def minutes_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Say something of one item or of the whole."""
    minutes = _minutes(request, slug)
    form = CommentForm(request.POST, meeting=minutes.meeting)
    if not form.is_valid():
        return _detail(request, minutes, form, status=422)
    try:
        minutes.comment(request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your comment is kept. The coordinator and the others of the meeting see it."))
    return redirect(minutes)


@public
@require_safe
def minutes_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Minutes as they were once approved."""
    minutes = _minutes(request, slug)
    version = get_object_or_404(minutes.versions, number=number)
    context = {"minutes": minutes, "meeting": minutes.meeting, "version": version, "sheet": with_dates(version.content)}
    return render(request, "meetings/minutes/minutes_version.html", context)


@public
@require_safe
def minutes_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF."""
    minutes = _minutes(request, slug)
    context = {"minutes": minutes, "meeting": minutes.meeting, "sheet": with_dates(content_for(minutes, request.user))}
    try:
        made = pdf("meetings/minutes/minutes_pdf.html", context, get_language())
    except Busy:
        messages.warning(request, _("Many PDF files are being made just now. Try again in a moment, or print it."))
        return redirect("meetings:minutes-detail", slug)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{minutes.meeting.slug}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _minutes(request: HttpRequest, slug: str) -> Minutes:
    found = Minutes.objects.visible_to(request.user).select_related("meeting__area", "meeting__kind", "taker")
    return get_object_or_404(found, meeting__slug=slug)


def _detail(request: HttpRequest, minutes: Minutes, form: Any = None, status: int = 200) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    is_inside = minutes.meeting.may_see_link(user)
    context: dict[str, Any] = {"minutes": minutes, "meeting": minutes.meeting, "is_inside": is_inside}
    context |= {"sheet": with_dates(content_for(minutes, user)), "versions": minutes.versions.order_by("-number")}
    context |= {"may_write": minutes.may_write(user), "runs": user.is_authenticated and minutes.meeting.is_run_by(user)}
    if is_inside and minutes.sent_at and not minutes.is_approved:
        context["comments"] = minutes.comments.oldest_first()
    if user.is_authenticated and minutes.may_comment(user, today):
        context["form"] = form or CommentForm(meeting=minutes.meeting)
    return render(request, "meetings/minutes/minutes_detail.html", context, status=status)
