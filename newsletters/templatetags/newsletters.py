"""What other rooms' pages and our letters need: the sign-up form, and rich text as plain text."""

from typing import Any

from django import template

from newsletters.forms import SubscribeForm
from newsletters.plaintext import plain_text

register = template.Library()
register.filter("plain_text", plain_text)


@register.inclusion_tag("newsletters/_subscribe_form.html")
def subscribe_form() -> dict[str, Any]:
    """The form in short, or nothing while there is no public list: `{% subscribe_form %}`. Needs no cookie."""
    return {"form": SubscribeForm()}
