"""What a refusal means for the address: is it dead, in trouble, or was it the letter that was refused?

The codes are those of RFC 3463; the words are needed because many servers give codes that say only "no". Pure.
"""

import re

from outbox.incoming.bounce_parser import Report

HARD, SOFT, POLICY, DELAYED, DELIVERED, COMPLAINT = (
    "bounce_hard",
    "bounce_soft",
    "bounce_policy",
    "delayed",
    "delivered",
    "complaint",
)
# From the news that counts least against an address to the news that counts most.
MILDEST_FIRST = (DELIVERED, DELAYED, POLICY, SOFT, HARD, COMPLAINT)

# The letter or its sender was refused, not the reader: rules (X.7), the sender's address (X.1.7, X.1.8), size, content.
OF_THE_LETTER = re.compile(r"5\.(?:7\.\d+|1\.[78]|2\.3|3\.4|6\.\d+)")
# No such mailbox or domain.
DEAD = re.compile(r"5\.(?:1\.\d+|4\.4)")
# The server has no better code for it than "no".
VAGUE = re.compile(r"5\.(?:0\.0|5\.0)|")
WHO = "(?:user|recipient|mailbox|address|account)"
UNKNOWN = re.compile(
    rf"(?:unknown|no such|invalid|unrecogni[sz]ed|non-?existent) (?:local )?{WHO}"
    rf"|{WHO}[^.;]{{0,60}} (?:unknown|not found|does ?n[o']t exist|does not exist|invalid)"
    r"|(?:user|domain|host) (?:unknown|not found)|no mailbox here",
    re.IGNORECASE,
)
RULES = re.compile(
    r"spam|blocked|blacklist|block ?list|reputation|dmarc|\bspf\b|dkim|relay(?:ing)? (?:access )?denied", re.I
)


def of(report: Report) -> str:
    """One of the types of news of a letter (MailEvent.Type)."""
    if report.action == COMPLAINT:
        return COMPLAINT
    if report.action in ("delivered", "relayed", "expanded"):
        return DELIVERED
    if report.action == DELAYED:
        return DELAYED
    return _of_failure(report.status, report.diagnostic)


def _of_failure(status: str, words: str) -> str:
    if OF_THE_LETTER.fullmatch(status):
        return POLICY
    if DEAD.fullmatch(status):
        return HARD
    if not VAGUE.fullmatch(status):
        return SOFT
    if RULES.search(words):
        return POLICY
    return HARD if UNKNOWN.search(words) and not words.startswith("4") else SOFT
