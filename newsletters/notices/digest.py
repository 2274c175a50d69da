"""Digests: who is notified of what in a round. A batch of people takes the same few queries, however many."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.models import Coordinator, User
from lib.masking import place_of, reason_of
from lib.tasks import Attempts, for_each_locked, locked
from meetings.models import Participation
from networks.models import Membership
from newsletters.models import Digest, Frequency, NoticeChoice, NoticeRound
from newsletters.notices.emails import DigestRenderer
from newsletters.notices.frequency import NEVER, OFTEN_FIRST
from newsletters.notices.sources import KINDS, Kind, cells_of

log = logging.getLogger(__name__)

# People whose rights are asked in one question. Each adds an arm to it, so more would only make it longer.
BATCH = 200

# What one person is told, kind by kind.
Content = list[tuple[Kind, list[Any]]]


@dataclass
class Fresh:
    """What is new in the period of a round, queried once for everybody."""

    things: dict[str, list[Any]]

    @classmethod
    def of(cls, round: NoticeRound) -> "Fresh":
        since = round.earliest()
        return cls({kind.code: kind.fresh(since, round.until) for kind in KINDS})

    def __bool__(self) -> bool:
        return any(self.things.values())


@dataclass
class Batch:
    """Some people, with everything that decides what they are told."""

    people: list[User]
    chosen: dict[int, dict[Any, str]] = field(default_factory=lambda: defaultdict(dict))
    seen: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    told: dict[tuple[int, int], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, people: list[User], fresh: Fresh) -> "Batch":
        batch = cls(people)
        _recall_rights(people)
        for choice in NoticeChoice.objects.filter(user__in=people):
            batch.chosen[choice.user_id][choice.cell] = choice.rhythm
        batch.seen = {kind.code: kind.visible_to(people, fresh.things[kind.code]) for kind in KINDS}
        asked = Participation.objects.filter(user__in=people, meeting__in=fresh.things["meetings"])
        rows = asked.exclude(told_at=None).values_list("user", "meeting", "told_at")
        batch.told = {(user, meeting): at for user, meeting, at in rows if at}
        return batch

    def content(self, person: User, round: NoticeRound, fresh: Fresh) -> Content:
        """What this round tells one person; nothing that the person may not see at this moment."""
        since, parts = round.since_for(person), []
        for kind in KINDS:
            things = [
                thing
                for thing in fresh.things[kind.code]
                if thing.fresh_at > since
                and (person.pk, thing.pk) in self.seen[kind.code]
                and self.frequency(person, kind, thing) == round.rhythm
                and not self._knows(person, kind, thing)
            ]
            parts += [(kind, things)] if things else []
        return parts

    def frequency(self, person: User, kind: Kind, thing: Any) -> str:
        """How often the person wants to hear of this: of several networks the most eager one counts."""
        rule = getattr(person, "notice_rule", None)
        usual = rule.rhythm if rule else Frequency.WEEKLY
        chosen = [self.chosen[person.pk].get(cell, usual) for cell in cells_of(person, kind, thing)]
        return min(chosen, key=OFTEN_FIRST.index, default=NEVER)

    def _knows(self, person: User, kind: Kind, thing: Any) -> bool:
        """An invitation, or the letter about a change, has told it already."""
        told = self.told.get((person.pk, thing.pk)) if kind.code == "meetings" else None
        return told is not None and told >= thing.fresh_at


def send_due(now: datetime) -> None:
    """Every round whose time has come, and then each letter that could not be written together with the others."""
    rounds = {round.pk: round for round in NoticeRound.objects.due(now)}
    attempts = Attempts("newsletters.rounds", NoticeRound, now)
    for pk in attempts.ready(rounds):
        attempts.on([pk], lambda pks: send(rounds[pks[0]], now), within=nullcontext)
    fresh_of = cache(Fresh.of)
    for_each_locked(
        lambda: Digest.objects.queued_singly().select_related("round"),
        lambda digest: write_single(digest, fresh_of(digest.round), now),
        round="newsletters.digests",
        now=now,
    )


def send(round: NoticeRound, now: datetime) -> int:
    """Write the letters of a round into the outbox, batch by batch; tells how many. Two rounds share the batches."""
    fresh, renderer, count = Fresh.of(round), DigestRenderer(round), 0
    while (written := _next_batch(round, fresh, renderer, now)) is not None:
        count += written
    return count


def _next_batch(round: NoticeRound, fresh: Fresh, renderer: DigestRenderer, now: datetime) -> int | None:
    """The next people of the round and their letters; None when nobody is left, or another is at it.

    When they cannot be written to in one stroke, each letter is queued singly: one bad row stops no other's.
    """
    try:
        return _write_batch(round, fresh, renderer, now, _write)
    except Exception as error:
        log.error("letters of round %s are written one by one: %s\n%s", round.pk, reason_of(error), place_of(error))
        renderer.reset()
        return _write_batch(round, fresh, renderer, now, _queue_singly)


@transaction.atomic
def _write_batch(
    round: NoticeRound, fresh: Fresh, renderer: DigestRenderer, now: datetime, write: Callable[..., int]
) -> int | None:
    mine = locked(NoticeRound.objects.filter(ended_at=None), [round.pk]).first()
    if mine is None:
        return None
    people = list(mine.people().filter(pk__gt=mine.reached).select_related("notice_rule")[:BATCH]) if fresh else []
    if not people:
        mine.end(now)
        renderer.start_mailings(now)
        return None
    mine.advance_to(people[-1])
    return write(mine, people, fresh, renderer, now)


def write_single(digest: Digest, fresh: Fresh, now: datetime) -> None:
    """The letter of one person, if there still is something to tell."""
    round, people = digest.round, list(digest.round.people().filter(pk=digest.user_id).select_related("notice_rule"))
    content = Batch.of(people, fresh).content(people[0], round, fresh) if people else []
    if not content:
        digest.delete()
        return
    renderer = DigestRenderer(round)
    renderer.queue({people[0]: content}, now)
    digest.mark_written(_items(content), now)
    if round.ended_at:
        renderer.continue_mailings(now)


def _queue_singly(round: NoticeRound, people: list[User], fresh: Fresh, renderer: DigestRenderer, now: datetime) -> int:
    Digest.objects.queue_singly(round, people)
    return 0


def _write(round: NoticeRound, people: list[User], fresh: Fresh, renderer: DigestRenderer, now: datetime) -> int:
    batch = Batch.of(people, fresh)
    told = {person: batch.content(person, round, fresh) for person in people}
    letters = {person: content for person, content in told.items() if content}
    rows = [
        Digest(round=round, user=person, items=_items(content), written_at=now) for person, content in letters.items()
    ]
    Digest.objects.bulk_create(rows)
    return renderer.queue(letters, now)


def _items(content: Content) -> int:
    return sum(len(things) for _kind, things in content)


def _recall_rights(people: Iterable[User]) -> None:
    """What `area_ids` and `network_ids` of each person rest on, in two questions."""
    runs, belongs = defaultdict(list), defaultdict(list)
    today = timezone.localdate()
    for user, area in Coordinator.objects.current(today).filter(user__in=people).values_list("user", "area"):
        runs[user].append(area)
    members = Membership.objects.active().filter(user__in=people)
    of_network = ["network", "network__area", "network__is_professional"]
    for user, *membership in members.values_list("user", *of_network):
        belongs[user].append(tuple(membership))
    for person in people:
        person.remember(runs[person.pk], belongs[person.pk])
