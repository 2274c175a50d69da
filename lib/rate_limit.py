"""Keeps open forms from being used to bury strangers in letters: it counts presses, never addresses.

The number of presses from one network address and of all presses together is counted for an hour in the small cache:
a restart forgets it, a Redis outage does not touch it.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600
PER_VISITOR = 30
ALTOGETHER = 500

log = logging.getLogger(__name__)


def is_too_much(request: HttpRequest, form: str) -> bool:
    """Counts this press of a form. REMOTE_ADDR only: what a visitor writes into X-Forwarded-For is not believed."""
    by_visitor = presses(f"{form}.flood.{request.META.get('REMOTE_ADDR', '')}")
    altogether = presses(f"{form}.flood.all")
    if altogether == ALTOGETHER + 1:
        log.warning("more than %s presses of the form %s within an hour: it may be misused", ALTOGETHER, form)
    return by_visitor > PER_VISITOR or altogether > ALTOGETHER


def presses(key: str) -> int:
    """How many times this key was counted within the hour, this time included."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it grew old between the two lines
        return 1
