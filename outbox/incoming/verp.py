"""The address a letter comes back to names the letter (VERP), and nobody can make one up (a keyed mark)."""

import hmac

from django.conf import settings

MARK = 8  # characters of base 32: 40 bits, enough for an address that only ever stops letters
LEAVE = "leave-"
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


def is_of_the_box(address: str) -> bool:
    """Does the address claim to name a letter of ours? Whether the claim is true, `delivery_of` knows."""
    tag = _tag(address)
    return tag.partition(".")[0].isdigit() and "." in tag


def unsubscribe_token(address: str) -> str:
    """The token of `bounces+leave-TOKEN@portal.example.org`, as it was given out; empty for every other address."""
    tag = _tag(address)
    return tag.partition("-")[2] if tag.lower().startswith(LEAVE) else ""


def _tag(address: str) -> str:
    """What stands after the plus in an address of our box."""
    local, _at, domain = address.rpartition("@")
    box, _at, own_domain = settings.BOUNCE_ADDRESS.rpartition("@")
    name, _plus, tag = local.partition("+")
    is_ours = bool(box) and (name.lower(), domain.lower()) == (box.lower(), own_domain.lower())
    return tag if is_ours else ""


def _mark(pk: int) -> str:
    digest = hmac.digest(b"outbox.verp" + settings.ADDRESS_KEY.encode(), str(pk).encode(), "sha256")
    return "".join(ALPHABET[byte & 31] for byte in digest[:MARK])
