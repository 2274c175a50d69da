"""A page of the room as a PDF: nothing is fetched but the style sheets of the portal itself."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """The template in one language as PDF/UA-1 (ISO 14289-1): tagged, so that screen readers can read it."""
    from weasyprint import HTML  # loads Pango, which a plain system may lack: only this page needs it

    with translation.override(language):
        html = render_to_string(template, context)
    made = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=_fetcher())
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnStyles(URLFetcher):
        """Knows no protocol: it reads style sheets of the portal and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            return URLFetcherResponse(url, own_style(url), {"Content-Type": "text/css"})

    return OwnStyles()


def own_style(url: str) -> bytes:
    """The style sheet behind an address of our own static files. Raises ValueError for every other address."""
    shelf = f"{settings.SITE_URL}{static('')}"
    found = finders.find(url.removeprefix(shelf)) if url.startswith(shelf) and url.endswith(".css") else None
    if not found:
        raise ValueError(f"A PDF takes nothing from {url}")
    with open(found, "rb") as file:
        return file.read()
