"""The desk pages of networks, memberships, news, pages and questions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.admin import DeskAdmin, StateFilter
from lib.forms.fields import LinesField
from lib.publishing_admin import PublishingMixin
from networks import emails
from networks.forms import MembershipForm
from networks.models import Membership, Network, NewsItem, Page, Question
from search.admin import SearchableAdmin


@admin.register(Network)
class NetworkAdmin(SearchableAdmin):
    """A network ends, it is not deleted: its meetings and members stay true."""

    list_display = ["name_fi", "kind", "visibility", "joining", "member_count", "ended_on"]
    list_filter = ["is_professional", "visibility", "joining"]
    search_fields = ["name_fi", "name_sv", "name_en", "short_name"]
    filter_horizontal = ["municipalities", "partners", "work_forms"]
    prepopulated_fields = {"slug": ["name_fi"]}
    formfield_overrides = DeskAdmin.formfield_overrides | {models.JSONField: {"form_class": LinesField}}
    fieldsets = [
        (_("Name"), {"fields": ["area", "name_fi", "name_sv", "name_en", "short_name", "slug", "kind", "parent"]}),
        (_("What it is for"), {"fields": ["tagline", "purpose", "description", "target_group", "indirect_aim"]}),
        (_("How it works"), {"fields": ["way_of_working", "tasks", "ground_rules"]}),
        (_("Who and where"), {"fields": ["work_forms", "municipalities", "partners"]}),
        (
            _("Visibility and joining"),
            {"fields": ["is_professional", "visibility", "joining", "sender_email", "order"]},
        ),
        (_("From and to"), {"fields": ["founded_on", "ended_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Network]:
        rows: Any = super().get_queryset(request)
        return rows.with_counts().in_order()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    @admin.display(description=_("members"), ordering="member_count")
    def member_count(self, network: Network) -> str:
        url = f"{reverse('admin:networks_membership_changelist')}?network__id__exact={network.pk}"
        return format_html('<a href="{}">{}</a>', url, network.member_count)  # type: ignore[attr-defined]


class MembershipStateFilter(StateFilter):
    """Where the membership stands."""

    states = [("waiting", _("waiting for an answer")), ("active", _("member now")), ("over", _("ended or refused"))]

    def in_state(self, rows: Any, state: Any) -> Any:
        return getattr(rows, state)()


@admin.register(Membership)
class MembershipAdmin(DeskAdmin):
    """Who belongs where. Adding one takes the person in at once; ending one keeps its history."""

    list_display = ["user", "network", "role", "organisation", "state", "requested_at"]
    list_filter = [MembershipStateFilter, ("network", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__name", "user__email", "network__name_fi"]
    form = MembershipForm
    actions = ["approve", "refuse", "end"]
    fields = ["network", "user", "role", "represents", "message", "requested_at", "joined_at", "left_at", "refusal"]
    history = ["message", "requested_at", "joined_at", "left_at", "refusal"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Membership]:
        rows: Any = super().get_queryset(request)
        return rows.with_people().order_by("-requested_at", "-pk")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return self.fields if obj else self.fields[:4]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return ["network", "user", *self.history] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        taken_in = obj.network.take_in(obj.user, timezone.now(), role=obj.role, represents=obj.represents)
        emails.approved(taken_in)
        obj.pk = taken_in.pk

    @admin.display(description=_("organisation"))
    def organisation(self, membership: Membership) -> Any:
        return membership.organisation

    @admin.display(description=_("state"))
    def state(self, membership: Membership) -> Any:
        if membership.is_waiting:
            return _("waiting for an answer")
        return _("member now") if membership.is_active else _("ended or refused")

    @admin.action(description=_("Approve the requests and tell the people"))
    def approve(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        decided = [m for m in queryset if m.approve(timezone.now(), by=request.user)]
        for membership in decided:
            emails.approved(membership)
        self._report(request, len(decided))

    @admin.action(description=_("Refuse the requests and tell the people"))
    def refuse(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        decided = [m for m in queryset if m.refuse(timezone.now(), by=request.user)]
        for membership in decided:
            emails.refused(membership)
        self._report(request, len(decided))

    @admin.action(description=_("End the memberships"))
    def end(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        self._report(request, sum(m.leave(timezone.now()) for m in queryset))

    def _report(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d row was changed.", "%(count)d rows were changed.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(NewsItem)
class NewsAdmin(PublishingMixin, SearchableAdmin):
    """News: a draft until it gets a moment of publishing, which may lie ahead."""

    list_display = ["title", "state", "category", "visibility", "published_at", "expires_at", "is_pinned"]
    list_select_related = ["category"]
    list_filter = ["visibility", ("category", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["publish", "unpublish"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "body", "category", "language"]}),
        (_("Who sees it"), {"fields": ["area", "network", "visibility", "is_pinned"]}),
        (_("When"), {"fields": ["published_at", "expires_at"]}),
    ]
    STATES = {
        "draft": _("draft"),
        "scheduled": _("will be published"),
        "published": _("published now"),
        "expired": _("expired"),
    }

    def readers_of(self, row: NewsItem) -> str:
        if not row.is_for_members:
            return _("everybody")
        if row.network:
            return _("members in the area who see the network %(network)s") % {"network": row.network}
        return _("members in the area")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[NewsItem]:
        return super().get_queryset(request).order_by(models.F("published_at").desc(nulls_first=True), "-pk")

    def save_model(self, request: HttpRequest, obj: NewsItem, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.author_id = request.user.pk
        super().save_model(request, obj, form, change)

    @admin.display(description=_("state"))
    def state(self, item: NewsItem) -> Any:
        return self.STATES[item.state(timezone.now())]

    @admin.action(description=_("Publish now"))
    def publish(self, request: HttpRequest, queryset: models.QuerySet[NewsItem]) -> None:
        count = sum(item.publish(timezone.now()) for item in queryset)
        words = ngettext("%(count)d news item was published.", "%(count)d news items were published.", count)
        self.message_user(request, words % {"count": count})

    @admin.action(description=_("Take back to the drafts"))
    def unpublish(self, request: HttpRequest, queryset: models.QuerySet[NewsItem]) -> None:
        for item in queryset:
            item.unpublish()
        self.message_user(request, _("The news can be seen on the desk only."))


@admin.register(Page)
class PageAdmin(PublishingMixin, SearchableAdmin):
    list_display = ["title", "area", "in_footer", "order", "published_at", "changed_at"]
    list_select_related = ["area"]
    prepopulated_fields = {"slug": ["title"]}
    ordering = ["area", "order", "pk"]


@admin.register(Question)
class QuestionAdmin(PublishingMixin, SearchableAdmin):
    list_display = ["question", "category", "network", "order", "published_at"]
    list_filter = [("category", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["question", "answer"]

    def readers_of(self, row: Question) -> str:
        if row.network is None or row.network.is_public:
            return _("everybody")
        return _("those who see the network %(network)s") % {"network": row.network}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Question]:
        rows: Any = super().get_queryset(request)
        return rows.select_related("network").in_order()
