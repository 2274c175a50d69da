"""What other rooms' pages and our letters need: the sign-up form, and rich text as plain text."""

from typing import Any

from django import template

from newsletters.forms import SubscribeForm
from newsletters.plaintext import plain_text

register = template.Library()
register.filter("plain_text", plain_text)


@register.inclusion_tag("newsletters/_subscribe_form.html")
def subscribe_form(area: Any = None) -> dict[str, Any]:
    """The form in short, or nothing while there is no public list: `{% subscribe_form area %}`. Needs no cookie.

    With an area it offers the lists of that area, else those of all.
    """
    return {"form": SubscribeForm(area=area)}
