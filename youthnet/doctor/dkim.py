"""The public key of DKIM (RFC 6376, 3.6.1; RFC 8301; RFC 8463) as it stands in the DNS. Pure."""

import base64
import binascii
from collections.abc import Iterator

from youthnet.doctor.dmarc import tags_of
from youthnet.doctor.dns import Ask
from youthnet.doctor.report import Check, Section

SHORTEST, GOOD = 1024, 2048
SEQUENCE, INTEGER, BITS = 0x30, 0x02, 0x03

section = Section("DKIM")


class BadKey(Exception):
    """The record holds no key that receivers can use; the text says why."""


def name_of(selector: str, domain: str) -> str:
    return f"{selector}._domainkey.{domain}"


def judge(selector: str, domain: str, ask: Ask) -> Iterator[Check]:
    if not selector:
        yield section.look(
            "The doctor does not know which DKIM key the relay signs with.",
            "Ask who runs the relay for the selector, and set DKIM_SELECTOR or say --selector.",
        )
        return
    name = name_of(selector, domain)
    texts = ask(name, "TXT")
    if texts is None:
        yield section.look(f"Nothing is known of the TXT records of {name}.", "Add them to the file of answers.")
        return
    keys = records_in(texts)
    if len(keys) != 1:
        yield _not_one(name, len(keys))
    else:
        yield from _one(name, keys[0])


def records_in(texts: list[str]) -> list[str]:
    """Without the name that leads there: `dig +short` prints the CNAME that a provider's key often stands behind."""
    return [text for text in texts if "=" in text]


def _not_one(name: str, number: int) -> Check:
    if number:
        return section.wrong(f"{name} has {number} records where one key must stand.", "Keep the key that is used.")
    return section.wrong(
        f"There is no DKIM key at {name}, so signatures cannot be checked.",
        "Publish the TXT record that the relay's makers gave you, or correct the selector.",
    )


def _one(name: str, record: str) -> Iterator[Check]:
    tags = tags_of(record)
    try:
        yield _strength(name, *kind_and_bits(tags))
    except BadKey as error:
        yield section.wrong(f"The DKIM key at {name} cannot be used: {error}.", "Copy the record from the relay again.")
    if "y" in tags.get("t", "").split(":"):
        yield section.look(
            f"The DKIM key at {name} says that it is only being tried out (t=y).", "Take t=y out when signing works."
        )


def _strength(name: str, kind: str, bits: int) -> Check:
    if kind == "ed25519":
        return section.look(
            f"The DKIM key at {name} is of the kind ed25519, which many receivers do not know.",
            "Sign with an RSA key of 2048 bits as well.",
        )
    if bits < SHORTEST:
        return section.wrong(f"The DKIM key at {name} has only {bits} bits.", "Make a new one of 2048 bits.")
    if bits < GOOD:
        return section.look(f"The DKIM key at {name} has {bits} bits, which is short.", "Make a new one of 2048 bits.")
    return section.ok(f"The DKIM key at {name} is RSA with {bits} bits.")


def kind_and_bits(tags: dict[str, str]) -> tuple[str, int]:
    """Raises BadKey."""
    if tags.get("v", "DKIM1") != "DKIM1":
        raise BadKey("it does not begin with v=DKIM1")
    if "p" not in tags:
        raise BadKey("the part p= is missing")
    if not tags["p"]:
        raise BadKey("it was withdrawn (p= is empty)")
    if "sha256" not in tags.get("h", "sha256").split(":"):
        raise BadKey("it does not allow sha256")
    if not {"*", "email"} & set(tags.get("s", "*").split(":")):
        raise BadKey("it is not meant for mail")
    return _kind_and_bits(tags.get("k", "rsa").lower(), tags["p"])


def _kind_and_bits(kind: str, coded: str) -> tuple[str, int]:
    try:
        key = base64.b64decode("".join(coded.split()), validate=True)
    except binascii.Error:
        raise BadKey("p= is cut or mistyped") from None
    if kind == "ed25519":
        return kind, 8 * len(key)
    if kind != "rsa":
        raise BadKey(f"nobody knows keys of the kind {kind}")
    try:
        return kind, rsa_bits(key)
    except (ValueError, IndexError):
        raise BadKey("p= is no RSA key") from None


def rsa_bits(key: bytes) -> int:
    """The length of the modulus in a SubjectPublicKeyInfo or a bare RSAPublicKey (RFC 8017, A.1.1).

    Raises ValueError or IndexError for anything else.
    """
    parts = _inside(_only(key, SEQUENCE))
    if parts[0][0] == SEQUENCE:
        bits = next((content for tag, content in parts if tag == BITS), b"")
        parts = _inside(_only(bits[1:], SEQUENCE))
    if parts[0][0] != INTEGER:
        raise ValueError("no modulus")
    return int.from_bytes(parts[0][1], "big").bit_length()


def _only(der: bytes, wanted: int) -> bytes:
    tag, content = _inside(der)[0]
    if tag != wanted:
        raise ValueError("another shape")
    return content


def _inside(der: bytes) -> list[tuple[int, bytes]]:
    """The elements that stand side by side (X.690, 8.1): the tag and the content of each."""
    found, at = [], 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        if at + length > len(der):
            raise ValueError("cut")
        found.append((tag, der[at : at + length]))
        at += length
    return found
