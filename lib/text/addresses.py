"""E-mail addresses as people type and read them, and the one spelling in which they are stored and compared.

An address is stored in small letters with its domain in ASCII, so that työpaja.fi and xn--typaja-xxa.fi are one place.
Letters beyond ASCII before the @ are refused: most mail servers carry no such letter (RFC 6531).
"""

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, validate_email
from django.utils.translation import gettext_lazy as _

from lib.text.mailboxes import PLAIN, ascii_domain, normal_domain
from lib.text.normal_form import without_unseen

LONGEST = 254  # RFC 5321, 4.5.3.1.3
LOCAL = _(
    "Before the @ only the letters a–z, digits and marks such as . - _ + can be used. Letters like å, ä and ö, spaces "
    "and quotation marks are not carried by all mail servers: ask for another address of this person."
)


def address_of(text: str) -> str:
    """The address in its one spelling. Raises ValidationError that tells a person what is wrong."""
    local, _at, domain = without_unseen(text).strip().rpartition("@")
    try:
        address = f"{local}@{ascii_domain(domain)}".lower()
    except ValueError:
        raise _invalid() from None
    if local and not (PLAIN.fullmatch(f"{local}@x") and "=?" not in local):
        raise _invalid() if "\n" in local or "\r" in local else ValidationError(LOCAL, code="local_part")
    validate_email(address)
    if len(address) > LONGEST or not PLAIN.fullmatch(address):
        raise _invalid()
    return address


def is_address(text: str) -> bool:
    try:
        address_of(text)
    except ValidationError:
        return False
    return True


def normal(text: str) -> str:
    """The one spelling for comparing and looking up: of what is no address, as much of it as can be had."""
    bare = without_unseen(text).strip()
    if bare.isascii() and "xn--" not in bare.lower():
        return bare.lower()
    local, at, domain = bare.rpartition("@")
    return _small(f"{local}{at}{normal_domain(domain) if at else domain}")


def readable(address: str) -> str:
    """The address with its domain in the letters of its owner."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except ValueError:
        return address


def _small(text: str) -> str:
    """Small letters of ASCII only, as a database in any locale does it."""
    return text.encode(errors="replace").lower().decode()


def _invalid() -> ValidationError:
    return ValidationError(EmailValidator.message, code=EmailValidator.code)
