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

    lanes: int
    a_minute: int = 0


def limits(text: str) -> dict[str, Limit]:
    """`outlook.com=2/120,gmail.com=5` as limits. Raises ValueError in words."""
    found = {}
    for entry in filter(None, (each.strip() for each in text.split(","))):
        domain, is_set, numbers = entry.partition("=")
        lanes, _slash, a_minute = numbers.partition("/")
        if not (is_set and lanes.isdigit() and int(lanes) and (a_minute or "0").isdigit()):
            raise ValueError(f"OUTBOX_DOMAIN_LIMITS: {entry!r} is not of the form domain=connections/letters a minute")
        found[domain.lower()] = Limit(int(lanes), int(a_minute or 0))
    return found


class Domains:
    """What one worker knows of the receiving houses."""

    def __init__(self) -> None:
        self.limits = limits(settings.OUTBOX_DOMAIN_LIMITS)
        self.on_their_way: Counter[str] = Counter()
        self.begun: dict[str, deque[float]] = {}
        self.resting: dict[str, float] = {}

    def take_now(self, domain: str) -> bool:
        """May a letter to this house leave now?"""
        now = time.monotonic()
        if self.resting and self.resting.get(domain, 0) > now:
            return False
        limit = self.limits.get(domain)
        if limit is None:
            return True
        begun = self.begun.setdefault(domain, deque())
        while begun and begun[0] < now - MINUTE:
            begun.popleft()
        is_full = limit.a_minute and len(begun) >= limit.a_minute
        return self.on_their_way[domain] < limit.lanes and not is_full

    def begin(self, domain: str) -> None:
        self.on_their_way[domain] += 1
        if domain in self.limits:
            self.begun[domain].append(time.monotonic())

    def end(self, domain: str, reply: str) -> None:
        """A letter was answered; a house that says "too fast" is left alone for a minute."""
        self.on_their_way[domain] -= 1
        if not self.on_their_way[domain]:
            del self.on_their_way[domain]
        if reply and smtp_status.of_reply(reply).asks_for_a_rest:
            self.resting[domain] = time.monotonic() + REST
