"""What a relay's answer means, in words for a coordinator."""

import re

from django.utils.translation import gettext_lazy as _

BROKE_OFF = "broken off"
NO_ADDRESS = "553 5.1.3 not an address"

NO_SUCH_ADDRESS = _("The address does not exist.")
FULL = _("The mailbox is full.")
CLOSED = _("The mailbox is closed.")
UNWANTED = _("The recipient's mail server refused the letter as unwanted.")
TOO_BIG = _("The letter is too big.")
NOT_NOW = _("The mail server asked us to try later.")
NO_ANSWER = _("The connection broke before the mail server answered.")
REFUSED = _("The mail server refused the letter.")

# Enhanced status codes (RFC 3463) by their last two numbers, the first match counts; then plain reply codes (RFC 5321).
BY_STATUS = [
    (r"1\.(1|2|3|6|10)", NO_SUCH_ADDRESS),
    (r"4\.4", NO_SUCH_ADDRESS),
    (r"2\.2", FULL),
    (r"2\.1", CLOSED),
    (r"[23]\.[34]", TOO_BIG),
    (r"7\.\d+", UNWANTED),
]
BY_CODE = {"550": NO_SUCH_ADDRESS, "551": NO_SUCH_ADDRESS, "552": TOO_BIG, "553": NO_SUCH_ADDRESS, "554": UNWANTED}
REPLY = re.compile(r"([245]\d\d)(?:[ -][245]\.(\d{1,3}\.\d{1,3}))?")


def in_words(reply: str) -> str:
    """`550 5.1.1 no such user` in a sentence, with the server's own words after it; empty for an empty reply."""
    if not reply:
        return ""
    answer = REPLY.match(reply)
    if not answer:
        return str(NO_ANSWER)
    return f"{_meaning(answer[1], answer[2] or '')} ({reply})"


def _meaning(code: str, status: str) -> str:
    if code.startswith("4"):
        return str(NOT_NOW)
    for pattern, words in BY_STATUS:
        if re.fullmatch(pattern, status):
            return str(words)
    return str(BY_CODE.get(code, REFUSED))
