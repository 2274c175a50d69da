"""Fetches incoming mail from a box by IMAP (RFC 3501): what is unread is kept in the database, then marked as seen."""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from outbox.models import Heartbeat, InboundMessage
from outbox.models.inbound import KEPT

log = logging.getLogger(__name__)

TIMEOUT = 30.0
# How many messages one round fetches; the next round goes on.
BATCH = 200
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
HERE = ("127.0.0.1", "localhost", "::1")


class InboxRefused(Exception):
    """The box cannot be read. The text says why, to whoever keeps the server."""


def fetch_all(clock: Callable[[], datetime] = timezone.now) -> int:
    """One round: take in what is unread, and tell how many messages were new. Nothing happens without a box."""
    if not settings.INBOX_URL:
        return 0
    try:
        with _box(settings.INBOX_URL) as box:
            new = sum(_store(box, uid, clock()) for uid in _unread(box))
    except (InboxRefused, imaplib.IMAP4.error, OSError, ValueError) as wrong:
        log.warning("incoming mail could not be fetched: %s", wrong)
        Heartbeat.objects.lost_inbox(clock(), str(wrong)[:500])
        return 0
    Heartbeat.objects.looked_into_inbox(clock())
    return new


@contextmanager
def _box(url: str) -> Iterator[imaplib.IMAP4]:
    """The folder of `imap+tls://user:password@host:993/INBOX`, opened. The server must prove who it is."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    with connection as box:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        answer, said = box.select(f'"{folder}"')
        if answer != "OK":
            raise InboxRefused(f"The folder {folder} cannot be opened: {said[0]!r}")
        yield box


def _connection(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imap+tls":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    if scheme == "imap" and host in HERE:
        return imaplib.IMAP4(host, port or 143, timeout=TIMEOUT)
    raise InboxRefused("INBOX_URL must begin with imap+tls:// (imap:// only for a server on this machine).")


def _unread(box: imaplib.IMAP4) -> list[str]:
    answer, found = box.uid("SEARCH", "UNSEEN")
    if answer != "OK":
        raise InboxRefused(f"The mail server did not search: {found[0]!r}")
    return (found[0] or b"").decode("ascii").split()[:BATCH]


def _store(box: imaplib.IMAP4, uid: str, now: datetime) -> bool:
    """One message, of which no more than is kept travels. It is marked only when it is safely stored.

    A message that the server cannot give is left as it is and holds up no other.
    """
    _answer, found = box.uid("FETCH", uid, f"(RFC822.SIZE BODY.PEEK[]<0.{KEPT + 1}>)")
    raw, around = _split(found)
    if raw is None:
        log.warning("message %s in the box could not be fetched", uid)
        return False
    size = SIZE.search(around)
    is_new = InboundMessage.objects.receive(raw, "imap", now, int(size[1]) if size else None)
    box.uid("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")
    return is_new


def _split(found: list[Any]) -> tuple[bytes | None, bytes]:
    """The literal of a FETCH answer and all that stands around it."""
    raw = next((bytes(piece[1]) for piece in found if isinstance(piece, tuple)), None)
    around = b" ".join(piece[0] if isinstance(piece, tuple) else piece or b"" for piece in found)
    return raw, around
