"""A series of meetings on the desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, MeetingSeries
from youthnet.desk import DeskAdmin


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(DeskAdmin):
    """A series is made on the page of its first meeting; here it is looked at."""

    list_display = ["first_title", "frequency", "starts_on", "number"]
    list_filter = ["frequency"]
    ordering = ["-starts_on", "-pk"]
    actions = None
    change_form_template = "admin/meetings/series.html"

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
        meetings = Meeting.objects.run_by(request.user).filter(series=object_id).next_first()
        return super().change_view(request, object_id, form_url, {"meetings": meetings} | (extra_context or {}))
