"""Signed links: one helper with a purpose for each kind of link and, where wanted, an age."""

from datetime import timedelta
from typing import Any

from django.core import signing


class BadToken(Exception):
    """The link was cut, altered, meant for something else, or is too old."""


def sign(purpose: str, value: Any) -> str:
    """A URL-safe text that carries `value` (JSON) for one `purpose` only."""
    return signing.dumps(value, salt=f"youthnet.{purpose}")


def read(purpose: str, token: str, max_age: timedelta | None = None) -> Any:
    """The value back. Raises BadToken for a foreign purpose, a wrong signature or a token older than `max_age`."""
    try:
        return signing.loads(token, salt=f"youthnet.{purpose}", max_age=max_age)
    except signing.BadSignature as wrong:
        raise BadToken from wrong
