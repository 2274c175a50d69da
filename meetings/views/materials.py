"""Materials of a meeting: links that its coordinator adds and takes away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetings.agenda_forms import MaterialForm
from meetings.models import Material, Meeting
from youthnet.access import coordinators_only


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def material_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """All materials of a meeting, and a form for one more."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user), slug=slug)
    form = MaterialForm(request.POST or None, instance=Material(meeting=meeting, added_at=timezone.now()))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The material is on the meeting's page."))
        return redirect("meetings:material-edit", meeting.slug)
    context = {"meeting": meeting, "form": form, "materials": meeting.materials.in_order()}
    return render(request, "meetings/material_edit.html", context, status=422 if form.errors else 200)


@coordinators_only
@require_POST
def material_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link away."""
    material = get_object_or_404(Material.objects.run_by(request.user).select_related("meeting"), pk=pk)
    material.delete()
    messages.success(request, _("Removed: %(text)s") % {"text": material})
    return redirect("meetings:material-edit", material.meeting.slug)
