"""Pages for authors: a new method, going on writing, archiving."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from methods import emails
from methods.models import Incomplete, Method
from methods.sheet import Sheet
from youthnet.access import members_only


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
