"""Issues on the desk: written in blocks, begun with what has happened since the last one, looked at, sent."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.admin.steps import STEPS, begin, steps_of
from newsletters.models import Block, Issue
from youthnet.desk import DeskAdmin, DeskInline

MOST_OFFERED = 200


class BlockInline(DeskInline, admin.StackedInline):  # type: ignore[misc]
    model = Block
    ordering = ["order", "pk"]
    fieldsets = [
        (None, {"fields": [("order", "kind"), "meeting", "method", "news", "title_fi", "body_fi"]}),
        (_("In Swedish"), {"fields": ["title_sv", "body_sv"], "classes": ["collapse"]}),
        (_("In English"), {"fields": ["title_en", "body_en"], "classes": ["collapse"]}),
    ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The newest of one's own area; asked once for all blocks of the page."""
        newest = {
            "meeting": Meeting.objects.run_by(request.user).published().latest_first(),
            "method": Method.objects.run_by(request.user).published().newest(),
            "news": NewsItem.objects.run_by(request.user).newest(),
        }[db_field.name]
        field = super().formfield_for_foreignkey(db_field, request, queryset=newest, **kwargs)
        field.choices = [("", "---------"), *((row.pk, str(row)) for row in newest[:MOST_OFFERED])]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field.widget, "can_add_related"):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


class StateFilter(admin.SimpleListFilter):
    """Drafts, issues that wait for their time, sent ones."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("draft", _("Drafts")), ("waiting", _("Waiting to be sent")), ("sent", _("Sent"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {"draft": queryset.drafts, "waiting": queryset.waiting, "sent": queryset.sent}.get(self.value() or "")
        return chosen() if chosen else queryset


@admin.register(Issue)
class IssueAdmin(DeskAdmin):
    list_display = ["subject_fi", "number", "list", "state", "scheduled_at", "addressed_at"]
    list_filter = [StateFilter, ("list", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["list"]
    search_fields = ["subject_fi", "subject_sv", "subject_en"]
    ordering = ["-created_at", "-pk"]
    actions = None
    readonly_fields = ["list", "number"]
    fieldsets = [
        (None, {"fields": [("list", "number"), "slug", "subject_fi", "preheader_fi"]}),
        (_("In Swedish"), {"fields": ["subject_sv", "preheader_sv"], "classes": ["collapse"]}),
        (_("In English"), {"fields": ["subject_en", "preheader_en"], "classes": ["collapse"]}),
    ]

    @admin.display(description=_("state"))
    def state(self, issue: Issue) -> Any:
        return issue.state_in_words

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent stays as it was sent."""
        return not (obj and obj.is_sent) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft can be deleted: what people have been sent stays in the archive."""
        is_draft = obj is not None and not obj.is_sent and not obj.is_waiting
        return is_draft and super().has_delete_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What was sent is read in the preview."""
        return [] if obj and obj.is_sent else [BlockInline]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_sent and obj.list.is_public else None

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new issue is always a prefilled one."""
        return redirect("admin:newsletters_issue_begin")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        issue = self.get_object(request, object_id)
        extra = {"steps": steps_of(issue), "progress": issue.progress()} if issue else {}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # the pages of our own

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [path("begin/", wrap(self.begin), name="newsletters_issue_begin")]
        for step in STEPS:
            view = wrap(partial(self.step, step=step))
            own.append(path(f"<int:pk>/{step}/", view, name=f"newsletters_issue_{step}"))
        return own + super().get_urls()

    def begin(self, request: HttpRequest) -> HttpResponse:
        return begin(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        issue = get_object_or_404(self.get_queryset(request).select_related("list__area"), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "issue": issue}
        return STEPS[step](request, issue, context)
