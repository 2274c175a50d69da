"""Pictures and documents on the coordinator's desk: read and removed there, added on the method's own page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskInline
from methods.models import Attachment

SHOWN = ["file", "is_cover", "alt", "caption", "size_words", "agreed_by", "agreed_at"]


class RemovingFormSet(BaseInlineFormSet):
    """A ticked row is removed as its authors remove it: it can be put back within a week."""

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        if commit:
            obj.remove(timezone.now())


class AttachmentInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    model = Attachment
    formset = RemovingFormSet
    fields = SHOWN  # type: ignore[assignment]
    readonly_fields = SHOWN
    ordering = ["-is_cover", "order", "pk"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Attachment]":
        found: Any = super().get_queryset(request)
        return found.shown().select_related("method", "agreed_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("file"))
    def file(self, row: Attachment) -> str:
        url = row.url if row.is_picture else row.download_url
        return format_html('<a href="{}">{}</a>', url, row)

    @admin.display(description=_("size"))
    def size_words(self, row: Attachment) -> str:
        return row.size_words
