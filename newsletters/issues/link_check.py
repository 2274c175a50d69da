"""Link check and accessibility of a letter: its links, pictures and headings, read from its HTML."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path

from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.models import Issue

# Pages of one thing, whose address ends in its slug. Every other page that has a route is there.
PAGES: dict[str, Any] = {
    "meetings:meeting-detail": Meeting,
    "methods:method-detail": Method,
    "networks:network-detail": Network,
    "networks:news-detail": NewsItem,
    "newsletters:issue-detail": Issue,
}
OPEN, CLOSED, DEAD = "open", "closed", "dead"


class Content(HTMLParser):
    """The links, the pictures without words and the levels of headings of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.wordless_pictures = 0
        self.levels: list[int] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "img" and "alt" not in found:
            self.wordless_pictures += 1
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self.levels.append(int(tag[1]))

    @property
    def skips_a_heading(self) -> bool:
        """A level is left out on the way down. The letter's subject is the first level."""
        return any(below > above + 1 for above, below in zip([1, *self.levels], self.levels, strict=False))


def check_links(links: Iterable[str]) -> dict[str, str]:
    """Of each link whether everybody can open it, only some, or nobody. Nothing is fetched from the network."""
    return {link: _check_link(link) for link in dict.fromkeys(links)}


def _check_link(link: str) -> str:
    if link.startswith("mailto:"):
        return _well_written(validate_email, link.removeprefix("mailto:").partition("?")[0])
    if link.startswith(settings.SITE_URL + "/"):
        return _of_our_own(urlsplit(link).path)
    return _well_written(URLValidator(["http", "https"]), link)


def _well_written(check: Any, text: str) -> str:
    try:
        check(text)
    except ValidationError:
        return DEAD
    return OPEN


def _of_our_own(path: str) -> str:
    """A route leads there, and for the page of one thing the thing is there."""
    with translation.override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            found = resolve(path)
        except Resolver404:
            return DEAD
    model = PAGES.get(found.view_name)
    if model is None:
        return OPEN
    rows = model.objects.filter(slug=found.kwargs["slug"])
    if rows.visible_to(AnonymousUser()).exists():
        return OPEN
    return CLOSED if rows.exists() else DEAD
