"""A letter that arrived and was saved: whether its signature survived, and what the receiver thought of it."""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from importlib.util import find_spec

from youthnet.doctor import dmarc, spf
from youthnet.doctor.dkim import name_of, records_in
from youthnet.doctor.dns import Ask
from youthnet.doctor.message_checks import domain_of
from youthnet.doctor.report import Check, Section

SIGNED = ("From", "Subject", "Date", "Message-ID")
SIGNED_OF_LISTS = ("List-Unsubscribe", "List-Unsubscribe-Post")  # RFC 8058, 4
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"(?<![\w.-])(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)

section = Section("received copy")
quiet = logging.getLogger("youthnet.doctor.dkim")
quiet.propagate = False
quiet.addHandler(logging.NullHandler())


def judge(raw: bytes, ask: Ask) -> Iterator[Check]:
    message = message_from_bytes(raw)
    sender = domain_of(message["From"])
    if not sender:
        yield section.wrong("The file holds no letter: there is no From.", "Save the letter with its headers, as .eml.")
        return
    yield from _signatures(raw, message, sender, ask)
    yield _return_path(message, sender, ask)
    yield _receiver(message)


def _signatures(raw: bytes, message: Message, sender: str, ask: Ask) -> Iterator[Check]:
    signatures = message.get_all("DKIM-Signature", [])
    if not signatures:
        yield section.wrong(
            "The letter carries no DKIM signature.", "Ask who runs the relay to sign letters of your domain."
        )
        return
    counting = []
    for number, signature in enumerate(signatures):
        tags = dmarc.tags_of("".join(str(signature).split()))
        finding = _verified(raw, number, tags, ask)
        yield finding
        if finding.verdict == "OK" and _counts(sender, tags.get("d", ""), "adkim", ask):
            counting.append(tags)
    yield _aligned(sender, counting)
    if counting:
        yield _covered(message, counting[0])


def _verified(raw: bytes, number: int, tags: dict[str, str], ask: Ask) -> Check:
    domain, selector = tags.get("d", ""), tags.get("s", "")
    whose = f"The DKIM signature of {domain} ({selector})"
    if find_spec("dkim") is None:
        return section.look(
            f"{whose} cannot be verified without dkimpy.", "Install the extra: pip install '.[doctor]'."
        )
    key = records_in(ask(name_of(selector, domain), "TXT") or [])
    if not key:
        todo = f"Publish TXT {name_of(selector, domain)}, or add it to the file of answers."
        return section.look(f"{whose} cannot be verified: its key is not known.", todo)
    import dkim

    try:
        good = dkim.DKIM(raw, logger=quiet).verify(number, dnsfunc=lambda name, timeout=5: key[0].encode())
    except (dkim.DKIMException, ValueError, TypeError) as error:
        good, why = False, f" ({' '.join(str(error).split())[:120]})"
    else:
        why = ""
    if good:
        return section.ok(f"{whose} is valid.")
    todo = "Compare the key in the DNS with the relay's; look for a gateway that rewrites letters after signing."
    return section.wrong(f"{whose} is not valid{why}.", todo)


def _counts(sender: str, other: str, tag: str, ask: Ask) -> bool:
    top, records = dmarc.find(sender, ask) or (sender, [])
    policy = dmarc.Policy(top, dmarc.tags_of(records[0]) if records else {})
    return dmarc.aligned(sender, other, policy.strict(tag), policy.domain)


def _aligned(sender: str, counting: list[dict[str, str]]) -> Check:
    if counting:
        return section.ok(f"The signature of {counting[0]['d']} counts for {sender}.")
    return section.wrong(f"No valid signature counts for {sender}.", f"Let the relay sign with d={sender}.")


def _covered(message: Message, tags: dict[str, str]) -> Check:
    signed = {name.strip().lower() for name in tags.get("h", "").split(":")}
    is_list = message["List-Unsubscribe"] is not None
    bare = [name for name in (*SIGNED, *(SIGNED_OF_LISTS if is_list else ())) if name.lower() not in signed]
    if bare:
        return section.wrong(
            f"The signature leaves out {', '.join(bare)}.", "Add these names to what the relay signs (h=)."
        )
    if is_list:
        return section.ok("The signature covers all that it must, also the two headers for leaving a newsletter.")
    return section.ok(
        "The signature covers all that it must.", "Verify a test of a newsletter as well: it has two more."
    )


def _return_path(message: Message, sender: str, ask: Ask) -> Check:
    domain = domain_of(message["Return-Path"])
    if not domain:
        return section.look(
            "The copy does not tell where bounces go (Return-Path).", "Save the copy from the mailbox itself."
        )
    if not _counts(sender, domain, "aspf", ask):
        todo = "Letters then depend on DKIM alone; let the relay keep the portal's return address."
        return section.look(f"Bounces go to {domain}, so SPF does not count for {sender}.", todo)
    published = spf.records_in(ask(domain, "TXT") or [])
    return section.ok(
        f"Bounces go to {domain}, so SPF counts for {sender}{'' if published else ' once it is published'}."
    )


def _receiver(message: Message) -> Check:
    """The topmost Authentication-Results is the receiver's own; those below may be forged (RFC 8601, 5)."""
    value = message["Authentication-Results"]
    if value is None:
        return section.look(
            "The receiver noted nothing about the letter.", "Send the probe to a mailbox at another provider."
        )
    server, _semicolon, rest = COMMENT.sub(" ", " ".join(str(value).split())).partition(";")
    who = " ".join(server.split()[:1]) or "The receiver"
    found: dict[str, set[str]] = {}
    for method, result in RESULT.findall(rest):
        found.setdefault(method.lower(), set()).add(result.lower())
    told = ", ".join(f"{method} {'/'.join(sorted(results))}" for method, results in found.items()) or "nothing"
    if "pass" in found.get("dmarc", set()):
        return section.ok(f"{who} says: {told}.")
    if not found or ("dmarc" not in found and "pass" in found.get("dkim", set())):
        return section.look(f"{who} says: {told}.", "Send the probe to a provider that checks DMARC.")
    return section.wrong(f"{who} says: {told}.", "Mend what failed; the lines about SPF, DKIM and DMARC tell how.")
