"""What is odd about the host of a link that people will be asked to open: secrets in it, or a name like another's.

After the checks that browsers make before they show a name in its own letters (Unicode TS 39, restriction levels).
"""

import re
import unicodedata
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

# Where meetings are usually held: names that are worth imitating.
KNOWN = (
    "teams.microsoft.com",
    "teams.live.com",
    "teams.cloud.microsoft",
    "zoom.us",
    "meet.google.com",
    "webex.com",
    "whereby.com",
    "meet.jit.si",
)
# What is read as something else at a glance.
ALIKE = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "i": "l", ".": None, "-": None, "_": None})
DOUBLE = re.compile("rn|vv")


def doubts_about(url: str) -> Iterator[str]:
    """Sentences for the person who pasted the link; none when nothing is odd."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return
    named = {"host": host}
    if parts.username is not None or "@" in parts.netloc:
        yield _(
            "The link for joining holds a user name or a password (before the @). Everybody who gets it can use them."
        )
    if _is_number(host):
        yield _("The link for joining leads to a number instead of a name: %(host)s. Is it the right one?") % named
    elif _is_foreign(host) or _imitated(host):
        yield _("The link for joining leads to %(host)s, which looks like another name. Is it the right one?") % named


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return host.isdigit() or host.startswith("0x")


def _is_foreign(host: str) -> bool:
    """Written in letters that are not Latin, or hidden in punycode (RFC 3492) that stands for such."""
    return any(not _is_latin(label) for label in host.split("."))


def _is_latin(label: str) -> bool:
    try:
        shown = label.encode().decode("idna") if label.lower().startswith("xn--") else label
    except UnicodeError:
        return False
    return all(
        letter.isascii() or (unicodedata.name(letter, "").startswith("LATIN SMALL LETTER") and letter in "åäöæøõüé")
        for letter in unicodedata.normalize("NFC", shown).lower()
    )


def _imitated(host: str) -> bool:
    """Has the name of a known service in it, or nearly, without being of its domain."""
    if any(host == known or host.endswith(f".{known}") for known in KNOWN):
        return False
    bare = _skeleton(host)
    return any(_skeleton(known) in bare for known in KNOWN)


def _skeleton(host: str) -> str:
    return DOUBLE.sub(lambda pair: {"rn": "m", "vv": "w"}[pair[0]], host.translate(ALIKE))
