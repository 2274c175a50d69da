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
MEMORY = 60.0
# The most letters a worker holds; usually what it sends in a second, so that nobody waits long behind them.
MOST_HELD = 1000
FEWEST_HELD = 16
# Seconds between two looks at what has changed meanwhile: a pause, a reader who left, an urgent letter.
LOOK = 0.4
# Seconds between two signs of life.
BREATH = LEASE.total_seconds() / 3
# How long letters to a house that takes none now are left in the queue.
ASIDE = timedelta(seconds=10)
# A mailing of whose last letters this many were refused for good is paused: somebody should look.
LAST, TOO_MANY = 400, 40


class Sender:
    """Holds some letters, offers them to the lanes one by one, and writes down what the relay said."""

    def __init__(self, clock: Callable[[], datetime], ends: float, held_since: datetime | None = None) -> None:
        self.clock, self.ends, self.held_since = clock, ends, held_since
        self.letters: deque[ClaimedDelivery] = deque()
        self.on_their_way: dict[int, ClaimedDelivery] = {}
        self.builder, self.domains = MessageBuilder(), Domains()
        self.failures: dict[int, deque[bool]] = {}
        self.sent = 0
        self.pace = Throughput()
        self.looked = self.breathed = time.monotonic()
        self.is_closing = False

    # letters in

    def claim_more(self) -> bool:
        """Take what is due when little is left. True while there is something to send."""
        if time.monotonic() >= self.ends:
            self.close()
        if not self.is_closing and len(self.letters) <= self.pace.enough / 2:
            self._take(claim.next_letters(self.clock(), self.pace.enough, self.held_since))
        return bool(self.letters)

    def _take(self, held: Sequence[ClaimedDelivery], first: bool = False) -> None:
        poison = [letter.pk for letter in held if letter.interruptions >= INTERRUPTIONS]
        stopped = [letter.pk for letter in held if letter.is_stopped]
        if poison:
            Delivery.objects.poisonous(poison, self.clock())
        if stopped:
            Delivery.objects.filter(pk__in=stopped).leave_out(LeftOut.SUPPRESSED, self.clock())
        bad = {*poison, *stopped}
        good = [letter for letter in held if letter.pk not in bad]
        self.builder.fetch(good)
        self.letters.extendleft(reversed(good)) if first else self.letters.extend(good)

    # letters out

    def offer(self) -> OutgoingMessage | None:
        """The next letter for a lane; what cannot be put into bytes fails alone."""
        for _each in range(len(self.letters)):
            held = self.letters.popleft()
            if held.until < time.monotonic():
                continue  # the lease ran out while the database was away: another worker may have it
            if not self.domains.take_now(held.domain):
                self.letters.append(held)
                continue
            outgoing = self._outgoing(held)
            if outgoing:
                self.on_their_way[held.pk] = held
                self.domains.begin(held.domain)
                return outgoing
        return None

    def _outgoing(self, held: ClaimedDelivery) -> OutgoingMessage | None:
        try:
            return self.builder.outgoing(held)
        except Exception:
            log.exception("letter %s could not be built", held.pk)
            Delivery.objects.get(pk=held.pk).fail_to_build(self.clock(), NOT_BUILT)
            return None

    @property
    def patience(self) -> float:
        return LOOK if self.on_their_way else 0.05

    # answers

    def write_down(self, answers: Iterable[tuple[OutgoingMessage, Answer]]) -> None:
        """All that was heard since the last time, before any lane goes on."""
        sent, others = [], []
        for outgoing, answer in answers:
            held = self.on_their_way.pop(outgoing.tag.pk)
            self.domains.end(held.domain, answer.reply)
            self.builder.forget(held.pk)
            self._watch(held, answer)
            sent.append(held.pk) if answer.verdict is Outcome.SENT else others.append((held, answer))
        if sent:
            never_forget(lambda: Delivery.objects.mark_sent(sent, self.clock()))
            self.sent += len(sent)
            self.pace.count(len(sent))
        for held, answer in others:
            never_forget(lambda held=held, answer=answer: write_down(held, answer, self.clock()))  # type: ignore[misc]

    def _watch(self, held: ClaimedDelivery, answer: Answer) -> None:
        """Too many refusals in a row of letters are a mistake of ours, not of the readers."""
        if held.mailing_id is None:
            return
        last = self.failures.setdefault(held.mailing_id, deque(maxlen=LAST))
        last.append(answer.verdict is Outcome.NEVER)
        if answer.verdict is Outcome.NEVER and sum(last) >= TOO_MANY:
            last.clear()
            reason = _("The relay refused %(count)d of the last %(last)d letters. The last answer: %(reply)s")
            words = reason % {"count": TOO_MANY, "last": LAST, "reply": answer.reply}
            Mailing.objects.get(pk=held.mailing_id).pause(self.clock(), words[:300])
            self.looked = 0.0

    # meanwhile

    def check_for_changes(self) -> None:
        """What has changed in the queue while we were busy? And a sign that we live."""
        now = time.monotonic()
        if now - self.looked > LOOK and not self.is_closing:
            self.looked = now
            self._drop_what_must_not_leave()
            if self.held_since is None:
                self._take(claim.take_singles(self.clock(), FEWEST_HELD), first=True)
        if now - self.breathed > BREATH:
            self.breathed = now
            self._heartbeat(now)

    def _heartbeat(self, now: float) -> None:
        held = [letter for letter in (*self.letters, *self.on_their_way.values()) if letter.until > now]
        Delivery.objects.hold_on([letter.pk for letter in held], self.clock())
        Heartbeat.objects.beat(self.clock())
        for letter in held:
            letter.until = now + LEASE.total_seconds()

    def _drop_what_must_not_leave(self) -> None:
        """Paused mailings, cancelled letters, readers who left."""
        held = [letter.pk for letter in self.letters]
        if held:
            mine = set(Delivery.objects.filter(pk__in=held).still_leaving().values_list("pk", flat=True))
            gone = [pk for pk in held if pk not in mine]
            Delivery.objects.give_back(gone, self.clock())
            self.letters = deque(letter for letter in self.letters if letter.pk in mine)
        self._set_aside()

    def _set_aside(self) -> None:
        """Letters to houses that take none now must not keep the others waiting."""
        blocked = [letter for letter in self.letters if not self.domains.take_now(letter.domain)]
        if len(blocked) > self.pace.enough / 4:
            Delivery.objects.give_back([letter.pk for letter in blocked], self.clock() + ASIDE)
            pks = {letter.pk for letter in blocked}
            self.letters = deque(letter for letter in self.letters if letter.pk not in pks)

    # the end

    def close(self) -> None:
        """Take no more; what is on its way is waited for."""
        self.is_closing = True
        if self.letters:
            back = [letter.pk for letter in self.letters]
            self.letters.clear()
            Delivery.objects.give_back(back, self.clock())

    def end(self, lanes: ConnectionPool) -> None:
        """However the round ends, what is on its way is heard out and written down."""
        self.is_closing = True
        letters, self.letters = list(self.letters), deque()
        while lanes.are_busy:
            self.write_down(lanes.heard(LOOK))
            lanes.go_on()
        if letters:
            never_forget(lambda: Delivery.objects.give_back([letter.pk for letter in letters], self.clock()))


class Throughput:
    """How many letters leave in a second, lately."""

    def __init__(self) -> None:
        self.enough = FEWEST_HELD
        self.began, self.counted = time.monotonic(), 0

    def count(self, letters: int) -> None:
        self.counted += letters
        passed = time.monotonic() - self.began
        if passed > 0.2:
            self.enough = max(FEWEST_HELD, min(MOST_HELD, int(self.counted / passed)))
            self.began, self.counted = time.monotonic(), 0


def write_down(held: ClaimedDelivery, answer: Answer, now: datetime) -> None:
    """Stamp the row with what the relay said."""
    row = Delivery.objects.filter(pk=held.pk).first()
    if row is None:
        return
    match answer.verdict:
        case Outcome.SENT:
            row.mark_sent(now)
        case Outcome.LATER:
            row.defer(now, answer.reply)
        case Outcome.NEVER:
            row.give_up(now, answer.reply)
            MailEvent.objects.refused(row, answer.reply, now)
        case Outcome.UNCLEAR:
            row.mark_uncertain(now, answer.reply)
        case Outcome.UNTOUCHED:
            Delivery.objects.give_back([held.pk], now)


def never_forget(write: Callable[[], None], patience: float = MEMORY) -> None:
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
