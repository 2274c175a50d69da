"""Answers to invitations in winmail.dat (TNEF, MS-OXTNEF): which meeting, and what was answered.

Outlook sends such a file instead of a calendar part when it believes that the reader has Outlook too. Two plain places
of the file say enough for the coordinator to see and accept it; nothing in it is taken as proven.
"""

import re
from dataclasses import dataclass

SIGNATURE = b"\x78\x9f\x3e\x22"  # the first bytes of every such file, little-endian (MS-OXTNEF, 2.1.3.1)
TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
# The class of the message, by its name of Outlook or by the older one that TNEF writes instead (MS-OXTNEF, 2.1.3.3).
CLASSES = [
    (re.compile(rb"IPM\.(?:Schedule\.Meeting\.Resp\.Pos|Microsoft Schedule\.MtgRespP)", re.IGNORECASE), "yes"),
    (re.compile(rb"IPM\.(?:Schedule\.Meeting\.Resp\.Neg|Microsoft Schedule\.MtgRespN)", re.IGNORECASE), "no"),
    (re.compile(rb"IPM\.(?:Schedule\.Meeting\.Resp\.Tent|Microsoft Schedule\.MtgRespA)", re.IGNORECASE), "maybe"),
]
# How Outlook keeps the UID of an invitation that another program wrote (MS-OXOCAL, 2.2.1.27).
UID = re.compile(rb"vCal-Uid\x01\x00\x00\x00([\x21-\x7e]{3,250})")


@dataclass(frozen=True)
class TnefAnswer:
    """`answer` is yes, no or maybe; `uid` is empty when the file does not name the meeting."""

    answer: str
    uid: str


def answer_in(data: bytes) -> TnefAnswer | None:
    """None for a file that is no winmail.dat, or no answer to an invitation."""
    if not data.startswith(SIGNATURE):
        return None
    plain = data.replace(b"\0", b"") if b"I\0P\0M\0" in data else data
    answer = next((answer for pattern, answer in CLASSES if pattern.search(plain)), "")
    uid = UID.search(data)
    return TnefAnswer(answer, uid[1].decode("ascii") if uid else "") if answer else None
