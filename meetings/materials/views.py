"""Materials of a meeting: links and files that its coordinator keeps in order, and files handed to its readers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import coordinators_only, public
from lib.forms.posting import show_and_act
from lib.uploads import row_actions, serving
from lib.uploads.validation import PICTURE
from meetings.materials.forms import MaterialsPage, new_form, words_form
from meetings.models import Material, Meeting


@coordinators_only
@show_and_act
def material_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """All materials of a meeting, a form for one more link and one for one more file."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user), slug=slug)
    if request.method != "POST":
        return _page(request, MaterialsPage(meeting))
    form = new_form(request.POST, request.FILES)
    if not form.is_valid() or not form.store(meeting, request.user, timezone.now()):
        return _page(request, MaterialsPage(meeting, new=form), status=422)
    messages.success(request, _("The material is on the meeting's page."))
    return redirect("meetings:material-edit", slug)


@coordinators_only
@require_POST
def material_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Reword, move, remove or put back one of them."""
    row: Material = get_object_or_404(Material.objects.run_by(request.user).select_related("meeting"), pk=pk)
    action = request.POST.get("action")
    if action == "words":
        form = words_form(row, request.POST)
        if not form.is_valid():
            return _page(request, MaterialsPage(row.meeting, words=form), status=422)
        form.store()
        messages.success(request, _("Saved."))
    row_actions.perform(request, row, action)
    return redirect("meetings:material-edit", row.meeting.slug)


@public
@require_safe
def material_download(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A document, to be saved."""
    row = _visible(request, slug, token)
    if row.is_picture:
        raise Http404
    return serving.document(row.stored(f"document.{row.kind}"), row.kind, row.file_name, row.is_public)


@public
@require_safe
def material_picture(request: HttpRequest, slug: str, token: str, width: int) -> HttpResponse:
    """One copy of a picture, for a page."""
    row = _visible(request, slug, token, kind=PICTURE)
    return serving.picture(row.stored(f"{width}.webp"), row.is_public)


def _visible(request: HttpRequest, slug: str, token: str, **more: Any) -> Material:
    found = Material.objects.files().visible_to(request.user).select_related("meeting")
    return get_object_or_404(found, meeting__slug=slug, token=token, **more)


def _page(request: HttpRequest, page: MaterialsPage, status: int = 200) -> HttpResponse:
    return render(
        request, "meetings/materials/material_edit.html", {"page": page, "meeting": page.meeting}, status=status
    )
