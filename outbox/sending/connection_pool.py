"""A pool of connections to one relay: opens them, drives them from one thread, and collects answers in groups."""

import logging
import selectors
import smtplib
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from outbox.sending.smtp_connection import Answer, OutgoingMessage, SmtpConnection

log = logging.getLogger(__name__)

# Letters on one connection before a fresh one takes its place: relays count, too.
LETTERS_PER_CONNECTION = 500
# So many letters must wait that a further connection pays for its greetings.
WORTH_A_CONNECTION = 10
CONNECT_PATIENCE = 30.0
# As many connections in a row that carried nothing, and the relay is out of reach.
MOST_BROKEN = 3


class RelayUnreachable(Exception):
    """The relay cannot be reached; no letter is to blame."""


@dataclass(frozen=True)
class Relay:
    """Where and how to connect."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False  # STARTTLS: refused by the relay means not sent, never sent in the open
    ssl: bool = False

    def connect(self) -> smtplib.SMTP:
        """A connection that has greeted, encrypted and signed in. Raises OSError or SMTPException (an OSError)."""
        context = ssl.create_default_context() if self.tls or self.ssl else None
        if self.ssl:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=CONNECT_PATIENCE, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=CONNECT_PATIENCE)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.tls:
                smtp.starttls(context=context)
                smtp.ehlo()
            if self.user:
                smtp.login(self.user, self.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


class ConnectionPool:
    """Open as a context manager. `run` carries what is offered until nothing is, or until told to stop."""

    def __init__(self, relay: Relay, most: int, offer: Callable[[], OutgoingMessage | None]) -> None:
        self.relay, self.most, self.offer = relay, most, offer
        self.connections: list[SmtpConnection] = []
        self.opening: list[Future[smtplib.SMTP]] = []
        self.selector = selectors.DefaultSelector()
        self.openers = ThreadPoolExecutor(max_workers=min(most, 8), thread_name_prefix="smtp-open")
        self.broken_in_a_row = 0
        self.late: list[tuple[OutgoingMessage, Answer]] = []  # answers that came during acknowledge()

    def __enter__(self) -> "ConnectionPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in list(self.connections):
            self._remove(connection)
            connection.quit()
        self.openers.shutdown(wait=True, cancel_futures=True)
        for future in self.opening:
            if future.done() and not future.cancelled() and not future.exception():
                future.result().close()
        self.selector.close()

    @property
    def are_busy(self) -> bool:
        return bool(self.late) or any(connection.outgoing or connection.is_held for connection in self.connections)

    def open_first(self) -> None:
        """One connection, so that nothing is taken from the queue while the relay is away. Raises RelayAway."""
        if not self.connections:
            try:
                self._add(self.relay.connect())
            except OSError as error:
                raise RelayUnreachable(in_one_line(error)) from error

    def open_more(self, waiting: int) -> None:
        """As many connections as the letters need; they open beside the work."""
        self._add_opened()
        missing = min(self.most, 1 + waiting // WORTH_A_CONNECTION) - len(self.connections) - len(self.opening)
        self.opening += [self.openers.submit(self.relay.connect) for _each in range(missing)]

    def start_idle(self) -> None:
        """Idle connections take a letter each."""
        for connection in self.connections:
            if connection.is_idle and not connection.start():
                break
            self._watch(connection)

    def wait_for_answers(self, patience: float) -> list[tuple[OutgoingMessage, Answer]]:
        """Wait for answers, for some seconds at most, and give those that have come."""
        for key, mask in self.selector.select(patience):
            connection = key.data
            if mask & selectors.EVENT_WRITE:
                connection.writable()
            if mask & selectors.EVENT_READ:
                connection.readable()
        self._drop_silent()
        results, self.late = self.late, []
        for connection in self.connections:
            results += connection.results
            connection.results = []
        return results

    def acknowledge(self) -> None:
        """The answers have been written down: the connections may send their next letters."""
        for connection in list(self.connections):
            connection.acknowledge()
            if connection.is_gone:
                self.late += connection.results
                self.broken_in_a_row = 0 if connection.carried else self.broken_in_a_row + 1
                self._remove(connection)
            elif connection.carried >= LETTERS_PER_CONNECTION and connection.is_idle:
                self._remove(connection)
                connection.quit()
            else:
                self._watch(connection)
        if self.broken_in_a_row >= MOST_BROKEN:
            raise RelayUnreachable("the connection breaks before anything is sent")

    def _add(self, smtp: smtplib.SMTP) -> None:
        connection = SmtpConnection(smtp, self.offer)
        self.connections.append(connection)
        self.selector.register(connection.socket, selectors.EVENT_READ, connection)

    def _add_opened(self) -> None:
        """Connections that have opened meanwhile; what could not be opened is tried again later."""
        for future in [each for each in self.opening if each.done()]:
            self.opening.remove(future)
            try:
                self._add(future.result())
            except OSError as error:
                log.info("a further connection did not open: %s", in_one_line(error))
                self.most = max(1, len(self.connections))

    def _watch(self, connection: SmtpConnection) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_to_write else 0)
        if not connection.is_gone and self.selector.get_key(connection.socket).events != wanted:
            self.selector.modify(connection.socket, wanted, connection)

    def _remove(self, connection: SmtpConnection) -> None:
        self.connections.remove(connection)
        try:
            self.selector.unregister(connection.socket)
        except (KeyError, ValueError):
            pass  # a closed socket has left by itself

    def _drop_silent(self) -> None:
        now = time.monotonic()
        for connection in self.connections:
            if connection.outgoing and not connection.is_held and now > connection.deadline:
                connection.lose()


def in_one_line(error: BaseException) -> str:
    """What a relay or a network said, for a person; never more than some words."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return " ".join(f"{error.smtp_code} {told}".replace("\0", "").split())[:500]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
