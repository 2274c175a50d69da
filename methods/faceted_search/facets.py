"""What the method bank can be narrowed by, and how many methods each choice would leave beside the others."""

from collections.abc import Callable
from functools import cached_property, reduce
from operator import and_
from typing import Any, NamedTuple

from django.core.cache import caches
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Term
from methods.faceted_search.facet_index import NO_EQUIPMENT, Snapshot, facet_index, matching, seen_by
from methods.models import Method
from search.partial import PartialWords, best_partial

KEPT_SECONDS = 60
CACHE_KEY = "methods.choices"
NONE = "none"
# facets of words of the vocabulary, in the order of the page: name in the address → (label, list of the vocabulary)
VOCABULARY: dict[str, tuple[Any, str]] = {
    "topic": (_("Topic"), "topics"),
    "target_group": (_("Target group"), "target_groups"),
    "setting": (pgettext_lazy("where a method is used", "Place"), "settings"),
    "group_size": (_("Size of the group"), "group_sizes"),
    "duration": (_("Time it takes"), "durations"),
    "preparation": (_("Preparation"), "preparation_levels"),
    "language": (_("Language"), "languages"),
    "competence": (_("Competence of the youth worker"), "competences"),
    "stage": (_("Phase of development"), "development_stages"),
}
LABELS: dict[str, Any] = {
    "kind": _("Kind"),
    **{name: label for name, (label, _list) in VOCABULARY.items()},
    "equipment": _("Equipment"),
    "municipality": _("Municipality"),
}
# numbers that are typed: name in the address → which methods one leaves
NUMBERS: dict[str, Callable[[Snapshot, int], int]] = {
    "age": lambda snapshot, number: snapshot.covering("age", number),
    "group": Snapshot.for_group_of,
    "minutes": Snapshot.within,
}


class Choice(NamedTuple):
    """One box of a facet, and which methods it leaves."""

    value: str
    label: str
    methods: Callable[[Snapshot], int]


def choices() -> dict[str, dict[str, Choice]]:
    """Every choice of every facet by its value. The words are kept for a minute."""
    kept: tuple[list[Term], list[Municipality]] | None = caches["memory"].get(CACHE_KEY)
    if kept is None:
        lists = [list_name for _label, list_name in VOCABULARY.values()]
        terms = Term.objects.filter(list__in=lists, is_active=True).order_by("order", "pk")
        kept = list(terms), list(Municipality.objects.alphabetical())
        caches["memory"].set(CACHE_KEY, kept, KEPT_SECONDS)
    words, places = kept
    found: dict[str, dict[str, Choice]] = {name: {} for name in LABELS}
    found["kind"] = {code: _kind(code, label) for code, label in Method.KINDS}
    named = {list_name: name for name, (_label, list_name) in VOCABULARY.items()}
    for term in words:
        found[named[term.list]][term.code] = _of_term(named[term.list], term)
    found["equipment"] = {NONE: Choice(NONE, str(_("No equipment")), lambda snapshot: snapshot.having(NO_EQUIPMENT))}
    found["municipality"] = {place.slug: _place(place) for place in places}
    return found


def _kind(code: str, words: Any) -> Choice:
    return Choice(code, str(words), lambda snapshot: snapshot.having(("kind", code)))


def _of_term(name: str, term: Term) -> Choice:
    if name == "group_size":
        return Choice(term.code, term.label, lambda snapshot: snapshot.meeting("group", term.minimum, term.maximum))
    if name == "duration":
        return Choice(term.code, term.label, lambda snapshot: snapshot.lasting(term.minimum, term.maximum))
    return Choice(term.code, term.label, lambda snapshot: snapshot.having(("term", term.pk)))


def _place(place: Municipality) -> Choice:
    return Choice(place.slug, place.name, lambda snapshot: snapshot.having(("municipality", place.pk)))


class Option(NamedTuple):
    """One box as the page shows it. `number` is how many methods it would leave beside the other facets."""

    value: str
    label: str
    number: int
    is_chosen: bool
    mark: str  # where the number stands on the page
    look: str  # and how


class Facet(NamedTuple):
    """One facet as the page shows it. `ticked` tells how many of its boxes are."""

    name: str
    label: str
    options: list[Option]
    ticked: int


def _option(name: str, choice: Choice, number: int, is_chosen: bool) -> Option:
    label = choice.label[:1].upper() + choice.label[1:]
    return Option(choice.value, label, number, is_chosen, f"n-{name}-{choice.value}", "" if number else " is-none")


class Found:
    """The published methods that a reader sees and a search leaves.

    `wanted` is what was chosen, by name: a list of values of a facet, `q` the words, a number of NUMBERS. With
    `partly`, where nothing holds all the words, those are found that hold most; `words` is what was looked for in the
    end.
    """

    def __init__(
        self, reader: Any, wanted: dict[str, Any], among: dict[str, dict[str, Choice]], partly: bool = False
    ) -> None:
        self.choices = among
        self.wanted = {name: value for name, value in wanted.items() if value not in (None, "", [])}
        self.snapshot = facet_index.refresh()
        self.seen = seen_by(reader, self.snapshot)
        self.words: str | PartialWords = self.wanted.get("q", "")
        if (hits := matching(self.words)) is not None:
            everything, self.seen = self.seen, self.seen & hits
            if partly and not self.seen:
                self._look_for_some(everything)

    def _look_for_some(self, everything: int) -> None:
        def look(words: PartialWords) -> tuple[int, int]:
            hits = everything & (matching(words) or 0)
            return hits.bit_count(), hits

        if best := best_partial(self.wanted["q"], look):
            self.words, self.seen = best

    @property
    def partial(self) -> PartialWords | None:
        return self.words if isinstance(self.words, PartialWords) else None

    @cached_property
    def narrowed(self) -> dict[str, int]:
        """What each facet that something was chosen in would leave by itself: any of its choices fits."""
        sets = {
            name: reduce(lambda found, value: found | self.choices[name][value].methods(self.snapshot), values, 0)
            for name, values in self.wanted.items()
            if name in self.choices
        }
        for name in self.wanted.keys() & NUMBERS.keys():
            sets[name] = NUMBERS[name](self.snapshot, self.wanted[name])
        return sets

    @cached_property
    def methods(self) -> int:
        """The set of all that fits."""
        return reduce(and_, self.narrowed.values(), self.seen)

    @property
    def count(self) -> int:
        return self.methods.bit_count()

    def facets(self) -> list[Facet]:
        """Every facet with counts that honour the other facets, but not its own choices."""
        return [self._facet(name) for name in self.choices]

    def _facet(self, name: str) -> Facet:
        others = (found for other, found in self.narrowed.items() if other != name)
        beside = reduce(and_, others, self.seen) if name in self.narrowed else self.methods
        chosen = self.wanted.get(name, [])
        options = [
            _option(name, each, (each.methods(self.snapshot) & beside).bit_count(), each.value in chosen)
            for each in self.choices[name].values()
        ]
        if name == "municipality":  # too many to show those without a method
            options = [option for option in options if option.number or option.is_chosen]
        return Facet(name, str(LABELS[name]), options, len(chosen))
