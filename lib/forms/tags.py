"""Template tags of every form: `{% csrf_token %}` and `{% form_token %}` also let it be sent only once."""

from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lib.forms.once import FIELD, new_token

register = template.Library()


@register.simple_tag
def form_token() -> SafeString:
    """For a form without `{% csrf_token %}`: a page opened by a link of a letter. The browser must not put it back."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, new_token())


class _TokensNode(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        against_forgery = super().render(context)
        return mark_safe(against_forgery + form_token()) if against_forgery else SafeString("")


@register.tag
def csrf_token(parser: Any, token: Any) -> template.Node:
    """Django's own tag, with the token of `form_token` beside it."""
    return _TokensNode()
