"""Which letter of ours a message is about, and whether that could have been made up."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Lower

from lib.text.addresses import normal
from outbox.incoming import verp
from outbox.incoming.bounce_parser import Reading
from outbox.models.delivery import Delivery

# A report that names only a person can speak of what was sent lately.
LATELY = timedelta(days=7)
OF_MAILING = re.compile(r"<(\d{1,18})\.([0-9a-f]{6,16})@")


@dataclass(frozen=True)
class Found:
    """`is_forged`: the message came to an address that claims to name a letter, with a mark that we never made."""

    letter: Delivery | None = None
    is_forged: bool = False


def letter_named_by(reading: Reading) -> Found:
    """By the address it came back to (VERP), or else by our own Message-ID: a stranger knows neither."""
    came_to = [address for address in (*reading.addressed_to, *reading.returned_to) if verp.is_of_the_box(address)]
    numbers = [verp.delivery_of(address) for address in came_to]
    if came_to and None in numbers:
        return Found(is_forged=True)
    by_address = Delivery.objects.filter(pk__in=filter(None, numbers)).first() if numbers else None
    return Found(by_address or _by_message_id(reading.returned_ids))


def newest_letter_to(recipient: str, now: datetime) -> Delivery | None:
    """The weakest way: anybody can write down an address."""
    to = Delivery.objects.annotate(to=Lower("recipient")).filter(to=normal(recipient))
    return to.filter(sent_at__gt=now - LATELY).order_by("-sent_at", "-pk").first() if recipient else None


def area_of_newest_letter_to(recipient: str) -> int | None:
    """Where the last letter to this address came from that belonged to an area."""
    to = Delivery.objects.annotate(to=Lower("recipient")).filter(to=normal(recipient)) if recipient else None
    found = to.filter(area_id__isnull=False).order_by("-pk").values_list("area_id", flat=True) if to else None
    return found.first() if found is not None else None


def _by_message_id(ids: tuple[str, ...]) -> Delivery | None:
    return next(filter(None, map(letter_of_message_id, ids)), None)


def letter_of_message_id(message_id: str) -> Delivery | None:
    """The letter that bears this Message-ID, with its angle brackets."""
    return Delivery.objects.filter(message_id=message_id).first() or _of_mailing(message_id)


def _of_mailing(message_id: str) -> Delivery | None:
    """Letters of a mailing bear its key and their number (builder.message_id)."""
    named = OF_MAILING.match(message_id)
    return Delivery.objects.filter(pk=int(named[1]), mailing__key=named[2]).first() if named else None
