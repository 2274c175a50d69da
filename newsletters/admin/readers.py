"""Lists and their readers on the desk: also people who asked by telephone, with a note on their consent."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletters import emails
from newsletters.forms import AddForm
from newsletters.models import MailingList, Subscription
from youthnet.desk import DeskAdmin


@admin.register(MailingList)
class MailingListAdmin(DeskAdmin):
    list_display = ["name_fi", "area", "network", "is_public", "readers"]
    list_select_related = ["area", "network"]
    ordering = ["area", "order", "pk"]
    fieldsets = [
        (None, {"fields": ["area", "network", "code", "name_fi", "description_fi", "is_public", "order"]}),
        (_("In Swedish"), {"fields": ["name_sv", "description_sv"], "classes": ["collapse"]}),
        (_("In English"), {"fields": ["name_en", "description_en"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        active = Q(subscriptions__ended_at=None, subscriptions__confirmed_at__isnull=False)
        return super().get_queryset(request).annotate(number_of_readers=Count("subscriptions", filter=active))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["area", "code"] if obj else []

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        areas = list(request.user.area_ids_run())[:2]
        return {"area": areas[0]} if len(areas) == 1 else {}

    @admin.display(description=_("readers"), ordering="number_of_readers")
    def readers(self, mailing_list: Any) -> int:
        return mailing_list.number_of_readers


class StateFilter(admin.SimpleListFilter):
    """Readers, people who have not confirmed, people who have left."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("Readers")), ("unconfirmed", _("Not confirmed")), ("ended", _("Left"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {
            "active": queryset.active,
            "unconfirmed": queryset.unconfirmed,
            "ended": lambda: queryset.exclude(ended_at=None),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


@admin.register(Subscription)
class SubscriptionAdmin(DeskAdmin):
    """Proof of consent is not edited: a row is added, its language changed, or it is ended."""

    list_display = ["email", "list", "language", "state", "source", "requested_at"]
    list_filter = [StateFilter, ("list", admin.RelatedOnlyFieldListFilter), "language", "source"]
    list_select_related = ["list"]
    search_fields = ["email"]
    ordering = ["email", "pk"]
    actions = ["end_subscriptions"]
    ASKED = ["list", "email", "language", "consent_note"]
    PROOF = ["source", "requested_at", "letter_sent_at", "confirmed_at", "ended_at", "consent_text_version", "user"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.ASKED + (self.PROOF if obj else [])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["list", "email", "consent_note", *self.PROOF] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": AddForm}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        now = timezone.now()
        if change:
            Subscription.objects.filter(pk=obj.pk).speak(obj.language)
        else:
            obj.note_consent(now)
            emails.welcome(obj, now)

    @admin.display(description=_("state"))
    def state(self, subscription: Subscription) -> Any:
        if subscription.ended_at:
            return _("Left")
        return _("Reads") if subscription.confirmed_at else _("Not confirmed")

    @admin.action(description=_("End the subscription"))
    def end_subscriptions(self, request: HttpRequest, queryset: Any) -> None:
        ended = queryset.end(timezone.now())
        words = ngettext("%(count)d subscription ended.", "%(count)d subscriptions ended.", ended) % {"count": ended}
        self.message_user(request, words, messages.SUCCESS)
