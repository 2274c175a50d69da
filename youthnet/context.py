"""What every page may show: the area, its colour, the languages and the pages at the foot.

Everything is lazy: an answer that draws no page asks nothing, and an anonymous reader's page touches neither session
nor messages, so that it sets no cookie and may be kept by a cache.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from contacts.models import CoordinationArea
from networks.models import Page
from youthnet.links import absolute, absolute_url
from youthnet.theme import DEFAULT_ACCENT, day_shade, night_shade

KEPT_SECONDS = 60
CACHE_KEY = "youthnet.house"


@dataclass(frozen=True)
class House:
    """The installation as its visitors see it."""

    area: CoordinationArea | None
    pages: list[Page]

    @property
    def name(self) -> str:
        return self.area.title if self.area else _("Regional youth work")

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


def house(request: HttpRequest) -> dict[str, Any]:
    """`house`, `person`, `notices` and `tongues` for base.html."""
    return {
        "house": SimpleLazyObject(the_house),
        "person": _person(request),
        "notices": SimpleLazyObject(lambda: _notices(request)),
        "tongues": SimpleLazyObject(lambda: _tongues(request)),
    }


def the_house() -> House:
    """The installation, remembered for a minute per process."""
    kept = cache.get(CACHE_KEY)
    if kept is None:
        kept = _find_house()
        cache.set(CACHE_KEY, kept, KEPT_SECONDS)
    return kept


def _find_house() -> House:
    areas = list(CoordinationArea.objects.alphabetical().select_related("host")[:2])
    if len(areas) != 1:
        return House(None, [])
    return House(areas[0], list(Page.objects.visible_to(None).in_menu().filter(area=areas[0]).select_related("area")))


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
    path = request.get_full_path()
    return [_tongue(code, path) for code, _name in settings.LANGUAGES]


def _tongue(code: str, path: str) -> dict[str, Any]:
    there = translate_url(path, code)
    name = get_language_info(code)["name_local"].capitalize()
    return {"code": code, "name": name, "path": there, "url": absolute(there), "is_current": code == get_language()}
