"""Keeps the sign-up form from being used to bury strangers in letters: it counts presses, never addresses.

The limit per address stands in the database (`LetterTally`). Here only the number of presses from one network address
and of all presses together is counted, in the small cache: a restart forgets it, a Redis outage does not touch it.
"""

import logging

from django.http import HttpRequest

from lib.rate_limit import presses

PER_VISITOR = 30
ALTOGETHER = 500

log = logging.getLogger(__name__)


def is_too_much(request: HttpRequest) -> bool:
    """Counts this press. REMOTE_ADDR only: what a visitor writes into X-Forwarded-For is not believed."""
    by_visitor = presses(f"newsletters.flood.{request.META.get('REMOTE_ADDR', '')}")
    altogether = presses("newsletters.flood.all")
    if altogether == ALTOGETHER + 1:
        log.warning("more than %s sign-ups for newsletters within an hour: the form may be misused", ALTOGETHER)
    return by_visitor > PER_VISITOR or altogether > ALTOGETHER
