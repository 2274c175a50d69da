"""News of an area: written, published now or later, expired by its date."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, User
from contacts.models.term import term_field
from lib.querysets import InArea
from lib.text.richtext import RichTextField, words_only
from networks.models.network import Network
from search.searchable import Searchable, SearchableQuerySet


class NewsQuerySet(InArea, SearchableQuerySet):
    def published(self, now: datetime) -> "NewsQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), published_at__lte=now)

    def visible_to(self, user: Any) -> "NewsQuerySet":
        """Published public news for all, members' news for members, drafts only on the desk."""
        shown = self.published(timezone.now())
        public = Q(visibility=NewsItem.PUBLIC)
        if not user.is_authenticated:
            return shown.filter(public)
        if user.is_superuser:
            return shown
        inside = Q(network=None) | Q(network__in=Network.objects.visible_to(user))
        return shown.filter(public | Q(inside, area__in=user.area_ids()))

    def fresh(self, since: datetime, until: datetime) -> "NewsQuerySet":
        """What appeared after `since`, up to `until`; `fresh_at` is when. One dated back counts from its writing."""
        shown = self.published(until).annotate(fresh_at=Greatest("published_at", "created_at"))
        return shown.filter(fresh_at__gt=since, fresh_at__lte=until)

    def best(self) -> "NewsQuerySet":
        """The best match first; only after `matching`."""
        return self.order_by("-rank", "-published_at", "-pk")

    def newest(self) -> "NewsQuerySet":
        """Pinned ones on top."""
        return self.order_by("-is_pinned", "-published_at", "-pk")

    def latest_first(self) -> "NewsQuerySet":
        return self.order_by("-published_at", "-pk")


class NewsItem(Searchable):
    """One piece of news."""

    PUBLIC, MEMBERS = "public", "members"

    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="news", verbose_name=_("area"))
    network = models.ForeignKey(
        Network, on_delete=models.SET_NULL, null=True, blank=True, related_name="news", verbose_name=_("network")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=160)
    category = term_field("news_categories", _("category"), null=True, blank=True)
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences for lists and the newsletter.")
    )
    body = RichTextField(_("text"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))],
        default="fi",
    )
    visibility = models.CharField(
        _("shown to"),
        max_length=10,
        choices=[(PUBLIC, _("everybody")), (MEMBERS, pgettext_lazy("shown to", "members"))],
        default=PUBLIC,
    )
    is_pinned = models.BooleanField(_("kept on top"), default=False)
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("A moment in the future publishes it then. Empty is a draft."),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = NewsQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        indexes = [
            *Searchable.Meta.indexes,
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="newsitem_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(published_at=None) | Q(expires_at__gt=F("published_at")),
                name="news_expires_after_publishing",
                violation_error_message=_("The news must expire after it is published."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("networks:news-detail", args=[self.slug])

    # questions

    @property
    def is_for_members(self) -> bool:
        return self.visibility == self.MEMBERS

    def state(self, now: datetime) -> str:
        """draft, scheduled, published or expired."""
        if self.published_at is None:
            return "draft"
        if self.published_at > now:
            return "scheduled"
        return "expired" if self.expires_at and self.expires_at <= now else "published"

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """In the language it is written in: the title, the summary, the text."""
        yield self.title, self.language, "A"
        yield self.summary, self.language, "B"
        yield words_only(self.body), self.language, "C"

    # verbs

    def publish(self, now: datetime) -> bool:
        """Show it from now on. An expiry that has passed is forgotten. True when this changed something."""
        if self.state(now) == "published":
            return False
        if self.expires_at and self.expires_at <= now:
            self.expires_at = None
        self.published_at = now
        self.save(update_fields=["published_at", "expires_at"])
        return True

    def unpublish(self) -> None:
        """Take it back to the drafts."""
        self.published_at = None
        self.save(update_fields=["published_at"])
