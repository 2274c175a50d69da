"""A series of meetings on the desk."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskAdmin
from lib.forms.params import int_or_none
from meetings.invitations.admin_views import held_words, series_letters
from meetings.models import Meeting, MeetingSeries


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(DeskAdmin):
    """A series is made on the page of its first meeting; here it is looked at."""

    list_display = ["first_title", "frequency", "starts_on", "number"]
    list_filter = ["frequency"]
    ordering = ["-starts_on", "-pk"]
    actions = None
    change_form_template = "admin/meetings/series/series.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_meetings()  # type: ignore[attr-defined]

    @admin.display(description=_("title"))
    def first_title(self, series: Any) -> str:
        return series.first_title or "–"

    @admin.display(description=_("meetings"))
    def number(self, series: Any) -> int:
        return series.number

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        if int_or_none(object_id) is None:
            raise Http404
        meetings = Meeting.objects.run_by(request.user).filter(series=object_id).next_first()
        extra = {"meetings": meetings, "held": held_words(list(meetings), timezone.now())}
        extra["held_url"] = reverse("admin:meetings_meetingseries_letters", args=[object_id])
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        own = path("<int:pk>/letters/", self.admin_site.admin_view(self.letters), name="meetings_meetingseries_letters")
        return [own, *super().get_urls()]

    def letters(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the letters of all meetings now, or recall them; only by the buttons of the series' page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return series_letters(request, get_object_or_404(self.get_queryset(request), pk=pk))
