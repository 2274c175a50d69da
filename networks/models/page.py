"""Pages that the coordinator writes, and the questions people ask again and again."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from lib.querysets import InArea
from lib.text.richtext import RichTextField, words_only
from search.searchable import Searchable, SearchableQuerySet


class PageQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "PageQuerySet":
        """Published pages are public."""
        return self.filter(published_at__lte=timezone.now())

    def in_menu(self) -> "PageQuerySet":
        return self.filter(in_footer=True).order_by("order", "pk")

    def best(self) -> "PageQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("area").order_by("-rank", "order", "pk")


class Page(Searchable):
    """A page of an area, such as "About the coordination" or the privacy notice."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="pages", verbose_name=_("area"))
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=120)
    body = RichTextField(_("text"))
    in_footer = models.BooleanField(_("linked at the foot of every page"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, default=timezone.now)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [models.UniqueConstraint(fields=["area", "slug"], name="page_once_per_area")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("networks:page", args=[self.area.slug, self.slug])

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """The title, the text."""
        yield self.title, "fi", "A"
        yield words_only(self.body), "fi", "C"
