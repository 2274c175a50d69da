"""PDF made of a template: tagged for screen readers (PDF/UA-1), hyphenated in its language, without network.

A PDF may use our own static files and fonts, and the pictures that its view hands over, having found them through
`visible_to`. Every other address is refused: no host, no file of the machine.
"""

import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from lib.output import fonts

PATIENCE = 10  # seconds to wait for another PDF of this process
# Finnish syllables begin at the last consonant before a vowel; pyphen brings the other languages but not this one.
FINNISH_HYPHENS = settings.BASE_DIR / "youthnet" / "hyphens_fi.dic"
_press = BoundedSemaphore(1)  # one at a time: a PDF takes all of a core while it is made


class Busy(Exception):
    """Others are having PDFs made; try again in a moment."""


@lru_cache(maxsize=1)
def is_possible() -> bool:
    """Whether WeasyPrint and the system's Pango are here. Without them a page tells how to print it."""
    try:
        import weasyprint  # noqa: F401  loads Pango, which a plain system may lack
    except (ImportError, OSError):
        return False
    return True


def pdf(template: str, context: Mapping[str, Any], language: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The template as a PDF. `pictures` holds the bytes of images by the path that the template names. Raises Busy.

    The template is a whole document with `lang` and `title`; its style sheets come from `{% static %}`.
    """
    import pyphen

    pyphen.LANGUAGES.setdefault("fi", FINNISH_HYPHENS)
    pyphen.LANGUAGES_LOWERCASE.setdefault("fi", "fi")
    with translation.override(language):
        html = unicodedata.normalize("NFC", render_to_string(template, dict(context)))
    if not _press.acquire(timeout=PATIENCE):
        raise Busy
    try:
        with _missing_characters() as missing:
            made = _rendered(html, pictures or {})
        if missing:
            made = _rendered(html.translate({ord(each): fonts.in_its_place(each) for each in missing}), pictures or {})
        return made
    finally:
        _press.release()


def _rendered(html: str, pictures: Mapping[str, bytes]) -> bytes:
    """The document as a PDF, with the fonts that its characters need."""
    import weasyprint

    needed = fonts.needed(html)
    html = html.replace("</head>", f"<style>{fonts.style(needed)}</style></head>", 1)
    fetcher = _fetcher({**pictures, **fonts.contents(needed)})
    document = weasyprint.HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=fetcher)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


class _Missing(logging.Handler):
    """Gathers the characters for which WeasyPrint had to draw a box; it says so in its log only."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.characters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if found := re.search(r"\.notdef glyph .*\(U\+([0-9A-F]+)\)", record.getMessage(), re.DOTALL):
            self.characters.add(chr(int(found[1], 16)))


@contextmanager
def _missing_characters() -> Iterator[set[str]]:
    handler, log = _Missing(), logging.getLogger("weasyprint")
    log.addHandler(handler)
    try:
        yield handler.characters
    finally:
        log.removeHandler(handler)


def _fetcher(pictures: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """Knows no protocol: it reads what it was given and what lies among the static files."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            return URLFetcherResponse(url, own_file(url, pictures), {"Content-Type": _type_of(url)})

    return OwnFilesOnly()


def own_file(url: str, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes behind an address of our own. Raises ValueError for every other."""
    path = url.removeprefix(settings.SITE_URL)
    if path in pictures:
        return pictures[path]
    base = static("")
    if path == url or not path.startswith(base):
        raise ValueError(f"A PDF takes nothing from {url}")
    name = unquote(path.removeprefix(base)).split("?")[0]
    if found := finders.find(name):
        with open(found, "rb") as file:
            return file.read()
    with staticfiles_storage.open(name) as stored:
        return bytes(stored.read())


def _type_of(url: str) -> str:
    return "text/css" if url.split("?")[0].endswith(".css") else "application/octet-stream"
