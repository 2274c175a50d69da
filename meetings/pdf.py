"""A page of the room as a PDF: the template's own words and styles, nothing fetched from anywhere."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML


class NothingIsFetched(Exception):
    """A template asked for something outside itself."""


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """The template in one language as PDF/UA-1 (ISO 14289-1): tagged, so that screen readers can read it."""
    with translation.override(language):
        html = render_to_string(template, context)
    return HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1") or b""


def _refuse(url: str, *_args: Any, **_more: Any) -> Any:
    raise NothingIsFetched(url)
