"""Signed links: one helper with a purpose for each kind of link and, where wanted, an age.

`sign` carries any value and knows its age. `sign_row` carries one row number: short, without a date and the same every
time, so that a letter to thousands costs next to nothing and may be built twice to the same bytes.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core import signing

MAC_BYTES = 16


class BadToken(Exception):
    """The link was cut, altered, meant for something else, or is too old."""


def sign(purpose: str, value: Any, compress: bool = False) -> str:
    """A URL-safe text that carries `value` (JSON) for one `purpose` only; what a form carries can be made shorter."""
    return signing.dumps(value, salt=f"youthnet.{purpose}", compress=compress)


def read(purpose: str, token: str, max_age: timedelta | None = None) -> Any:
    """The value back. Raises BadToken for a foreign purpose, a wrong signature or a token older than `max_age`."""
    try:
        return signing.loads(token, salt=f"youthnet.{purpose}", max_age=max_age)
    except signing.BadSignature as wrong:
        raise BadToken from wrong


def sign_row(purpose: str, pk: int) -> str:
    """A short URL-safe text that stands for one row and one `purpose`: `<pk>-<22 letters>`. It never grows old."""
    row = b"%d" % pk
    return f"{pk}-{_mac(settings.SECRET_KEY, purpose, row)}"


def read_row(purpose: str, token: str) -> int:
    """The row number back. Raises BadToken for a foreign purpose or anything that `sign_row` did not write."""
    pk, _, mac = token.partition("-")
    row, given = pk.encode(errors="replace"), mac.encode(errors="replace")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(given, _mac(secret, purpose, row).encode()):
            return int(pk)
    raise BadToken


def read_row_in_any_case(purpose: str, token: str) -> int:
    """As `read_row`, for a token that came by mail: servers on the way may have turned its capitals to small letters.

    Of its 128 bits that leaves about 114. Raises BadToken.
    """
    pk, _, mac = token.lower().partition("-")
    row, given = pk.encode(errors="replace"), mac.encode(errors="replace")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(given, _mac(secret, purpose, row).lower().encode()):
            return int(pk)
    raise BadToken


def _mac(secret: str, purpose: str, row: bytes) -> str:
    """HMAC-SHA256 cut to 128 bits (RFC 2104 §5), as base64url without padding."""
    mac = hmac.digest(_key(secret, purpose), row, "sha256")[:MAC_BYTES]
    return urlsafe_b64encode(mac)[:-2].decode()


@lru_cache(maxsize=64)
def _key(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that a link made for one opens nothing else."""
    return hmac.digest(secret.encode(), f"youthnet.row.{purpose}".encode(), "sha256")
