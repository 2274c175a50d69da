"""A letter as a person reads it: its words as plain text, whatever form they came in, and what was attached to it.

Pure, and never raising. Attachments are named and never opened: they stay in the mail box.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from lib.text.plaintext import plain_text
from outbox.incoming import mime_parser

LONGEST, MOST_ATTACHMENTS = 100_000, 50
WORDS = ("text/plain", "text/html")


@dataclass(frozen=True)
class LetterText:
    """`attachments`: the names under which files came; a type where there is none, the subject of a letter inside."""

    text: str
    attachments: tuple[str, ...] = ()


def read(raw: bytes) -> LetterText:
    message = mime_parser.parsed(raw)
    words, attachments = [], []
    for part in _readable(message):
        if part.get_content_type() in WORDS and not _is_file(part):
            words.append(_text_of(part))
        else:
            attachments.append(_name(part))
    text = "\n\n".join(each for each in words if each)
    return LetterText(text[:LONGEST], tuple(attachments[:MOST_ATTACHMENTS]))


def _readable(message: Message) -> Iterator[Message]:
    """The parts in their order; of several readings of the same, the plain one that says something, and all files."""
    waiting, seen = [message], 0
    while waiting and seen < mime_parser.MOST_PARTS:
        part = waiting.pop()
        seen += 1
        inner = mime_parser.inside(part)
        if part is not message and part.get_content_type() == "message/rfc822":
            yield part
        elif part.get_content_type() == "multipart/alternative":
            waiting.extend(reversed(_best(inner)))
        elif inner:
            waiting.extend(reversed(inner))
        elif not part.get_content_type().startswith("multipart/"):
            yield part


def _best(readings: list[Message]) -> list[Message]:
    """The plain reading, or the one with layout when the plain one is empty; files among them stay."""
    plain = [part for part in readings if part.get_content_type() == "text/plain" and mime_parser.text(part).strip()]
    if not plain:
        return [part for part in readings if part.get_content_type() != "text/plain"]
    return [plain[0], *(part for part in readings if part.get_content_type() not in WORDS)]


def _text_of(part: Message) -> str:
    if part.get_content_type() != "text/html":
        return mime_parser.text(part).strip()
    return plain_text(mime_parser.markup(part))


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(mime_parser.file_name(part))


def _name(part: Message) -> str:
    inner = next(iter(mime_parser.inside(part)), None)
    subject = mime_parser.header(inner, "Subject") if inner is not None else ""
    return mime_parser.file_name(part) or subject or part.get_content_type()
