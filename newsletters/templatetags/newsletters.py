"""What pages and letters need: the sign-up form, one's own lists, rich text as plain text, languages of words."""

from typing import Any

from django import template

from lib.text.multilingual import LANGUAGES, language_of
from lib.text.plaintext import plain_text
from newsletters.subscriptions.forms import SubscribeForm
from newsletters.subscriptions.subscriber import Subscriber

register = template.Library()
register.filter("plain_text", plain_text)
register.filter("language_of", language_of)


@register.filter
def languages_with(thing: Any, stem: str) -> list[str]:
    """The languages in which it has words: `{{ issue|languages_with:"subject" }}`."""
    return [code for code in LANGUAGES if getattr(thing, f"{stem}_{code}", "")]


@register.simple_tag
def subscriber_of(person: Any) -> dict[str, Any] | None:
    """What somebody signed in with a proved address may join in one click: `{% subscriber_of person as own %}`."""
    subscriber = Subscriber.signed_in(person) if person else None
    if subscriber is None:
        return None
    read = set(subscriber.lists().values_list("pk", flat=True))
    return {"email": subscriber.email, "lists": [(each, each.pk in read) for each in subscriber.offered()]}


@register.inclusion_tag("newsletters/subscriptions/_subscribe_form.html")
def subscribe_form(area: Any = None) -> dict[str, Any]:
    """The form in short, or nothing while there is no public list: `{% subscribe_form area %}`. Needs no cookie.

    With an area it offers the lists of that area, else those of all.
    """
    return {"form": SubscribeForm(area=area)}
