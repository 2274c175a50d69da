"""The address a letter comes back to names the letter (VERP), and nobody can make one up (a keyed mark)."""

import hmac

from django.conf import settings

MARK = 8  # characters of base 32: 40 bits, enough for an address that only ever stops letters
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def envelope_sender(pk: int, sender: str) -> str:
    """`bounces+123.k7x2m9qa@portal.example.org` for the letter with this number; the sender itself without a box."""
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{pk}.{_mark(pk)}@{domain}" if at else sender


def delivery_of(address: str) -> int | None:
    """The number of the letter that an address names; None for an address that is not ours or was made up."""
    number, _dot, mark = address.rpartition("@")[0].rpartition("+")[2].partition(".")
    if not (number.isascii() and number.isdigit()) or len(number) > 19:
        return None
    return int(number) if hmac.compare_digest(_mark(int(number)), mark.lower()) else None


def _mark(pk: int) -> str:
    digest = hmac.digest(b"outbox.verp" + settings.ADDRESS_KEY.encode(), str(pk).encode(), "sha256")
    return "".join(ALPHABET[byte & 31] for byte in digest[:MARK])
