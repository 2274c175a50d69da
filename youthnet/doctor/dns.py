"""Answers of the DNS: from a file that somebody wrote down, or from the resolver when dnspython is there.

The file is TOML, or JSON of the same shape: a name, a type of record, a list of texts as `dig +short` prints them.

    ["portal.example.org"]
    TXT = ["v=spf1 include:spf.relay.example.net -all"]
    MX = ["10 mail.example.org."]

    ["_dmarc.portal.example.org"]
    TXT = ["v=DMARC1; p=none; rua=mailto:dmarc@example.org"]

    ["25.2.0.192.in-addr.arpa"]
    PTR = ["relay.example.net."]

`TXT = []` says that there is no such record. What is not in the file is not known, which is another thing.
"""

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SECONDS = 5.0
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')

# Ask for a name and a type of record: the texts, none when there is no such record, None when nobody knows.
Ask = Callable[[str, str], "list[str] | None"]


class NoAnswers(Exception):
    """The answers cannot be had; the text says why, to a person."""


def from_file(path: Path) -> Ask:
    """Raises NoAnswers for a file that is not there or is written wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        given = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise NoAnswers(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise NoAnswers(f"{path} is not written as it should be: {error}.") from error
    return from_mapping(given)


def from_mapping(given: Mapping[str, Mapping[str, list[str]]]) -> Ask:
    """Raises NoAnswers when it is not names with types with lists of texts."""
    known: dict[tuple[str, str], list[str]] = {}
    for name, records in given.items():
        if not isinstance(records, Mapping):
            raise NoAnswers(f"What is known of {name} must be types of record, each with a list of texts.")
        for kind, texts in records.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise NoAnswers(f"The {kind} records of {name} must be a list of texts.")
            known[_plain(name), kind.upper()] = [_joined(text) for text in texts]
    return lambda name, kind: known.get((_plain(name), kind))


def from_resolver(resolver: Any = None) -> Ask:
    """Asks the resolver of this machine, or the one given. Raises NoAnswers without dnspython or without a resolver."""
    if find_spec("dns") is None:
        raise NoAnswers("The DNS cannot be asked because dnspython is not installed.")
    import dns.exception
    import dns.resolver

    try:
        resolver = resolver or dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise NoAnswers(f"The DNS cannot be asked from this machine: {error}.") from error

    def ask(name: str, kind: str) -> list[str] | None:
        try:
            answer = resolver.resolve(_plain(name), kind, lifetime=SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, ValueError):
            return None
        return [_joined(record.to_text()) for record in answer]

    return ask


def reverse_name(address: str) -> str:
    """The name under which an address tells whose it is (RFC 1035, 3.5; RFC 3596, 2.5)."""
    return ipaddress.ip_address(address).reverse_pointer


def addresses(ask: Ask, host: str) -> list[str] | None:
    """The addresses of a host, old and new; None when neither question has an answer."""
    if _is_address(host):
        return [host]
    found = [ask(host, kind) for kind in ("A", "AAAA")]
    return None if found == [None, None] else [text for some in found for text in some or [] if _is_address(text)]


def _is_address(text: str) -> bool:
    """`dig +short` also prints the names that lead to an address."""
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _plain(name: str) -> str:
    name = name.strip().rstrip(".").lower()
    return name if name.isascii() else name.encode("idna").decode()


def _joined(text: str) -> str:
    """A long text comes in pieces between quotes, which belong together without a space (RFC 7208, 3.3)."""
    return "".join(QUOTED.findall(text)).replace('\\"', '"') if text.startswith('"') else text
