"""Words of a text that stand out because they were searched for, and better words when nothing was found."""

from django.utils.html import conditional_escape
from django.utils.text import Truncator

try:
    from search.highlight import highlight
except ImportError:

    def highlight(text: str, typed: str, language: str, length: int) -> str:
        """The beginning of the text, without marks."""
        return conditional_escape(Truncator(text).chars(length))


try:
    from search.suggest import suggestion
except ImportError:

    def suggestion(typed: str) -> str:
        """No better words are known."""
        return ""


__all__ = ["highlight", "suggestion"]
