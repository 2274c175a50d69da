"""Rate limits of open forms, so that none can be used to send strangers letter after letter: submissions are counted,
addresses never.

The number of submissions from one visitor (counters/client_address.py) and of all together is counted for an hour, in
the cache that all processes share.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest

from lib.counters.client_address import visitor

HOUR = 3600
PER_VISITOR = 30
ALTOGETHER = 500

log = logging.getLogger(__name__)


def is_rate_limited(
    request: HttpRequest, form: str, counted: str = "", per_visitor: int | None = None, altogether: int | None = None
) -> bool:
    """Counts this submission of a form; the log calls such submissions `counted`."""
    per_visitor, altogether = per_visitor or PER_VISITOR, altogether or ALTOGETHER
    by_visitor = count_of_visitor(request, f"{form}.flood")
    by_all = count_in_hour(f"{form}.flood.all")
    if by_all == altogether + 1:
        what = counted or f"submissions of the form {form}"
        log.warning("more than %s %s within an hour: the form may be misused", altogether, what)
    return by_visitor > per_visitor or by_all > altogether


def count_of_visitor(request: HttpRequest, key: str) -> int:
    """How many times this visitor was counted under the key within the hour, this time included."""
    return count_in_hour(f"{key}.{visitor(request)}")


def count_in_hour(key: str) -> int:
    """How many times this key was counted within the hour, this time included."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it grew old between the two lines
        return 1
