"""The method bank on the coordinator's desk."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.admin import DeskAdmin, DeskInline, StateFilter
from lib.exceptions import Refused
from lib.forms.fields import LinesField
from methods import emails
from methods.admin.attachments import AttachmentInline
from methods.editing.forms import DeskForm
from methods.editing.sections import SECTIONS, STEPS
from methods.models import Attachment, Incomplete, Method, MethodStep, Review

LIFE = ["created_at", "changed_at", "submitted_at", "returned_at", "published_at", "archived_at"]


class MethodStateFilter(StateFilter):
    """Where in its life a method stands."""

    states = Method.STATES.items()


class StepInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    model = MethodStep
    fields = ["order", "title", "text", "minutes", "is_in_advance"]
    ordering = ["order", "pk"]


class ReviewInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    """What was said is history: it is read, not changed."""

    model = Review
    fields = ["at", "reviewer", "verdict", "comment"]
    readonly_fields = ["at", "reviewer", "verdict", "comment"]
    ordering = ["-at", "-pk"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission


@admin.register(Method)
class MethodAdmin(DeskAdmin):
    """Methods of the own area. Reviewing happens by the action or on the method's page, never by changing a date."""

    form = DeskForm
    list_display = ["title", "kind", "state_words", "author", "organisation", "submitted_at", "published_at"]
    list_filter = [MethodStateFilter, "kind", "visibility", "language"]
    list_select_related = ["author", "organisation"]
    search_fields = ["title", "summary"]
    ordering = ["-changed_at", "-pk"]
    actions = ["publish", "archive"]
    inlines = [StepInline, AttachmentInline, ReviewInline]
    formfield_overrides = {
        **DeskAdmin.formfield_overrides,
        models.JSONField: {"form_class": LinesField},
        models.URLField: {"assume_scheme": "https"},
    }
    readonly_fields = ["area", "kind", "slug", *LIFE]
    raw_id_fields = ["author", "co_authors", "derived_from", "part_of", "related"]
    fieldsets = [
        *((title, {"fields": names}) for _code, title, _hint, names in SECTIONS if names != [STEPS]),
        (_("Authors and lineage"), {"fields": ["author", "co_authors", "derived_from", "part_of", "related"]}),
        (_("Life"), {"fields": ["area", "kind", "slug", *LIFE]}),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A method is written on its own page, with the hints."""
        return False

    @admin.display(description=_("state"))
    def state_words(self, method: Method) -> str:
        return method.state_words

    @admin.action(description=_("Accept and publish the chosen ones"))
    def publish(self, request: HttpRequest, queryset: "QuerySet[Method]") -> None:
        done = 0
        reviewer: Any = request.user
        for method in queryset.order_by("pk"):
            try:
                emails.reviewed(Review.objects.give(method, reviewer, Review.ACCEPTED, "", timezone.now()))
                done += 1
            except Refused as refusal:
                messages.error(request, f"{method}: {refusal}")
        messages.success(request, ngettext("%(count)d published.", "%(count)d published.", done) % {"count": done})

    @admin.action(description=_("Archive the chosen ones"))
    def archive(self, request: HttpRequest, queryset: "QuerySet[Method]") -> None:
        done = sum(method.archive(timezone.now()) for method in queryset.order_by("pk"))
        messages.success(request, ngettext("%(count)d archived.", "%(count)d archived.", done) % {"count": done})

    def delete_model(self, request: HttpRequest, obj: Method) -> None:
        """Its files go with it."""
        obj.attachments.all().discard()
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Method]") -> None:
        Attachment.objects.filter(method__in=queryset).discard()
        super().delete_queryset(request, queryset)

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A published method stays complete here too: what was typed comes back, with what it lacks at each field."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Incomplete as refusal:
            request.method_lacks = refusal.lacks
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"lacks": getattr(request, "method_lacks", [])})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The words are there when the steps are: only then can they be found."""
        super().save_related(request, form, formsets, change)
        form.instance.save_changes(timezone.now())
