"""How much each receiving house takes at once: limits that were set, and rest for a house that asked for it."""

import time
from collections import Counter, deque
from dataclasses import dataclass

from django.conf import settings

from outbox.incoming import smtp_status

REST = 60.0
MINUTE = 60.0


@dataclass(frozen=True)
class Limit:
    """At most so many letters on their way at once, and so many in a minute."""

    connections: int
    a_minute: int = 0


def limits(text: str) -> dict[str, Limit]:
    """`outlook.com=2/120,gmail.com=5` as limits. Raises ValueError in words."""
    found = {}
    for entry in filter(None, (each.strip() for each in text.split(","))):
        domain, is_set, numbers = entry.partition("=")
        connections, _slash, a_minute = numbers.partition("/")
        if not (is_set and connections.isdigit() and int(connections) and (a_minute or "0").isdigit()):
            raise ValueError(f"OUTBOX_DOMAIN_LIMITS: {entry!r} is not of the form domain=connections/letters a minute")
        found[domain.lower()] = Limit(int(connections), int(a_minute or 0))
    return found


class Domains:
    """What one worker knows of the receiving houses."""

    def __init__(self) -> None:
        self.limits = limits(settings.OUTBOX_DOMAIN_LIMITS)
        self.in_flight: Counter[str] = Counter()
        self.started: dict[str, deque[float]] = {}
        self.resting: dict[str, float] = {}

    def may_send(self, domain: str) -> bool:
        """May a letter to this house leave now?"""
        now = time.monotonic()
        if self.resting and self.resting.get(domain, 0) > now:
            return False
        limit = self.limits.get(domain)
        if limit is None:
            return True
        started = self.started.setdefault(domain, deque())
        while started and started[0] < now - MINUTE:
            started.popleft()
        is_full = limit.a_minute and len(started) >= limit.a_minute
        return self.in_flight[domain] < limit.connections and not is_full

    def start(self, domain: str) -> None:
        self.in_flight[domain] += 1
        if domain in self.limits:
            self.started[domain].append(time.monotonic())

    def end(self, domain: str, reply: str) -> None:
        """A letter was answered; a house that says "too fast" is left alone for a minute."""
        self.in_flight[domain] -= 1
        if not self.in_flight[domain]:
            del self.in_flight[domain]
        if reply and smtp_status.of_reply(reply).asks_for_a_rest:
            self.resting[domain] = time.monotonic() + REST
