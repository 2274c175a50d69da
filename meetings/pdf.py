"""A page of the room as a PDF: nothing is fetched but the style sheets of the portal itself."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from weasyprint import HTML


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """The template in one language as PDF/UA-1 (ISO 14289-1): tagged, so that screen readers can read it."""
    with translation.override(language):
        html = render_to_string(template, context)
    made = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=_own_style)
    return made.write_pdf(pdf_variant="pdf/ua-1") or b""


def _own_style(url: str, *_args: Any, **_more: Any) -> dict[str, Any]:
    """The style sheet behind an address of our own static files. Raises ValueError for every other address."""
    shelf = f"{settings.SITE_URL}{static('')}"
    found = finders.find(url.removeprefix(shelf)) if url.startswith(shelf) and url.endswith(".css") else None
    if not found:
        raise ValueError(f"A PDF takes nothing from {url}")
    return {"filename": found, "mime_type": "text/css"}
