"""The feed of public news for readers and for other portals."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from lib.absolute_urls import absolute, absolute_url
from networks.models import NewsItem


class NewsFeed(Feed):
    """The newest public news as Atom (RFC 4287). A feed has no reader who signs in, so members' news stay out."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def title(self) -> str:
        return _("News of regional youth work")

    def link(self) -> str:
        return absolute_url("networks:news-list")

    def feed_url(self) -> str:
        return absolute_url("networks:news-feed")

    def items(self) -> list[NewsItem]:
        return list(NewsItem.objects.visible_to(AnonymousUser()).select_related("category").latest_first()[:30])

    def item_title(self, item: NewsItem) -> str:
        return item.title

    def item_description(self, item: NewsItem) -> str:
        return item.summary

    def item_link(self, item: NewsItem) -> str:
        return absolute(item.get_absolute_url())

    def item_pubdate(self, item: NewsItem) -> datetime | None:
        return item.published_at

    item_updateddate = item_pubdate

    def item_categories(self, item: NewsItem) -> list[str]:
        return [item.category.label] if item.category else []
