"""The desk's page of mail that came in, and the news of a letter as a part of the letter's page."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.admin import DeskAdmin, DeskInline, StateFilter
from outbox.models import InboundMessage, MailEvent


class WaitingFilter(StateFilter):
    """Letters that wait for a coordinator, and those that somebody has seen to."""

    states = [("waiting", gettext_lazy("Waiting for you")), ("handled", gettext_lazy("Seen to"))]

    def in_state(self, rows: Any, state: Any) -> Any:
        return rows.unhandled() if state == "waiting" else rows.exclude(handled_at=None)


@admin.register(InboundMessage)
class InboundMessageAdmin(DeskAdmin):
    """Who wrote, about what, and to which letter; the page of one message shows its words. Nothing can be changed."""

    list_display = ["subject_in_words", "sender", "kind", "received_at", "handled_at", "delivery"]
    list_filter = [WaitingFilter, "kind", "source"]
    list_select_related = ["delivery"]
    search_fields = ["sender", "subject"]
    ordering = ["-received_at", "-pk"]
    show_full_result_count = False
    actions = ["mark_handled"]
    change_form_template = "admin/outbox/inboundmessage/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("delivery").defer("raw")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The actions need it; a message has no form."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def subject_in_words(self, message: InboundMessage) -> str:
        return str(message)

    @admin.action(description=gettext_lazy("Mark the chosen ones as seen to"))
    def mark_handled(self, request: HttpRequest, queryset: Any) -> None:
        number = queryset.unhandled().mark_handled(timezone.now())
        words = ngettext("%(number)d letter was seen to.", "%(number)d letters were seen to.", number)
        messages.success(request, words % {"number": number})

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The letter in words; POST is the button that was clicked."""
        message: Any = self.get_object(request, object_id)
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if request.method == "POST":
            if done := _act(message, request.POST):
                self.log_change(request, message, done)
                messages.success(request, done)
            return redirect("admin:outbox_inboundmessage_changelist")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": str(message),
            "message": message,
            "letter": message.letter(),
            "reading": message.reading(),
        }
        return TemplateResponse(request, self.change_form_template, context)


def _act(message: InboundMessage, posted: Any) -> str:
    """Do what the button says and tell what was done; empty when it was none."""
    now = timezone.now()
    if "handled" in posted:
        message.mark_handled(now)
        return _("Seen to.")
    if "reopen" in posted:
        message.reopen()
        return _("The letter waits on the desk again.")
    if "gone" in posted and (address := message.stop_address(now)):
        return _("No more letters go to %(address)s. The desk asks who follows.") % {"address": address}
    return ""


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
