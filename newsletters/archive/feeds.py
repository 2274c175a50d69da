"""The feeds of the archive, for readers and for other portals: what public lists were sent, by area and by list."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from contacts.models import CoordinationArea
from lib.absolute_urls import absolute, absolute_url
from lib.access import public
from newsletters.models import Issue, MailingList

MOST = 30


class AreaFeed(Feed):
    """The newest issues of an area as Atom (RFC 4287). A feed has no reader who signs in: public lists only."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def get_object(self, request: HttpRequest, area: str) -> Any:
        return get_object_or_404(CoordinationArea, slug=area)

    def title(self, area: Any) -> str:
        return _("Newsletters: %(area)s") % {"area": area.title}

    def link(self, area: Any) -> str:
        return absolute_url("newsletters:area-issues", area.slug)

    def feed_url(self, area: Any) -> str:
        return absolute_url("newsletters:area-feed", area.slug)

    def issues(self, area: Any) -> Any:
        return Issue.objects.visible_to(None).filter(list__area=area)

    def items(self, thing: Any) -> list[Issue]:
        return list(self.issues(thing).select_related("list").latest_sent()[:MOST])

    def item_title(self, issue: Issue) -> str:
        return issue.subject

    def item_description(self, issue: Issue) -> str:
        return issue.preheader

    def item_link(self, issue: Issue) -> str:
        return absolute(issue.get_absolute_url())

    def item_pubdate(self, issue: Issue) -> datetime | None:
        return issue.addressed_at

    item_updateddate = item_pubdate

    def item_categories(self, issue: Issue) -> list[str]:
        return [issue.list.name]


class ListFeed(AreaFeed):
    """The newest issues of one list."""

    def get_object(self, request: HttpRequest, area: str, code: str) -> Any:  # type: ignore[override]
        lists = MailingList.objects.visible_to(None).select_related("area")
        return get_object_or_404(lists, area__slug=area, code=code)

    def title(self, mailing_list: Any) -> str:
        return mailing_list.name

    def subtitle(self, mailing_list: Any) -> str:
        return mailing_list.description

    def link(self, mailing_list: Any) -> str:
        return absolute(mailing_list.get_absolute_url())

    def feed_url(self, mailing_list: Any) -> str:
        return absolute_url("newsletters:list-feed", mailing_list.area.slug, mailing_list.code)

    def issues(self, mailing_list: Any) -> Any:
        return Issue.objects.visible_to(None).filter(list=mailing_list)


# An answer that the reader has already is not sent again (ETag, 304).
area_feed = public(require_safe(conditional_page(AreaFeed())))
list_feed = public(require_safe(conditional_page(ListFeed())))
