"""The desk's own letter: a writer is asked to mend a text that may hold personal data."""

from datetime import datetime
from typing import Any

from django.utils import translation

from contacts.models import User
from lib.absolute_urls import absolute
from outbox.compose import letter
from outbox.models import Delivery


def mend_asked(reader: User, kind: Any, thing: Any, words: str, *, by: User, held_at: datetime) -> Delivery:
    """Asks the writer; the words of the text are not repeated, for a letter lies in more places than the portal."""
    with translation.override(reader.language):
        what, page_url = str(kind.name), absolute(thing.get_absolute_url())
    return letter(
        "youthnet/emails/mend",
        to=reader.email,
        language=reader.language,
        context={
            "reader": reader,
            "what": what,
            "thing": thing,
            "words": words,
            "area": thing.area,
            "page_url": page_url,
        },
        kind="mend-asked",
        reference=f"{kind.code}/{thing.pk}/{held_at:%Y%m%d%H%M%S%f}",
        reply_to=[by.email],
    )
