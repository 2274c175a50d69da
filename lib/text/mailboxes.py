"""Addresses as the headers and envelopes of letters hold them (RFC 5322): in ASCII, with a name that forges nothing.

Knows nothing of the database. What somebody typed is judged in `lib.text.addresses`.
"""

import re
from email.header import Header
from email.utils import formataddr

import idna
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.text.normal_form import name_of

# A line of a header holds 998 octets (RFC 5322, 2.1.1); nobody reads a longer name to its end.
LONGEST_NAME = 120
LINE = 76
# Names that need neither quotes nor encoding (RFC 5322, 3.2.3: atoms).
SIMPLE_NAME = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+){0,5}")
# What stands on an envelope without quotation marks (RFC 5321, 4.1.2: Dot-string, Domain).
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")


class NoMailbox(Refused, ValueError):
    """No header can hold this address."""


def ascii_domain(domain: str) -> str:
    """As the domain name system knows it, in small letters (RFC 5891, mapped by UTS 46): xn--typaja-xxa.fi.

    Raises ValueError for what is no domain.
    """
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    return idna.encode(domain, uts46=True, std3_rules=True).decode()


def normal_domain(domain: str) -> str:
    """The same of what a stranger wrote: what is no domain stays as it is, in small letters."""
    try:
        return ascii_domain(domain)
    except ValueError:
        return domain.lower()


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII. Raises NoMailbox when that does not make it one for an envelope."""
    local, _at, domain = address.rpartition("@")
    try:
        plain = address if address.isascii() else f"{local}@{ascii_domain(domain)}"
    except ValueError:
        plain = ""
    if not PLAIN.fullmatch(plain) or "=?" in local:
        raise NoMailbox(_("“%(address)s” is not an e-mail address."), address=name_of(address))
    return plain


def header_address(name: str, address: str) -> str:
    """`Name <address>` for a header, in ASCII and on one line; the address alone when there is no name.

    Raises NoMailbox. The name is no structure, whatever stands in it: quoted, or encoded (RFC 2047) when it is beyond
    ASCII or looks as if it were encoded.
    """
    bare = ascii_address(address)
    if SIMPLE_NAME.fullmatch(name) and len(name) <= LONGEST_NAME:
        return f"{name} <{bare}>"
    plain = _shortened(name_of(name))
    if plain.isascii() and "=?" not in plain:
        return formataddr((plain, bare))
    encoded = Header(plain, "utf-8", maxlinelen=LINE).encode()
    return f"{encoded.replace(chr(10), '')} <{bare}>"


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
