"""Addresses for letters and feeds: they start with SITE_URL, never with what a request claims."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(path: str) -> str:
    """A full address for a path of this site."""
    return f"{settings.SITE_URL}{path}"


def absolute_url(name: str, *args: Any, language: str | None = None) -> str:
    """A full address for a named page, in the reader's language when it is given."""
    with translation.override(language or translation.get_language()):
        return absolute(reverse(name, args=args))


def absolute_url_around(mark: str, name: str, language: str) -> str:
    """The full address of a page with `mark` where its token stands: looked up once for a letter to thousands."""
    return absolute_url(name, "TOKEN", language=language).replace("TOKEN", mark)
