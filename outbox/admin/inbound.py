"""The desk's page of mail that came in, and the news of a letter as a part of the letter's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lib.admin import DeskAdmin, DeskInline
from outbox.models import InboundMessage, MailEvent


@admin.register(InboundMessage)
class InboundMessageAdmin(DeskAdmin):
    """To be read only: who wrote, about what, and to which letter. The words themselves stay in the mail box."""

    list_display = ["subject_in_words", "sender", "kind", "received_at", "delivery"]
    list_filter = ["kind", "source"]
    list_select_related = ["delivery"]
    search_fields = ["sender", "subject"]
    ordering = ["-received_at", "-pk"]
    show_full_result_count = False
    fields = ["subject_in_words", "sender", "kind", "delivery", "received_at", "read_at", "source", "size", "error"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("raw")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def subject_in_words(self, message: InboundMessage) -> str:
        return str(message)


class MailEventInline(DeskInline, admin.TabularInline):
    """What was heard of a letter after it left, on the letter's page."""

    model = MailEvent
    fields = ["type", "at", "in_words"]
    readonly_fields = fields
    ordering = ["-at", "-pk"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, event: MailEvent) -> str:
        return event.in_words
