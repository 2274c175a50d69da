"""Search what leaves the portal for a secret, in every form in which a program or a person would still read it.

A bare `secret not in content` misses a secret that iCalendar folds over two lines (RFC 5545 §3.1), that MIME writes in
quoted-printable or base64 (RFC 2045 §6), or that a page escapes. Here the content is decoded first, layer by layer.
"""

import gzip
import html
import quopri
import re
import unicodedata
import zlib
from base64 import b64decode
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from io import BytesIO
from urllib.parse import unquote

from django.core.mail import EmailMessage
from django.http.response import HttpResponseBase
from pypdf import PdfReader
from pypdf.errors import PyPdfError

# A message as it goes over the wire: it begins with a field, and another field says that MIME was at work.
MESSAGE = re.compile(r"\A[!-9;-~]+:.*?^(?:MIME-Version|Content-Transfer-Encoding):", re.DOTALL | re.MULTILINE | re.I)
IS_FOLDED, FOLD = re.compile(r"\r\n[ \t]|BEGIN:V", re.I), re.compile(r"\r?\n[ \t]")
QUOTED_PRINTABLE = re.compile(r"=(?:\r?\n|[0-9A-F]{2})")
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/_-]{16,}")
# JSON, scripts, and the texts of iCalendar (RFC 5545 §3.3.11).
BACKSLASH = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([nNrt])|([\\/\"',;]))")
CONTROLS = {"n": "\n", "N": "\n", "r": "\r", "t": "\t"}
TAG = re.compile(r"<[^<>]*>")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
MOST_LAYERS = 4


def assert_not_leaked(secret, *contents, where=""):
    """Fail, and show the place, when the secret can be read in one of these responses, letters, bytes or texts."""
    assert contents, "nothing was given to search"
    for number, content in enumerate(contents, 1):
        place = _place(secret, content)
        assert not place, f"{secret!r} leaked in {where or f'content {number}'}, {type(content).__name__}: …{place}…"


def is_leaked(secret, content):
    """Whether the secret can be read there."""
    return _place(secret, content) != ""


def plain_text(content):
    """All that can be read in a content: as it stands, and under each encoding and escape."""
    return "\n".join(dict.fromkeys(reading for text in texts(content) for reading in readings(text)))


def _place(secret, content):
    """The secret with some words around it, "" where it cannot be read."""
    wanted = [compared(reading) for reading in readings(secret)]
    assert all(wanted), "an empty secret can be read everywhere"
    text = compared(plain_text(content))
    found = next((text.index(each) for each in wanted if each in text), None)
    return "" if found is None else text[max(0, found - 60) : found + len(secret) + 60]


def compared(text):
    """Words as people compare them: without capitals, signs that nobody sees, and kinds of space (+ in addresses)."""
    visible = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    return " ".join(visible.replace("+", " ").casefold().split())


def texts(content):
    """The texts of a content whose transport is undone: head and body of a response, fields and parts of a letter."""
    if isinstance(content, HttpResponseBase):
        yield "\n".join([*(f"{name}: {value}" for name, value in content.items()), str(content.cookies)])
        yield from _of_bytes(_body(content), content.charset)
    elif isinstance(content, EmailMessage):
        yield from _of_message(content.message())
    elif isinstance(content, Message):
        yield from _of_message(content)
    elif isinstance(content, bytes):
        yield from _of_bytes(content)
    elif isinstance(content, str):
        yield from _of_text(content)
    else:
        raise TypeError(f"Give a response, a letter, bytes or a text to search, no {type(content).__name__}.")


def readings(text):
    """A text as it stands, and layer by layer without its escapes; at last without its tags."""
    for _layer in range(MOST_LAYERS):
        yield text
        if (plainer := _without_escapes(text)) == text:
            break
        text = plainer
    yield TAG.sub("", text)


def _without_escapes(text):
    if "\\" in text:
        text = BACKSLASH.sub(_unescaped, text)
    if IS_FOLDED.search(text):
        text = FOLD.sub("", text)
    return unquote(html.unescape(text))


def _unescaped(found):
    number, short, control, sign = found.groups()
    return CONTROLS[control] if control else sign or chr(int(number or short, 16))


def _body(response):
    """The bytes of a response; a stream can be read once more."""
    if not response.streaming:
        return response.content
    body = b"".join(response)
    response.streaming_content = [body]
    return body


def _of_bytes(data, charset=None):
    """What bytes say: unpacked, on a paper, or as text."""
    if data.startswith(b"\x1f\x8b"):
        yield from _of_bytes(gzip.decompress(data), charset)
    else:
        if data.startswith(b"%PDF"):
            yield _of_paper(data)
        yield from _of_text(data.decode(charset or "utf-8", "surrogateescape"))
        if IS_FOLDED.search(bytewise := data.decode("latin-1")):  # a fold may part the bytes of one letter
            yield FOLD.sub("", bytewise).encode("latin-1").decode(charset or "utf-8", "surrogateescape")


def _of_paper(data):
    """The words of a PDF; "" when it is one by name only."""
    try:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    except PyPdfError:
        return ""


def _of_text(text):
    yield text
    if MESSAGE.match(text):
        yield from _of_message(message_from_bytes(text.encode("utf-8", "surrogateescape")))
    if QUOTED_PRINTABLE.search(text):
        yield quopri.decodestring(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
    for run in BASE64.findall(text):
        yield from filter(None, map(_of_base64, {run, *run.split("/")}))


def _of_message(message):
    """Every field and every part, also those of messages inside it."""
    for part in message.walk():
        fields = [str(make_header(decode_header(value))) for value in part.values()]
        yield "\n".join([*fields, part.get_filename() or ""])
        if not part.is_multipart():
            yield from _of_bytes(part.get_payload(decode=True), part.get_content_charset())


def _of_base64(run):
    """What stands in base64 amid a text, as in a data: address or a signed link; "" when that is no text."""
    signs = re.sub(r"\s", "", run).replace("-", "+").replace("_", "/")
    if len(signs) < 16 or len(signs) % 4 == 1:
        return ""
    data = b64decode(signs + "=" * (-len(signs) % 4))
    try:
        data = zlib.decompress(data)
    except zlib.error:
        pass
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""
