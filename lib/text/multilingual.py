"""Words kept in three languages: the reader's own, else Finnish, else Swedish, else English."""

from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("fi", "sv", "en")


def translated(thing: Any, stem: str, language: str | None = None) -> str:
    """`thing.<stem>_<language>`, falling back to the first language that has words."""
    code = language_of(thing, stem, language)
    return str(getattr(thing, f"{stem}_{code}")) if code else ""


def language_of(thing: Any, stem: str, language: str | None = None) -> str:
    """In which language `translated` finds words: for `lang="…"` on a page of another language. Empty for no words."""
    wanted = (language or get_language() or "fi")[:2]
    return next((code for code in (wanted, *LANGUAGES) if getattr(thing, f"{stem}_{code}", "")), "")
