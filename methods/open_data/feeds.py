"""The feed of new methods, for readers and for other portals; narrowed like the list by what stands in its address."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from lib.absolute_urls import absolute, absolute_url
from lib.access import public
from methods.faceted_search.filters import MethodFilter
from methods.models import Method

MOST = 30


class MethodFeed(Feed):
    """The newest methods as Atom (RFC 4287). A feed has no reader who signs in: what everybody may see."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def get_object(self, request: HttpRequest) -> MethodFilter:
        return MethodFilter(request.GET, AnonymousUser())

    def title(self, found: MethodFilter) -> str:
        if not found.chips:
            return _("New methods")
        return _("New methods: %(filters)s") % {"filters": ", ".join(chip.label for chip in found.chips)}

    def link(self, found: MethodFilter) -> str:
        return absolute_url("methods:method-list") + _after(found.query)

    def feed_url(self, found: MethodFilter) -> str:
        return absolute_url("methods:method-feed") + _after(found.query)

    def items(self, found: MethodFilter) -> list[Method]:
        newest = found.found.snapshot.first(found.found.methods, MOST)
        return list(found.queryset.among(newest).for_cards().newest())

    def item_title(self, method: Method) -> str:
        return method.title

    def item_description(self, method: Method) -> str:
        return method.summary

    def item_link(self, method: Method) -> str:
        return absolute(method.get_absolute_url())

    def item_pubdate(self, method: Method) -> datetime | None:
        return method.published_at

    def item_updateddate(self, method: Method) -> datetime:
        return method.changed_at

    def item_author_name(self, method: Method) -> str:
        return str(method.organisation or "")

    def item_categories(self, method: Method) -> list[str]:
        return [str(topic) for topic in method.topics.all()]


def _after(query: str) -> Any:
    return f"?{query}" if query else ""


# An answer that the reader has already is not sent again (ETag, 304).
method_feed = public(require_safe(conditional_page(MethodFeed())))
