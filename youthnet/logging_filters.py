"""What the logs must not hold: Django names the path of a page that was not found, and some paths are secrets."""

import logging
import re
from typing import Any

from django.urls import Resolver404, ResolverMatch, resolve

# As the development server writes a request down: "GET /path HTTP/1.1".
REQUEST_LINE = re.compile(r"\A(\S+) (\S+) (HTTP/[\d.]+)\Z")
# What a path's parts are called that open something to whoever knows them.
SECRETS = {"token", "code", "secret"}


class WithoutSecrets(logging.Filter):
    """Puts the route in the place of the path where a page opens by a token, in request lines too."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            request: Any = getattr(record, "request", None)
            record.args = tuple(_without_secret(each, request) for each in record.args)
        return True


def _without_secret(told: Any, request: Any) -> Any:
    if not isinstance(told, str):
        return told
    if told == getattr(request, "path", None):
        return _shown(told, getattr(request, "resolver_match", None))
    line = REQUEST_LINE.match(told)
    return f"{line[1]} {_shown(line[2])} {line[3]}" if line else told


def _shown(path: str, match: ResolverMatch | None = None) -> str:
    """The path, or the route of one that is a secret; in every language, for the prefix says which is meant."""
    try:
        match = match or resolve(path.partition("?")[0])
    except Resolver404:
        return path
    is_secret = getattr(match.func, "access", "") == "by_token" or SECRETS & match.kwargs.keys()
    return match.route if is_secret else path
