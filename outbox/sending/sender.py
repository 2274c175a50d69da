"""One worker's work from the first letter it takes to the last answer it writes down."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from outbox.incoming.smtp_status import NOT_BUILT
from outbox.models import Delivery, Heartbeat, LeftOut, MailEvent, Mailing
from outbox.models.delivery_state import INTERRUPTIONS, LEASE
from outbox.sending import claim
from outbox.sending.claim import ClaimedDelivery
from outbox.sending.connection_pool import ConnectionPool
from outbox.sending.domain_limits import Domains
from outbox.sending.message_builder import MessageBuilder
from outbox.sending.smtp_connection import Answer, Outcome, OutgoingMessage

log = logging.getLogger(__name__)

# How long the answer of the relay is kept in mind while the database is away, in seconds.
RETRY_SECONDS = 60.0
# The most letters a worker holds; usually what it sends in a second, so that nobody waits long behind them.
MOST_CLAIMED = 1000
FEWEST_CLAIMED = 16
# Seconds between two looks at what has changed meanwhile: a pause, a reader who left, an urgent letter.
CHECK_INTERVAL = 0.4
# Seconds between two signs of life.
HEARTBEAT_INTERVAL = LEASE.total_seconds() / 3
# How long letters to a house that takes none now are left in the queue.
ASIDE = timedelta(seconds=10)
# A mailing of whose last letters this many were refused for good is paused: somebody should look.
LAST, TOO_MANY = 400, 40


class Sender:
    """Holds some letters, offers them to the connections one by one, and writes down what the relay said."""

    def __init__(self, clock: Callable[[], datetime], ends: float, held_since: datetime | None = None) -> None:
        self.clock, self.ends, self.held_since = clock, ends, held_since
        self.letters: deque[ClaimedDelivery] = deque()
        self.in_flight: dict[int, ClaimedDelivery] = {}
        self.builder, self.domains = MessageBuilder(), Domains()
        self.failures: dict[int, deque[bool]] = {}
        self.sent = 0
        self.throughput = Throughput()
        self.checked_at = self.beat_at = time.monotonic()
        self.is_closing = False

    # letters in

    def claim_more(self) -> bool:
        """Take what is due when little is left. True while there is something to send."""
        if time.monotonic() >= self.ends:
            self.close()
        if not self.is_closing and len(self.letters) <= self.throughput.enough / 2:
            self._add_claimed(claim.claim_next(self.clock(), self.throughput.enough, self.held_since))
        return bool(self.letters)

    def _add_claimed(self, claimed: Sequence[ClaimedDelivery], first: bool = False) -> None:
        too_often_interrupted = [letter.pk for letter in claimed if letter.interruptions >= INTERRUPTIONS]
        stopped = [letter.pk for letter in claimed if letter.is_stopped]
        if too_often_interrupted:
            Delivery.objects.fail_poisonous(too_often_interrupted, self.clock())
        if stopped:
            Delivery.objects.filter(pk__in=stopped).leave_out(LeftOut.SUPPRESSED, self.clock())
        bad = {*too_often_interrupted, *stopped}
        good = [letter for letter in claimed if letter.pk not in bad]
        self.builder.fetch(good)
        self.letters.extendleft(reversed(good)) if first else self.letters.extend(good)

    # letters out

    def offer(self) -> OutgoingMessage | None:
        """The next letter for a connection; what cannot be put into bytes fails alone."""
        for _each in range(len(self.letters)):
            claimed = self.letters.popleft()
            if claimed.until < time.monotonic():
                continue  # the lease ran out while the database was away: another worker may have it
            if not self.domains.may_send(claimed.domain):
                self.letters.append(claimed)
                continue
            outgoing = self._outgoing(claimed)
            if outgoing:
                self.in_flight[claimed.pk] = claimed
                self.domains.start(claimed.domain)
                return outgoing
        return None

    def _outgoing(self, claimed: ClaimedDelivery) -> OutgoingMessage | None:
        try:
            return self.builder.outgoing(claimed)
        except Exception:
            log.exception("letter %s could not be built", claimed.pk)
            Delivery.objects.get(pk=claimed.pk).fail_to_build(self.clock(), NOT_BUILT)
            return None

    @property
    def patience(self) -> float:
        return CHECK_INTERVAL if self.in_flight else 0.05

    # answers

    def record_outcomes(self, answers: Iterable[tuple[OutgoingMessage, Answer]]) -> None:
        """All answers since the last time, before any connection sends its next letter."""
        sent, others = [], []
        for outgoing, answer in answers:
            claimed = self.in_flight.pop(outgoing.tag.pk)
            self.domains.end(claimed.domain, answer.reply)
            self.builder.forget(claimed.pk)
            self._pause_after_refusals(claimed, answer)
            sent.append(claimed.pk) if answer.verdict is Outcome.SENT else others.append((claimed, answer))
        if sent:
            write_with_retries(lambda: Delivery.objects.mark_sent(sent, self.clock()))
            self.sent += len(sent)
            self.throughput.count(len(sent))
        for claimed, answer in others:
            write_with_retries(lambda claimed=claimed, answer=answer: record_outcome(claimed, answer, self.clock()))  # type: ignore[misc]

    def _pause_after_refusals(self, claimed: ClaimedDelivery, answer: Answer) -> None:
        """Too many refusals in a row of letters are a mistake of ours, not of the readers."""
        if claimed.mailing_id is None:
            return
        last = self.failures.setdefault(claimed.mailing_id, deque(maxlen=LAST))
        last.append(answer.verdict is Outcome.NEVER)
        if answer.verdict is Outcome.NEVER and sum(last) >= TOO_MANY:
            last.clear()
            reason = _("The relay refused %(count)d of the last %(last)d letters. The last answer: %(reply)s")
            words = reason % {"count": TOO_MANY, "last": LAST, "reply": answer.reply}
            Mailing.objects.get(pk=claimed.mailing_id).pause(self.clock(), words[:300])
            self.checked_at = 0.0

    # meanwhile

    def check_for_changes(self) -> None:
        """What has changed in the queue while we were busy? And a sign that we live."""
        now = time.monotonic()
        if now - self.checked_at > CHECK_INTERVAL and not self.is_closing:
            self.checked_at = now
            self._drop_stopped()
            if self.held_since is None:
                self._add_claimed(claim.claim_singles(self.clock(), FEWEST_CLAIMED), first=True)
        if now - self.beat_at > HEARTBEAT_INTERVAL:
            self.beat_at = now
            self._heartbeat(now)

    def _heartbeat(self, now: float) -> None:
        claimed = [letter for letter in (*self.letters, *self.in_flight.values()) if letter.until > now]
        Delivery.objects.extend_lease([letter.pk for letter in claimed], self.clock())
        Heartbeat.objects.beat(self.clock())
        for letter in claimed:
            letter.until = now + LEASE.total_seconds()

    def _drop_stopped(self) -> None:
        """Paused mailings, cancelled letters, readers who left."""
        claimed = [letter.pk for letter in self.letters]
        if claimed:
            mine = set(Delivery.objects.filter(pk__in=claimed).still_leaving().values_list("pk", flat=True))
            gone = [pk for pk in claimed if pk not in mine]
            Delivery.objects.release_claims(gone, self.clock())
            self.letters = deque(letter for letter in self.letters if letter.pk in mine)
        self._set_aside()

    def _set_aside(self) -> None:
        """Letters to houses that take none now must not keep the others waiting."""
        blocked = [letter for letter in self.letters if not self.domains.may_send(letter.domain)]
        if len(blocked) > self.throughput.enough / 4:
            Delivery.objects.release_claims([letter.pk for letter in blocked], self.clock() + ASIDE)
            pks = {letter.pk for letter in blocked}
            self.letters = deque(letter for letter in self.letters if letter.pk not in pks)

    # the end

    def close(self) -> None:
        """Take no more; what is on its way is waited for."""
        self.is_closing = True
        if self.letters:
            back = [letter.pk for letter in self.letters]
            self.letters.clear()
            Delivery.objects.release_claims(back, self.clock())

    def end(self, pool: ConnectionPool) -> None:
        """However the round ends, what is on its way is waited for and written down."""
        self.is_closing = True
        letters, self.letters = list(self.letters), deque()
        while pool.are_busy:
            self.record_outcomes(pool.wait_for_answers(CHECK_INTERVAL))
            pool.acknowledge()
        if letters:
            write_with_retries(lambda: Delivery.objects.release_claims([letter.pk for letter in letters], self.clock()))


class Throughput:
    """How many letters leave in a second, lately."""

    def __init__(self) -> None:
        self.enough = FEWEST_CLAIMED
        self.began, self.counted = time.monotonic(), 0

    def count(self, letters: int) -> None:
        self.counted += letters
        passed = time.monotonic() - self.began
        if passed > 0.2:
            self.enough = max(FEWEST_CLAIMED, min(MOST_CLAIMED, int(self.counted / passed)))
            self.began, self.counted = time.monotonic(), 0


def record_outcome(claimed: ClaimedDelivery, answer: Answer, now: datetime) -> None:
    """Stamp the row with what the relay said."""
    row = Delivery.objects.filter(pk=claimed.pk).first()
    if row is None:
        return
    match answer.verdict:
        case Outcome.SENT:
            row.mark_sent(now)
        case Outcome.LATER:
            row.defer(now, answer.reply)
        case Outcome.NEVER:
            row.mark_failed(now, answer.reply)
            MailEvent.objects.record_refusal(row, answer.reply, now)
        case Outcome.UNCLEAR:
            row.mark_uncertain(now, answer.reply)
        case Outcome.UNTOUCHED:
            Delivery.objects.release_claims([claimed.pk], now)


def write_with_retries(write: Callable[[], None], patience: float = RETRY_SECONDS) -> None:
    """Write although the database comes and goes: what the relay has taken must not go out again."""
    ends = time.monotonic() + patience
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > ends:
                raise
            log.warning("the database is away, the answer of the relay is kept in mind")
            connection.close()
            time.sleep(0.2)
