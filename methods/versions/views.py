"""The versions of a method: who changed what, two of them side by side, and going back to one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import members_only
from methods.models import Incomplete, Method, MethodVersion
from methods.versions.changes_in_words import difference, history


@members_only
@require_safe
def method_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions, for the authors and the coordinator; with two chosen, what differs between them."""
    method = get_object_or_404(Method.objects.editable_by(request.user), slug=slug)
    entries = history(method)
    known = {str(entry.version.pk): entry.version for entry in entries}
    old, new = known.get(request.GET.get("old", "")), known.get(request.GET.get("new", ""))
    context = {"method": method, "entries": entries, "old": old, "new": new}
    if old and new:
        context["changes"] = difference(old, new)
    return render(request, "methods/versions/versions.html", context)


@members_only
@require_POST
def version_restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go back to a version; that is a new version, so nothing is lost by it."""
    editable = Method.objects.editable_by(request.user).select_for_update(of=("self",))
    method = get_object_or_404(editable, slug=slug)
    version = get_object_or_404(MethodVersion.objects.with_people(), pk=pk, pgh_obj=method)
    try:
        with transaction.atomic():
            version.put_back(method, timezone.now())
    except Incomplete as refusal:
        lacks = " ".join(lack.words for lack in refusal.lacks)
        messages.error(request, _("That version lacks something that readers need. %(lacks)s") % {"lacks": lacks})
    else:
        messages.success(request, _("The older text is back, as a new version."))
    return redirect("methods:method-versions", method.slug)
