"""A page of the room as a PDF: the template's own words and styles, nothing fetched from anywhere."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML


class NothingIsFetched(Exception):
    """A template asked for something outside itself."""


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """The template in one language as PDF/UA-1 (ISO 14289-1): tagged, so that screen readers can read it."""
    with translation.override(language):
        html = render_to_string(template, context)
    paper = str(settings.BASE_DIR / "static" / "css" / "paper.css")
    made = HTML(string=html, url_fetcher=_refuse).write_pdf(stylesheets=[paper], pdf_variant="pdf/ua-1")
    return made or b""


def _refuse(url: str, *_args: Any, **_more: Any) -> Any:
    raise NothingIsFetched(url)
