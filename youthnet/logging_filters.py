"""What the logs must not hold: Django names the path of a page that was not found, and some paths are secrets."""

import logging
from typing import Any


class WithoutSecrets(logging.Filter):
    """Puts the route in the place of the path where a page opens by a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        if match and getattr(match.func, "access", "") == "by_token" and isinstance(record.args, tuple):
            record.args = tuple(match.route if each == request.path else each for each in record.args)
        return True
