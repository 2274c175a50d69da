"""Words kept in three languages: the reader's own, else Finnish, else Swedish, else English."""

from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("fi", "sv", "en")


def translated(thing: Any, stem: str, language: str | None = None) -> str:
    """`thing.<stem>_<language>`, falling back to the first language that has words."""
    wanted = (language or get_language() or "fi")[:2]
    for code in (wanted, *LANGUAGES):
        words = getattr(thing, f"{stem}_{code}", "")
        if words:
            return str(words)
    return ""
