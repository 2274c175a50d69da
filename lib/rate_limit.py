"""Rate limits of open forms, so that none can be used to send strangers letter after letter: submissions are counted,
addresses never.

The number of submissions from one network address and of all together is counted for an hour in the small cache: a
restart forgets it, a Redis outage does not touch it.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600
PER_VISITOR = 30
ALTOGETHER = 500

log = logging.getLogger(__name__)


def is_rate_limited(request: HttpRequest, form: str, counted: str = "") -> bool:
    """Counts this submission of a form; the log calls such submissions `counted`.

    REMOTE_ADDR only: what a visitor writes into X-Forwarded-For is not believed.
    """
    by_visitor = count_in_hour(f"{form}.flood.{request.META.get('REMOTE_ADDR', '')}")
    altogether = count_in_hour(f"{form}.flood.all")
    if altogether == ALTOGETHER + 1:
        what = counted or f"submissions of the form {form}"
        log.warning("more than %s %s within an hour: the form may be misused", ALTOGETHER, what)
    return by_visitor > PER_VISITOR or altogether > ALTOGETHER


def count_in_hour(key: str) -> int:
    """How many times this key was counted within the hour, this time included."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it grew old between the two lines
        return 1
