"""Issues on the desk: written in blocks, begun with what has happened since the last one, looked at, sent, followed."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.admin import StateFilter
from newsletters.admin.blocks import BlockInline
from newsletters.admin.forms import IssueForm
from newsletters.admin.issue_pages import ISSUE_PAGES, start
from newsletters.admin.workflow import workflow_of
from newsletters.models import Issue, MailingList, Segment
from newsletters.models.issue_queryset import IssueState
from search.admin import SearchableAdmin


class IssueStateFilter(StateFilter):
    """How far the issues have come."""

    states = IssueState.choices


@admin.register(Issue)
class IssueAdmin(SearchableAdmin):
    form = IssueForm
    list_display = ["subject_fi", "number", "list", "state", "scheduled_at", "addressed_at"]
    list_filter = [IssueStateFilter, ("list", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["list"]
    search_fields = ["subject_fi", "subject_sv", "subject_en"]
    ordering = ["-created_at", "-pk"]
    actions = None
    readonly_fields = ["list", "number"]
    fieldsets = [
        (None, {"fields": ["subject_fi", "preheader_fi"]}),
        (
            _("In Swedish"),
            {
                "fields": ["subject_sv", "preheader_sv"],
                "classes": ["collapse"],
                "description": _("What you leave empty comes to Swedish readers in Finnish."),
            },
        ),
        (
            _("In English"),
            {
                "fields": ["subject_en", "preheader_en"],
                "classes": ["collapse"],
                "description": _("What you leave empty comes to English readers in Finnish."),
            },
        ),
        (_("Address on the site"), {"fields": ["number", "slug"], "classes": ["collapse"]}),
        (_("Who gets it"), {"fields": ["list", "also_to", "segment"], "classes": ["issue-readers"]}),
    ]

    class Media:
        js = ["js/issue_blocks.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_states()  # type: ignore[attr-defined]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget  # without the signs that lead away from the page
        return field

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
        extra = {}
        if issue:
            counted = issue.recipients(timezone.now()).count()
            extra = {"path": workflow_of(issue, "change"), "recipients": counted, "progress": issue.progress()}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        """The button that saves also leads on."""
        answer = super().response_change(request, obj)
        return redirect("admin:newsletters_issue_preview", obj.pk) if "_preview" in request.POST else answer

    # the pages of our own

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [path("begin/", wrap(self.start), name="newsletters_issue_begin")]
        own.append(path("<int:pk>/reach/", wrap(self.recipient_count), name="newsletters_issue_reach"))
        for name in ISSUE_PAGES:
            view = wrap(partial(self.issue_page, name=name))
            own.append(path(f"<int:pk>/{name}/", view, name=f"newsletters_issue_{name}"))
        return own + super().get_urls()

    def start(self, request: HttpRequest) -> HttpResponse:
        return start(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def issue_page(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        issue = get_object_or_404(self.get_queryset(request).select_related("list__area", "segment"), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "issue": issue}
        return ISSUE_PAGES[name](request, issue, context)

    def recipient_count(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How many would get it with the lists and the audience that are chosen on the page but not saved yet."""
        issue = get_object_or_404(self.get_queryset(request).select_related("list"), pk=pk)
        lists = MailingList.objects.run_by(request.user).filter(area=issue.list.area_id)
        audiences = Segment.objects.run_by(request.user).filter(area=issue.list.area_id)
        also = lists.filter(pk__in=_numbers(request.GET.getlist("also_to")))
        segment = audiences.filter(pk__in=_numbers([request.GET.get("segment", "")])).first()
        counted = issue.recipients_if(also, segment, timezone.now()).count()
        return TemplateResponse(request, "admin/newsletters/issue/_recipient_count.html", {"recipients": counted})


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]
