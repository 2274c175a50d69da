"""SPF (RFC 7208): which servers may send for a domain. Pure: every answer of the DNS is handed in."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from youthnet.doctor.dns import Ask, addresses
from youthnet.doctor.report import Check, Section

LOOKUPS = 10  # RFC 7208, 4.6.4
ASKS = {"include", "a", "mx", "ptr", "exists", "redirect"}
MECHANISMS = ASKS - {"redirect"} | {"all", "ip4", "ip6"}
TERM = re.compile(r"([+?~-]?)([a-z][a-z0-9_.-]*)(?:([:=])([^/]*))?((?:/\d+)?(?://\d+)?)", re.IGNORECASE)
IP_TERM = re.compile(r"([+?~-]?)(ip[46]):(\S+)", re.IGNORECASE)

section = Section("SPF")


class BadRecord(Exception):
    """Receivers treat the record as broken; the text quotes where."""


@dataclass(frozen=True)
class Term:
    """`~include:spf.example.net` in its parts. `prefix` is what follows the slash."""

    sign: str
    name: str
    value: str = ""
    prefix: str = ""


@dataclass
class Count:
    """What receivers must look up for a record, and the names nobody gave an answer for."""

    lookups: int = 0
    unknown: list[str] = field(default_factory=list)


def records_in(texts: list[str]) -> list[str]:
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def terms(record: str) -> list[Term]:
    """Raises BadRecord."""
    return [_term(word) for word in record.split()[1:]]


def _term(word: str) -> Term:
    if address := IP_TERM.fullmatch(word):
        try:
            ipaddress.ip_network(address[3], strict=False)
        except ValueError:
            raise BadRecord(word) from None
        return Term(address[1] or "+", address[2].lower(), address[3])
    parts = TERM.fullmatch(word)
    if not parts or (parts[3] != "=" and parts[2].lower() not in MECHANISMS):
        raise BadRecord(word)
    term = Term(parts[1] or "+", parts[2].lower(), parts[4] or "", parts[5])
    if term.name in {"include", "exists", "redirect", "ip4", "ip6"} and not term.value:
        raise BadRecord(word)
    for length, most in zip(_lengths(term.prefix), (32, 128), strict=True):
        if int(length or 0) > most:
            raise BadRecord(word)
    return term


def count(domain: str, ask: Ask) -> Count:
    """Lookups of the whole tree, as receivers count when nothing matches before the end. Raises BadRecord."""
    total = Count()
    _count_into(total, domain, ask, set())
    return total


def _count_into(total: Count, domain: str, ask: Ask, above: set[str]) -> None:
    for term in _terms_of(domain, ask, total):
        if term.name in ASKS:
            total.lookups += 1
        if term.name in {"include", "redirect"}:
            if term.value.lower() in above | {domain.lower()} or total.lookups > 10 * LOOKUPS:
                raise BadRecord(f"{term.name}:{term.value}, which leads back to itself")
            _count_into(total, term.value, ask, above | {domain.lower()})


def _terms_of(domain: str, ask: Ask, total: Count) -> list[Term]:
    texts = None if "%" in domain else ask(domain, "TXT")
    found = records_in(texts or [])
    if texts is None:
        total.unknown.append(domain)
    elif len(found) != 1:
        raise BadRecord(f"{domain}, which has {len(found)} SPF records")
    return terms(found[0]) if found else []


def permits(domain: str, address: str, ask: Ask, depth: int = 0) -> bool | None:
    """Whether a server may send for the domain; None when the answers do not tell. Raises BadRecord."""
    unknown = Count()
    for term in sorted(_terms_of(domain, ask, unknown), key=lambda term: term.name == "redirect"):
        hit = _matches(term, domain, address, ask, depth)
        if hit and term.sign == "+":
            return True
        if hit:
            break
        if hit is None:
            unknown.unknown.append(term.value)
    return None if unknown.unknown else False


def _matches(term: Term, domain: str, address: str, ask: Ask, depth: int) -> bool | None:
    if term.name == "all":
        return True
    if term.name in {"ip4", "ip6"}:
        return ipaddress.ip_address(address) in ipaddress.ip_network(term.value, strict=False)
    if term.name in {"include", "redirect"}:
        return permits(term.value, address, ask, depth + 1) if depth < LOOKUPS else None
    if term.name in {"a", "mx"}:
        return _is_host(term, term.value or domain, address, ask)
    return None if term.name in {"exists", "ptr"} else False


def _is_host(term: Term, host: str, address: str, ask: Ask) -> bool | None:
    exchanges = ask(host, "MX") if term.name == "mx" else [f"0 {host}"]
    if exchanges is None:
        return None
    found = [addresses(ask, exchange.split()[-1]) for exchange in exchanges]
    mine = ipaddress.ip_address(address)
    if any(mine in _network(each, term.prefix) for some in found for each in some or []):
        return True
    return None if None in found else False


def _network(address: str, prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    length = _lengths(prefix)[":" in address]
    return ipaddress.ip_network(f"{address}/{length}" if length else address, strict=False)


def _lengths(prefix: str) -> tuple[str | None, str | None]:
    """`/24//64`: the first is for IPv4, the one after two slashes for IPv6."""
    four, _slashes, six = prefix.partition("//")
    return four.lstrip("/") or None, six or None


# --- judgement ---


def judge(domain: str, ask: Ask, senders: list[str], certain: bool = True) -> Iterator[Check]:
    """`senders` are the addresses that letters come from; when that is a guess, it is not `certain`."""
    texts = ask(domain, "TXT")
    if texts is None:
        yield section.look(f"Nothing is known of the TXT records of {domain}.", "Add them to the file of answers.")
        return
    found = records_in(texts)
    if len(found) != 1:
        yield _none(domain) if not found else _several(domain, len(found))
        return
    try:
        yield from _one(domain, found[0], ask, senders, certain)
    except BadRecord as error:
        yield section.wrong(f"Receivers cannot read the SPF record of {domain}: {error}.", "Correct it in the DNS.")


def _none(domain: str) -> Check:
    todo = f"Ask who runs the relay for its include, and publish TXT {domain} “v=spf1 include:… ~all”."
    return section.wrong(f"{domain} has no SPF record, so anybody may send in its name.", todo)


def _several(domain: str, number: int) -> Check:
    return section.wrong(
        f"{domain} has {number} SPF records, so receivers use none of them.", "Join them into one that begins v=spf1."
    )


def _one(domain: str, record: str, ask: Ask, senders: list[str], certain: bool) -> Iterator[Check]:
    own = terms(record)
    yield section.ok(f"{domain} has one SPF record: {record}")
    yield _end(own)
    yield _length(domain, count(domain, ask))
    for address in senders:
        yield _relay(domain, address, permits(domain, address, ask), certain)


def _end(own: list[Term]) -> Check:
    ends = [term.sign for term in own if term.name == "all"]
    if not ends and any(term.name == "redirect" for term in own):
        return section.ok("The SPF record leaves its end to the record it leads to.")
    if not ends or ends[-1] in "+?":
        todo = "End it with ~all, and with -all once all that sends for the domain is listed."
        return section.wrong("The SPF record does not say that other servers may not send.", todo)
    return section.ok(f"The SPF record closes the list of servers with {ends[-1]}all.")


def _length(domain: str, total: Count) -> Check:
    if total.lookups > LOOKUPS:
        return section.wrong(
            f"The SPF record of {domain} takes {total.lookups} lookups, and receivers stop at {LOOKUPS}.",
            "Take out includes that nobody sends through any more.",
        )
    if total.unknown:
        names = ", ".join(total.unknown)
        return section.look(
            f"The SPF record takes {total.lookups} of {LOOKUPS} lookups or more: nothing is known of {names}.",
            "Add the TXT records of these names to the file of answers.",
        )
    return section.ok(f"The SPF record takes {total.lookups} of the {LOOKUPS} lookups that receivers allow.")


def _relay(domain: str, address: str, may: bool | None, certain: bool) -> Check:
    if may:
        return section.ok(f"The SPF record of {domain} lets {address} send.")
    if may is None:
        return section.look(
            f"Whether {address} may send for {domain} cannot be told from these answers.",
            "Add the records of all included names to the file of answers.",
        )
    write = section.wrong if certain else section.look
    todo = "Add the relay's include to the record, or tell the doctor the right address with --sends-from."
    return write(f"The SPF record of {domain} does not let {address} send.", todo)
