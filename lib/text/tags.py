"""What every template may do with a text: `{{ person.email|readable }}`."""

from typing import Any

from django import template

from lib.text import addresses

register = template.Library()


@register.filter
def readable(address: Any) -> str:
    """An address with its domain in the letters of its owner."""
    return addresses.readable(str(address or ""))
