"""The desk's page of letters: what was sent, what waits, and what did not arrive and why."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.admin import DeskAdmin, StateFilter
from lib.tasks import wake
from outbox.admin.inbound import MailEventInline
from outbox.message_kinds import name_of
from outbox.models import Delivery, State
from outbox.models.delivery import DeliveryQuerySet
from outbox.tasks import send_queued


class DeliveryStateFilter(StateFilter):
    states = State.choices


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind of letter")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = model_admin.get_queryset(request).order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, name_of(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class MailingFilter(admin.SimpleListFilter):
    """Only by the links of a mailing's own page: it offers no choices, for there would be too many."""

    title = gettext_lazy("mailing")
    parameter_name = "mailing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = str(self.used_parameters.get(self.parameter_name) or request.GET.get(self.parameter_name, ""))
        return [(chosen, gettext_lazy("one mailing"))] if chosen.isdigit() else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        return queryset.filter(mailing=value) if value.isdigit() and len(value) < 19 else queryset


@admin.register(Delivery)
class DeliveryAdmin(DeskAdmin):
    """To be read only. What a letter says is not shown: it may hold a personal link."""

    list_display = ["subject", "recipient", "fate", "queued_at"]
    list_filter = [DeliveryStateFilter, KindFilter, MailingFilter]
    search_fields = ["recipient", "recipient_name", "subject"]
    ordering = ["-queued_at", "-pk"]
    show_full_result_count = False
    list_select_related = ["mailing"]
    actions = ["try_again", "stop"]
    inlines = [MailEventInline]
    fieldsets = [
        (None, {"fields": ["subject", "recipient", "recipient_name", "from_email", "kind_in_words", "language"]}),
        (
            gettext_lazy("What became of the letter"),
            {
                "fields": [
                    "fate",
                    "queued_at",
                    "attempts",
                    "sent_at",
                    "failed_at",
                    "cancelled_at",
                    "own_message_id",
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    @admin.display(description=gettext_lazy("kind of letter"))
    def kind_in_words(self, delivery: Delivery) -> str:
        return name_of(delivery.kind)

    @admin.display(description=gettext_lazy("what became of it"))
    def fate(self, delivery: Delivery) -> str:
        return f"{delivery.state.label}: {delivery.reason}" if delivery.reason else str(delivery.state.label)

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, chosen: DeliveryQuerySet) -> None:
        count = chosen.try_again(timezone.now())
        wake(send_queued)
        words = ngettext("%(count)d letter will be tried again.", "%(count)d letters will be tried again.", count)
        self._notify(request, words, count, _("Only letters that could not be sent can be tried again."))

    @admin.action(description=gettext_lazy("Do not send"), permissions=["view"])
    def stop(self, request: HttpRequest, chosen: DeliveryQuerySet) -> None:
        count = chosen.stop(timezone.now(), _("Cancelled on the desk."))
        words = ngettext("%(count)d letter will not be sent.", "%(count)d letters will not be sent.", count)
        self._notify(request, words, count, _("Only letters that still wait can be cancelled."))

    def _notify(self, request: HttpRequest, words: str, count: int, none: str) -> None:
        if count:
            self.message_user(request, words % {"count": count}, messages.SUCCESS)
        else:
            self.message_user(request, none, messages.WARNING)
