"""The facet index: the published methods in the memory of this process, one bitset for each value of a facet.

Counting every choice of every facet beside 100,000 methods takes the database most of a second and this a millisecond.
The database stays the truth: before each use the rows written since the last refresh are asked for, and *which* rows a
person sees is `visible_to`'s own answer. Rows of transactions that are still open are read each time and never
kept, so that nothing is missed and nothing that was rolled back stays.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice
from math import inf
from sys import byteorder
from threading import Lock
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Aggregate, BigIntegerField, BinaryField, Case, Q, Value, When
from django.db.models.expressions import RawSQL

from methods.faceted_search.bitset import any_of, bits_of, digits_of
from methods.models import Findable
from methods.models.method_queryset import is_published, shown_to
from search import thesaurus
from search.partial import PartialWords
from search.query import tsquery

# A thing to narrow by: ("kind", "model"), ("term", 17), ("age", 12, 16).
Key = tuple[Any, ...]
OPEN: Key = ("open",)  # what everybody sees
NO_EQUIPMENT: Key = ("equipment", "none")
COLUMNS = [
    "pk", "published_at", "trial_count", "kind", "needs_equipment", "municipality_id", "preparation_id", "stage_id",
    "terms", "age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max",
]  # fmt: skip
NOBODY = AnonymousUser()


def _number(sql: str) -> RawSQL:
    return RawSQL(f"({sql})::text::bigint", [], output_field=BigIntegerField())


# Transactions below the first had ended when this statement began to look; none above the last had begun, but our own.
FIRST_OPEN = _number("pg_snapshot_xmin(pg_current_snapshot())")
FIRST_UNKNOWN = _number("pg_snapshot_xmax(pg_current_snapshot())")
OURS = _number("pg_current_xact_id_if_assigned()")


class Packed(Aggregate):
    """Row numbers in one piece: forty thousand of them arrive in a hundredth of the time of as many rows."""

    template = "string_agg(int4send((%(expressions)s)::int4), ''::bytea)"
    output_field = BinaryField()


def found_by(rows: Any) -> int:
    """The set of the methods that a query of narrow rows finds."""
    return _unpacked(rows.order_by().aggregate(found=Packed("pk"))["found"])


def _unpacked(packed: Any) -> int:
    numbers = array("i", bytes(packed or b""))
    if byteorder == "little":
        numbers.byteswap()
    return bits_of(numbers)


@dataclass
class Snapshot:
    """Published methods at one moment: a bitset for each value of a facet, and in which order they were published."""

    bits: dict[Key, int] = field(default_factory=dict)
    published: dict[int, float] = field(default_factory=dict)
    tried: dict[int, int] = field(default_factory=dict)
    newest: list[int] = field(default_factory=list)
    met: dict[Key, int] = field(default_factory=dict)  # answers of `meeting` and `lasting`

    @classmethod
    def of(cls, rows: list[Any]) -> "Snapshot":
        """Of rows of the database; of those that are not published nothing is kept."""
        snapshot, found = cls(), defaultdict(list)
        for row in rows:
            if row.is_published:
                snapshot.published[row.pk] = row.published_at.timestamp()
                if row.trial_count:
                    snapshot.tried[row.pk] = row.trial_count
                for key in _facet_keys(row):
                    found[key].append(row.pk)
        snapshot.bits = {key: bits_of(numbers) for key, numbers in found.items()}
        snapshot.newest = sorted(snapshot.published, key=snapshot.age)
        return snapshot

    def age(self, pk: int) -> tuple[float, int]:
        """Sorts the newest first."""
        return -self.published[pk], -pk

    def with_rows(self, rows: list[Any]) -> "Snapshot":
        """The same with these rows as they are now."""
        more, seen = Snapshot.of(rows), {row.pk for row in rows}
        others = ~bits_of(seen)
        both = Snapshot({key: found & others for key, found in self.bits.items()})
        for key, found in more.bits.items():
            both.bits[key] = both.bits.get(key, 0) | found
        both.published = {pk: at for pk, at in self.published.items() if pk not in seen} | more.published
        both.tried = {pk: count for pk, count in self.tried.items() if pk not in seen} | more.tried
        both.newest = list(merge((pk for pk in self.newest if pk not in seen), more.newest, key=both.age))
        return both

    # questions

    def having(self, key: Key) -> int:
        return self.bits.get(key, 0)

    def covering(self, name: str, number: int) -> int:
        """Methods whose range holds the number; an end that is not given is open."""
        return self._ranged(name, lambda low, high: (low or 0) <= number and (high is None or high >= number))

    def meeting(self, name: str, low: int | None, high: int | None) -> int:
        """Methods whose range has a number in common with this one; of one without ends, those without a range."""
        if low is None and high is None:
            return self.having((name, None, None))
        key = (name, low, high)
        if key not in self.met:
            least, most = low or 0, inf if high is None else high
            self.met[key] = self._ranged(
                name, lambda begins, ends: begins is not None and begins <= most and (ends is None or ends >= least)
            )
        return self.met[key]

    def lasting(self, low: int | None, high: int | None) -> int:
        """Methods that take so long: for some minutes of the range, which is open below, not for one of its ends alone.

        One of 45–60 minutes is none of "16–45" and one of "46–90"; one of exactly 45, or of 60, is where its time is.
        """
        if low is None and high is None:
            return self.having(("duration", None, None))
        key = ("lasting", low, high)
        if key not in self.met:
            after, most = (low or 0) - 1, inf if high is None else high
            self.met[key] = self._ranged(
                "duration", lambda begins, ends: _lasts(begins, inf if ends is None else ends, after, most)
            )
        return self.met[key]

    def for_group_of(self, number: int) -> int:
        """Methods for a group of this size; those that say nothing of a size are not among them."""
        return self._ranged(
            "group", lambda low, high: (low, high) != (None, None) and (low or 0) <= number <= (high or inf)
        )

    def within(self, minutes: int) -> int:
        """Methods that can be done in these minutes."""
        return self._ranged("duration", lambda low, _high: low is not None and low <= minutes)

    def _ranged(self, name: str, fits: Callable[[Any, Any], bool]) -> int:
        return any_of(found for key, found in self.bits.items() if key[0] == name and fits(*key[1:]))

    def in_order(self, found: int) -> Iterator[int]:
        """The newest first."""
        digits = digits_of(found)
        most = len(digits)
        return (pk for pk in self.newest if pk < most and digits[pk] == "1")

    def first(self, found: int, count: int) -> list[int]:
        """The newest few of many."""
        return list(islice(self.in_order(found), count))

    def most_tried(self, found: int) -> list[int]:
        """Those that somebody has tried, the most often first; then come the others, the newest first."""
        tried = [pk for pk in self.tried if found >> pk & 1]
        return sorted(tried, key=lambda pk: (-self.tried[pk], *self.age(pk)))


class FacetIndex:
    """The facet index of this process, brought up to date from the database before each use."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as a fresh process does."""
        self.settled, self.horizon = Snapshot(), 0

    def refresh(self) -> Snapshot:
        """The bank as the database shows it to this transaction."""
        with self.lock:
            rows = list(self._changed())
            settled = [row for row in rows if not row.is_under_way]
            under_way = [row for row in rows if row.is_under_way]
            if settled:
                self.settled = self.settled.with_rows(settled)
            if rows:
                self.horizon = max(self.horizon, rows[0].first_open)
            return self.settled.with_rows(under_way) if under_way else self.settled

    def _changed(self) -> Any:
        """Rows that were written since the last refresh, by transactions that have ended or by our own."""
        rows = Findable.objects.all()
        under_way = Q(changed_in__gte=FIRST_OPEN, changed_in__lt=FIRST_UNKNOWN) | Q(changed_in=OURS)
        if self.horizon:
            known = Q(changed_in__lt=FIRST_UNKNOWN) | Q(changed_in=OURS)
            rows = rows.filter(known, changed_in__gte=self.horizon)
        return rows.annotate(
            first_open=FIRST_OPEN,
            is_under_way=_whether(under_way),
            is_published=_whether(is_published()),
            is_open=_whether(shown_to(NOBODY)),
        ).values_list(*COLUMNS, "first_open", "is_under_way", "is_published", "is_open", named=True)


def _whether(true: Q) -> Case:
    return Case(When(true, then=Value(True)), default=Value(False))


def _lasts(begins: int | None, ends: float, after: float, most: float) -> bool:
    if begins is None:
        return False
    return after < begins <= most if begins == ends else max(begins, after) < min(ends, most)


def _facet_keys(row: Any) -> Iterator[Key]:
    """Everything that a row can be narrowed by."""
    yield ("kind", row.kind)
    if row.is_open:
        yield OPEN
    if row.municipality_id:
        yield ("municipality", row.municipality_id)
    for term in (row.preparation_id, row.stage_id, *row.terms):
        if term:
            yield ("term", term)
    if row.kind == "method" and not row.needs_equipment:
        yield NO_EQUIPMENT
    yield ("age", row.age_min, row.age_max)
    yield ("group", row.group_min, row.group_max)
    yield ("duration", row.duration_min, row.duration_max)


facet_index = FacetIndex()


def seen_by(user: Any, snapshot: Snapshot) -> int:
    """The published methods that a person sees: what everybody sees, and what `visible_to` adds to it."""
    found = snapshot.having(OPEN)
    if user.is_authenticated:
        found |= found_by(Findable.objects.visible_to(user).published().exclude(shown_to(NOBODY)))
    return found


def matching(words: str | PartialWords) -> int | None:
    """The methods in which every word is found, or some, whoever sees them; None when there are no words."""
    query = tsquery(words, thesaurus.other_words) if isinstance(words, str) else str(words)
    if not query:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT methods_findable_matching(%s::tsquery)", [query])
        return _unpacked(cursor.fetchone()[0])
