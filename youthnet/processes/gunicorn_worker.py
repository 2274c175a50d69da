"""A threaded gunicorn worker that reads requests before a thread takes them.

gunicorn's own gives a thread to whoever has sent one byte; some forty half-sent requests then hold all threads of a web
process. Here the event loop reads until a request is whole, or is a large upload well on its way, and closes those that
take too long ("slow loris"). A proxy in front that buffers does the same; this holds where there is none.
"""

import re
import socket
import struct
import sys
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# So much of a request is read in the event loop; forms fit in, of uploads the rest is read by a thread.
READ_AHEAD = 512 * 1024
# A request may take so long, and longer as far as bytes keep coming at this rate (bytes a second).
PATIENCE, RATE = 15.0, 10_000
# How long a thread waits for the next bytes of an upload, and for a reader to take the next bytes of an answer.
READ_WAIT, WRITE_WAIT = 10, 30

END_OF_HEAD, LAST_CHUNK = b"\r\n\r\n", b"0\r\n\r\n"
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
CHUNKED = re.compile(rb"^transfer-encoding:.*chunked", re.I | re.M)
EXPECTS = re.compile(rb"^expect:[ \t]*100-continue", re.I | re.M)


class Connection(TConn):
    """A connection, and what has been read of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.received = bytearray()
        self.began_at = time.monotonic()
        self.is_told_to_continue = False
        if sys.platform.startswith("linux"):
            for option, seconds in ((socket.SO_RCVTIMEO, READ_WAIT), (socket.SO_SNDTIMEO, WRITE_WAIT)):
                self.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))

    def await_next(self) -> None:
        """Another request is awaited."""
        self.received.clear()
        self.began_at, self.is_told_to_continue = time.monotonic(), False

    def is_too_slow(self, now: float) -> bool:
        return now > self.began_at + PATIENCE + len(self.received) / RATE

    def is_ready(self) -> bool:
        """Whether a thread can deal with it without waiting: whole, refused anyway, or too large to be kept here."""
        end = self.received.find(END_OF_HEAD)
        if len(self.received) >= READ_AHEAD or end < 0:
            return len(self.received) >= READ_AHEAD
        head = bytes(self.received[:end])
        self._continue(head)
        if CHUNKED.search(head):
            return self.received.endswith(LAST_CHUNK)
        length = LENGTH.search(head)
        return len(self.received) >= end + len(END_OF_HEAD) + int(length[1] if length else 0)

    def _continue(self, head: bytes) -> None:
        """Whoever asks before sending the body (RFC 9110, 10.1.1) is told to go on."""
        if EXPECTS.search(head) and not self.is_told_to_continue:
            self.is_told_to_continue = True
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")


class BufferingWorker(ThreadWorker):
    """gthread with requests read ahead in its event loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading: set[Connection] = set()

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._read(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        conn.await_next()
        self._read(conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn in [each for each in self.reading if each.is_too_slow(now)]:
            self._drop(conn)

    def handle(self, conn: Any) -> Any:
        if conn.received:
            conn.init()
            conn.parser.unreader.unread(bytes(conn.received))
            conn.received.clear()
            conn.data_ready = True
        return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """What came behind a request is the beginning of the next one, and no thread waits for its end either."""
        is_kept = not fs.cancelled() and not fs.exception() and fs.result()
        rest = conn.parser.unreader.take_buffered() if is_kept and conn.parser else b""
        if not rest:
            super().finish_request(conn, fs)
            return
        conn.await_next()
        conn.received += rest
        conn.sock.setblocking(False)
        if conn.is_ready():
            self.enqueue_req(conn)
        else:
            self._read(conn)

    def _read(self, conn: Connection) -> None:
        self.reading.add(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, conn))

    def _on_bytes(self, conn: Connection, _sock: Any) -> None:
        try:
            more = conn.sock.recv(64 * 1024)
            conn.received += more
            is_ready = more and conn.is_ready()
        except BlockingIOError:
            return
        except OSError:
            more, is_ready = b"", False
        if not more:
            self._drop(conn)
        elif is_ready:
            self._forget(conn)
            self.enqueue_req(conn)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Connection) -> None:
        self.reading.discard(conn)
        self.poller.unregister(conn.sock)
