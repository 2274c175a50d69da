"""Pages of a method's pictures and documents: keeping them, and handing them to whoever sees the method."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import members_only, public
from lib.forms.posting import show_and_act
from lib.uploads import row_actions, serving
from lib.uploads.validation import PICTURE
from methods.attachments.forms import FilesPage, upload_form, words_form
from methods.models import Attachment, Method


@members_only
@show_and_act
def method_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The pictures and documents of a method, for its authors and the coordinator; a form for the next one."""
    method = _own(request, slug)
    if request.method != "POST":
        return _page(request, FilesPage(method))
    form = upload_form(request.POST, request.FILES)
    if not form.is_valid() or not form.store(method, request.user, timezone.now()):
        return _page(request, FilesPage(method, new=form), status=422)
    messages.success(request, _("The cover is there.") if form.is_cover else _("The file is added."))
    return redirect("methods:method-files", slug)


@members_only
@require_POST
def attachment_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Reword, move, remove or put back one of them."""
    method = _own(request, slug)
    row = get_object_or_404(method.attachments.select_related("method"), pk=pk)
    action = request.POST.get("action")
    if action == "words":
        form = words_form(row, request.POST)
        if not form.is_valid():
            return _page(request, FilesPage(method, words=form), status=422)
        form.save_words()
        messages.success(request, _("Saved."))
    row_actions.perform(request, row, action)
    return redirect("methods:method-files", slug)


@public
@require_safe
def attachment_download(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A document, to be saved."""
    row = _visible(request, slug, token)
    if row.is_picture:
        raise Http404
    return serving.document(row.stored(f"document.{row.kind}"), row.kind, row.file_name, _is_public(row.method))


@public
@require_safe
def attachment_picture(request: HttpRequest, slug: str, token: str, width: int) -> HttpResponse:
    """One copy of a picture, for a page."""
    row = _visible(request, slug, token, kind=PICTURE)
    return serving.picture(row.stored(f"{width}.webp"), _is_public(row.method))


def _own(request: HttpRequest, slug: str) -> Method:
    return get_object_or_404(Method.objects.editable_by(request.user), slug=slug)


def _visible(request: HttpRequest, slug: str, token: str, **more: Any) -> Attachment:
    found = Attachment.objects.visible_to(request.user).select_related("method")
    return get_object_or_404(found, method__slug=slug, token=token, **more)


def _is_public(method: Method) -> bool:
    return method.is_published and method.visibility == Method.PUBLIC


def _page(request: HttpRequest, page: FilesPage, status: int = 200) -> HttpResponse:
    return render(request, "methods/attachments/files.html", {"page": page, "method": page.method}, status=status)
