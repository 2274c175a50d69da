"""A handful of lanes on one relay: opens them, drives them from one thread, and brings answers home in groups."""

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
LETTERS_PER_LANE = 500
# So many letters must wait that a further connection pays for its greetings.
WORTH_A_LANE = 10
CONNECT_PATIENCE = 30.0
# As many lanes in a row that carried nothing, and the relay is out of reach.
VAIN = 3


class RelayAway(Exception):
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
        self.lanes: list[SmtpConnection] = []
        self.opening: list[Future[smtplib.SMTP]] = []
        self.selector = selectors.DefaultSelector()
        self.openers = ThreadPoolExecutor(max_workers=min(most, 8), thread_name_prefix="lane")
        self.vain = 0
        self.late: list[tuple[OutgoingMessage, Answer]] = []  # heard while going on

    def __enter__(self) -> "ConnectionPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in list(self.lanes):
            self._forget(lane)
            lane.quit()
        self.openers.shutdown(wait=True, cancel_futures=True)
        for future in self.opening:
            if future.done() and not future.cancelled() and not future.exception():
                future.result().close()
        self.selector.close()

    @property
    def are_busy(self) -> bool:
        return bool(self.late) or any(lane.outgoing or lane.is_held for lane in self.lanes)

    def open_first(self) -> None:
        """One lane, so that nothing is taken from the queue while the relay is away. Raises RelayAway."""
        if not self.lanes:
            try:
                self._add(self.relay.connect())
            except OSError as error:
                raise RelayAway(in_one_line(error)) from error

    def open_more(self, waiting: int) -> None:
        """As many lanes as the letters need; they open beside the work."""
        self._take_over()
        missing = min(self.most, 1 + waiting // WORTH_A_LANE) - len(self.lanes) - len(self.opening)
        self.opening += [self.openers.submit(self.relay.connect) for _each in range(missing)]

    def begin(self) -> None:
        """Idle lanes take a letter each."""
        for lane in self.lanes:
            if lane.is_idle and not lane.begin():
                break
            self._watch(lane)

    def heard(self, patience: float) -> list[tuple[OutgoingMessage, Answer]]:
        """Wait for answers, for some seconds at most, and give those that have come."""
        for key, mask in self.selector.select(patience):
            lane = key.data
            if mask & selectors.EVENT_WRITE:
                lane.writable()
            if mask & selectors.EVENT_READ:
                lane.readable()
        self._lose_the_silent()
        results, self.late = self.late, []
        for lane in self.lanes:
            results += lane.results
            lane.results = []
        return results

    def go_on(self) -> None:
        """What was heard has been written down: the lanes may let go of their next letters."""
        for lane in list(self.lanes):
            lane.go_on()
            if lane.is_gone:
                self.late += lane.results
                self.vain = 0 if lane.carried else self.vain + 1
                self._forget(lane)
            elif lane.carried >= LETTERS_PER_LANE and lane.is_idle:
                self._forget(lane)
                lane.quit()
            else:
                self._watch(lane)
        if self.vain >= VAIN:
            raise RelayAway("the connection breaks before anything is sent")

    def _add(self, smtp: smtplib.SMTP) -> None:
        lane = SmtpConnection(smtp, self.offer)
        self.lanes.append(lane)
        self.selector.register(lane.socket, selectors.EVENT_READ, lane)

    def _take_over(self) -> None:
        """Connections that have opened meanwhile; what could not be opened is tried again later."""
        for future in [each for each in self.opening if each.done()]:
            self.opening.remove(future)
            try:
                self._add(future.result())
            except OSError as error:
                log.info("a further lane did not open: %s", in_one_line(error))
                self.most = max(1, len(self.lanes))

    def _watch(self, lane: SmtpConnection) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if lane.wants_to_write else 0)
        if not lane.is_gone and self.selector.get_key(lane.socket).events != wanted:
            self.selector.modify(lane.socket, wanted, lane)

    def _forget(self, lane: SmtpConnection) -> None:
        self.lanes.remove(lane)
        try:
            self.selector.unregister(lane.socket)
        except (KeyError, ValueError):
            pass  # a closed socket has left by itself

    def _lose_the_silent(self) -> None:
        now = time.monotonic()
        for lane in self.lanes:
            if lane.outgoing and not lane.is_held and now > lane.deadline:
                lane.lose()


def in_one_line(error: BaseException) -> str:
    """What a relay or a network said, for a person; never more than some words."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return " ".join(f"{error.smtp_code} {told}".replace("\0", "").split())[:500]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
