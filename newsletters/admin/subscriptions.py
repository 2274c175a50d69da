"""Mailing lists and subscriptions on the desk: also people who asked by telephone, with a note on their consent."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.admin import DeskAdmin, StateFilter, readable_email
from newsletters.models import MailingList, Subscription
from newsletters.subscriptions import emails
from newsletters.subscriptions.consent_record import as_text, record_of
from newsletters.subscriptions.forms import AddForm


@admin.register(MailingList)
class MailingListAdmin(DeskAdmin):
    list_display = ["name_fi", "kind", "whose", "joining", "subscribers"]
    list_filter = ["kind", "is_public"]
    list_select_related = ["area", "network"]
    ordering = ["area", "order", "pk"]
    fieldsets = [
        (None, {"fields": ["area", "kind", "network", "code", "name_fi", "description_fi", "is_public", "order"]}),
        (_("As mailboxes show it"), {"fields": ["sender_name"]}),
        (_("In Swedish"), {"fields": ["name_sv", "description_sv"], "classes": ["collapse"]}),
        (_("In English"), {"fields": ["name_en", "description_en"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_counts()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["area", "code"] if obj else []

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        areas = list(request.user.area_ids_run())[:2]
        return {"area": areas[0]} if len(areas) == 1 else {}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The archive, which only public lists have."""
        return (
            obj.get_absolute_url() if obj and MailingList.objects.visible_to(None).filter(pk=obj.pk).exists() else None
        )

    @admin.display(description=_("for whom"), ordering="network")
    def whose(self, mailing_list: MailingList) -> Any:
        return mailing_list.network or mailing_list.area

    @admin.display(description=_("who may join"), ordering="is_public")
    def joining(self, mailing_list: MailingList) -> str:
        return mailing_list.joining_in_words

    @admin.display(description=_("readers"), ordering="number_of_subscribers")
    def subscribers(self, mailing_list: Any) -> Any:
        """How many, and the way to them."""
        url = reverse("admin:newsletters_subscription_changelist")
        return format_html(
            '<a href="{}?state=active&amp;list__id__exact={}">{}</a>',
            url,
            mailing_list.pk,
            mailing_list.number_of_subscribers,
        )


class SubscriptionStateFilter(StateFilter):
    """Subscribers, those with a pause, people who have not confirmed, people who have left."""

    states = [
        ("active", _("Readers")),
        ("paused", _("On a pause")),
        ("unconfirmed", _("Not confirmed")),
        ("ended", _("Left")),
    ]

    def in_state(self, rows: Any, state: Any) -> Any:
        match state:
            case "active":
                return rows.active()
            case "paused":
                return rows.paused(timezone.now())
            case "unconfirmed":
                return rows.unconfirmed()
        return rows.exclude(ended_at=None)


@admin.register(Subscription)
class SubscriptionAdmin(DeskAdmin):
    """A consent is not edited: a row is added, its language changed, or it is ended."""

    list_display = [readable_email, "state", "source", "list", "language", "confirmed_at", "consent_record_link"]
    list_filter = [SubscriptionStateFilter, ("list", admin.RelatedOnlyFieldListFilter), "language", "source"]
    list_select_related = ["list"]
    change_form_template = "admin/newsletters/subscription/change_form.html"
    search_fields = ["email"]
    ordering = ["email", "pk"]
    actions = ["end_subscriptions"]
    ASKED = ["list", "email", "language", "consent_note"]
    RECORD = [
        "source", "requested_at", "letter_sent_at", "confirmed_at", "resumes_on", "ended_at", "ended_reason",
        "consent_text_version", "agreed_to", "noted_by", "user",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.ASKED + (self.RECORD if obj else [])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["list", "email", "consent_note", *self.RECORD] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": AddForm}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        now = timezone.now()
        if change:
            Subscription.objects.filter(pk=obj.pk).set_language(obj.language)
        else:
            obj.record_consent(now, by=request.user)
            emails.welcome(obj, now)

    @admin.display(description=_("state"))
    def state(self, subscription: Subscription) -> Any:
        if subscription.ended_at:
            return _("Left")
        if not subscription.confirmed_at:
            return _("Not confirmed")
        if subscription.resumes_on and subscription.resumes_on > timezone.localdate():
            return format_lazy(_("On a pause until {day}"), day=date_format(subscription.resumes_on))
        return _("Reads")

    @admin.display(description=_("text that was agreed to"))
    def agreed_to(self, subscription: Subscription) -> str:
        return subscription.consent_text or "–"

    @admin.display(description=_("proof"))
    def consent_record_link(self, subscription: Subscription) -> Any:
        url = reverse("admin:newsletters_subscription_proof", args=[subscription.pk])
        return format_html('<a href="{}">{}</a>', url, _("Proof of consent"))

    @admin.action(description=_("End the subscription"))
    def end_subscriptions(self, request: HttpRequest, queryset: Any) -> None:
        ended = queryset.end(timezone.now())
        words = ngettext("%(count)d subscription ended.", "%(count)d subscriptions ended.", ended) % {"count": ended}
        self.message_user(request, words, messages.SUCCESS)

    # the consent record as a page and as a file

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        page = path("<int:pk>/proof/", wrap(self.consent_record), name="newsletters_subscription_proof")
        file = path("<int:pk>/proof.txt", wrap(self.consent_record_file), name="newsletters_subscription_proof_file")
        return [page, file, *super().get_urls()]

    def consent_record(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that this address agreed to on the lists of the own areas, on one page to print."""
        subscriptions = self._subscriptions_of(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Proof of consent"),
            "email": subscriptions[0].email,
            "records": [(subscription, record_of(subscription)) for subscription in subscriptions],
            "file_url": reverse("admin:newsletters_subscription_proof_file", args=[pk]),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/newsletters/subscription/consent_record.html", context)

    def consent_record_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same as a text."""
        words = as_text(self._subscriptions_of(request, pk))
        name = {"Content-Disposition": f'attachment; filename="consent-{pk}.txt"', "Cache-Control": "private, no-store"}
        return HttpResponse(words, content_type="text/plain; charset=utf-8", headers=name)

    def _subscriptions_of(self, request: HttpRequest, pk: int) -> list[Subscription]:
        own = self.get_queryset(request)
        email = get_object_or_404(own, pk=pk).email
        return list(own.of(email).select_related("list", "noted_by", "previous").oldest_first())
