"""What every page may show: the area, its colour, the languages and the pages at the foot.

Everything is lazy: an answer that draws no page asks nothing, and an anonymous reader's page touches neither session
nor messages, so that it sets no cookie and may be kept by a cache.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _

from contacts.models import AreaLogo, CoordinationArea, Region
from lib.absolute_urls import absolute, absolute_url
from meetings.models.guest_history import history_of
from networks.models import Page
from youthnet.pages.places import places_of
from youthnet.pages.theme import DEFAULT_ACCENT, day_shade, night_shade
from youthnet.pages.tilemap import TileMap, tile_map

KEPT_SECONDS = 60
SHORT = 28
CACHE_KEY = "youthnet.house"


@dataclass(frozen=True)
class Site:
    """The installation as its visitors see it."""

    area: CoordinationArea | None
    pages: list[Page]
    logo: AreaLogo | None = None
    map: TileMap | None = None
    genitive: str = ""

    @property
    def name(self) -> str:
        return self.area.title if self.area else _("Regional youth work")

    @property
    def short_name(self) -> str:
        """For the head of a page: a long heading gives way to whose youth work it is."""
        if self.area is None or len(self.name) <= SHORT or not self.genitive:
            return self.name
        place = self.genitive if get_language() == "fi" else self.area.name
        return _("Youth work in %(place)s") % {"place": place}

    @property
    def accent(self) -> str:
        """Six digits without the number sign, as theme.css wants them."""
        return (self.area.accent if self.area else DEFAULT_ACCENT).lstrip("#")

    @property
    def colour(self) -> str:
        """For letters, which have no theme.css."""
        return day_shade(self.accent)

    @property
    def night_colour(self) -> str:
        return night_shade(self.accent)

    @property
    def url(self) -> str:
        return absolute_url("home")


def site(request: HttpRequest) -> dict[str, Any]:
    """`house`, `doors`, `person`, `notices` and `tongues` for base.html, and `written_in` for what people wrote."""
    return {
        "doors": SimpleLazyObject(
            lambda: _main_page_urls(get_language() or "", get_urlconf() or settings.ROOT_URLCONF)
        ),
        "house": SimpleLazyObject(current_site),
        # The language of words that are kept in one language only (WCAG 3.1.2).
        "written_in": settings.LANGUAGE_CODE,
        "person": _person(request),
        # Meetings under the person's address from before the account; asked only by the pages that offer them.
        "left_here": SimpleLazyObject(lambda: history_of(request.user)),
        "notices": SimpleLazyObject(lambda: _notices(request)),
        "tongues": SimpleLazyObject(lambda: _tongues(request)),
    }


def current_site() -> Site:
    """The installation, remembered for a minute per process."""
    kept = caches["memory"].get(CACHE_KEY)
    if kept is None:
        kept = _find_site()
        caches["memory"].set(CACHE_KEY, kept, KEPT_SECONDS)
    return kept


def _find_site() -> Site:
    areas = list(CoordinationArea.objects.alphabetical().select_related("host")[:2])
    if len(areas) != 1:
        return Site(None, [])
    [area] = areas
    return Site(
        area,
        pages=list(Page.objects.visible_to(None).in_menu().filter(area=area).select_related("area")),
        logo=AreaLogo.objects.select_related("area").filter(area=area).first(),
        map=tile_map(places_of(area)),
        genitive=Region.objects.filter(name_fi=area.name_fi).values_list("genitive", flat=True).first() or "",
    )


# The pages that every head, foot and error page leads to, by the name that templates call them.
MAIN_PAGES = {
    "home": "home",
    "theme": "theme",
    "meetings": "meetings:meeting-list",
    "methods": "methods:method-list",
    "networks": "networks:network-list",
    "news": "networks:news-list",
    "contacts": "contacts:card-list",
    "about": "about",
    "subscribe": "newsletters:subscribe",
    "search": "search",
    "me": "contacts:me",
    "desk": "admin:index",
    "sign_in": "account_login",
    "sign_out": "account_logout",
}


@lru_cache(maxsize=16)
def _main_page_urls(language: str, urlconf: str) -> dict[str, str]:
    """The addresses of MAIN_PAGES in a language; a page that is not there is left out."""
    return {name: path for name, page in MAIN_PAGES.items() if (path := _address(page))}


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def _person(request: HttpRequest) -> Any:
    """Whoever has signed in, else None; without a session cookie the session is not even opened."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return SimpleLazyObject(lambda: request.user if request.user.is_authenticated else None)


def _notices(request: HttpRequest) -> Any:
    """Messages, read only when there can be some."""
    kept = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    storage = get_messages(request)
    return storage if kept or getattr(storage, "added_new", False) else []


def _tongues(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in every language: code, the language's own name, path and full address."""
    return [_tongue(code, _path_in(code, request)) for code, _name in settings.LANGUAGES]


def _tongue(code: str, path: str) -> dict[str, Any]:
    name = get_language_info(code)["name_local"].capitalize()
    return {"code": code, "name": name, "path": path, "url": absolute(path), "is_current": code == get_language()}


def _path_in(code: str, request: HttpRequest) -> str:
    """The address of the present page in another language; Django's translate_url would resolve it anew each time."""
    match = request.resolver_match
    if code == get_language() or match is None:
        return request.get_full_path()
    with override(code):
        try:
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return request.get_full_path()
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
