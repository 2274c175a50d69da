"""How words become bytes of seven bits and short lines (quoted-printable, RFC 2045, 6.7), and values safe headers."""

import re
from email.quoprimime import body_encode
from html import escape

LINE = 76
# Letters and marks that stand as they are in quoted-printable, and how many of them fit on a line with a soft end.
PLAIN = re.compile(r"[!-<>-~]+")
ROOM = 72


def quoted(words: str) -> str:
    """Quoted-printable in which no line begins with a dot: SMTP needs to stuff none (RFC 5321, 4.5.2)."""
    lines = body_encode(words.encode().decode("latin-1"), maxlinelen=LINE - 2, eol="\r\n")
    safe = lines.replace("\r\n.", "\r\n=2E")
    return f"=2E{safe[1:]}" if safe.startswith(".") else safe


def text_value(value: str) -> bytes:
    if not PLAIN.fullmatch(value):
        return quoted(" ".join(value.split())).encode("ascii")
    if len(value) <= ROOM and value[0] != ".":
        return value.encode("ascii")
    lines = (value[start : start + ROOM] for start in range(0, len(value), ROOM))
    return "=\r\n".join(f"=2E{line[1:]}" if line[0] == "." else line for line in lines).encode("ascii")


def html_value(value: str) -> bytes:
    return text_value(escape(value))


def header_value(value: str) -> bytes:
    """Raises ValueError for what is not one line of ASCII (UnicodeEncodeError is one)."""
    folded = value.replace("\n ", "\r\n ")
    if "\n" in folded.replace("\r\n ", "") or "\r" in folded.replace("\r\n ", "") or "\0" in folded:
        raise ValueError("line break in a header")
    return folded.encode("ascii")
