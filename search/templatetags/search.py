"""What templates may say of a search: where a text fits it."""

from django import template
from django.utils.safestring import SafeString

from search.highlight import highlight

register = template.Library()


@register.simple_tag
def found(text: str, words: str, language: str = "fi", length: int | None = None) -> SafeString:
    """The text with its found words marked: `{% found method.summary words method.language 200 %}`."""
    return highlight(text or "", words or "", language or "fi", length)
