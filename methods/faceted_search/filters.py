"""What a reader has chosen to narrow the method bank by; every choice stands in the page's address."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from methods.faceted_search import facets
from methods.faceted_search.bitset import bits_of
from methods.faceted_search.offers import offer
from methods.models import Method
from methods.models.method_queryset import VECTOR
from search.partial import left_out, with_words_held
from search.query import search_query
from search.suggest import suggestion as meant

# numbers that are typed, and how a chip tells one
NUMBERS = {
    "age": _("%(number)s years"),
    "group": _("%(number)s people"),
    "minutes": _("at most %(number)s min"),
}
NEWEST, BEST, TRIED = "newest", "best", "tried"
PER_PAGE = 24
RANKED = 42 * PER_PAGE  # of more than these hits the newest are ranked: a thousand, in whole pages


class Chip(NamedTuple):
    """A chosen filter in words, and the address without it."""

    label: str
    url: str


class Way(NamedTuple):
    """One order of the list."""

    label: str
    url: str
    is_current: bool


class KnownChoices(forms.MultipleChoiceField):
    """Takes what it knows and leaves the rest: an old link still narrows by what there is."""

    def clean(self, value: Any) -> list[str]:
        choices: Any = self.choices
        known = {str(code) for code, _label in choices}
        return [each for each in dict.fromkeys(value or []) if each in known]


class Boxes(django_filters.MultipleChoiceFilter):
    """Boxes to tick, any of which may fit."""

    field_class = KnownChoices


class MethodFilter(django_filters.FilterSet):
    """Methods and operating models that fit all facets chosen, and within a facet any of the boxes ticked.

    The filters read the address; how many methods fit, and which, is counted in memory (facets.py).
    """

    q = django_filters.CharFilter(label=_("Words to look for"), widget=forms.SearchInput)
    age = django_filters.NumberFilter(label=_("Age of the participants"), min_value=0, max_value=99, decimal_places=0)
    group = django_filters.NumberFilter(label=_("How many people"), min_value=1, max_value=2000, decimal_places=0)
    minutes = django_filters.NumberFilter(label=_("Minutes at hand"), min_value=1, max_value=30_000, decimal_places=0)

    class Meta:
        model = Method
        fields: list[str] = []

    def __init__(self, data: Any, reader: Any, partly: bool = False) -> None:
        """With `partly`, where nothing holds all the words, what holds most of them is shown."""
        super().__init__(data, queryset=Method.objects.visible_to(reader).published())
        self.reader, self.partly = reader, partly
        self.choices = facets.choices()
        for name, boxes in self.choices.items():
            labels = [(value, choice.label) for value, choice in boxes.items()]
            self.filters[name] = Boxes(label=facets.LABELS[name], choices=labels)

    def filter_queryset(self, queryset: Any) -> Any:
        """All that fits, as rows; pages and feeds ask for a few by `first` and `page`."""
        return queryset.among(list(self.found.snapshot.in_order(self.found.methods)))

    # what is found

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was understood of the address; a filter that was not is left out."""
        self.form.is_valid()
        wanted = dict(self.form.cleaned_data)
        for name in NUMBERS:
            if wanted.get(name) is not None:
                wanted[name] = int(wanted[name])
        return {name: value for name, value in wanted.items() if value not in (None, "", [])}

    @property
    def number_boxes(self) -> list[Any]:
        """The boxes into which a number is typed."""
        return [self.form[name] for name in NUMBERS]

    @cached_property
    def found(self) -> facets.Found:
        return facets.Found(self.reader, self.wanted, self.choices, self.partly)

    @property
    def count(self) -> int:
        return self.found.count

    @cached_property
    def facets(self) -> list[facets.Facet]:
        return self.found.facets()

    def numbers(self, begin: int, end: int) -> list[int]:
        """The numbers of the methods at these places of the list, in any order but the best match first."""
        snapshot, methods = self.found.snapshot, self.found.methods
        if self.order != TRIED:
            return snapshot.first(methods, end)[begin:]
        tried = snapshot.most_tried(methods)
        others = methods & ~bits_of(tried)
        return (tried + snapshot.first(others, max(0, end - len(tried))))[begin:end]

    def rows(self, begin: int, end: int, now: datetime) -> list[Method]:
        """The methods at these places of the list, with what a card shows."""
        cards = self.queryset.for_cards()
        if self.order == BEST and begin < RANKED:
            few = self.found.snapshot.first(self.found.methods, RANKED)
            return self._with_left_out(cards.among(few).ranked(self.found.words, now))[begin:end]
        wanted = self.numbers(begin, end)
        found = {method.pk: method for method in cards.among(wanted)}
        return [found[pk] for pk in wanted if pk in found]

    def _with_left_out(self, ranked: Any) -> Any:
        """The rows of a search that nothing satisfies as a whole say which words they lack."""
        if self.found.partial is None:
            return ranked
        rows = list(with_words_held(ranked, self.found.partial, VECTOR)[:RANKED])
        for row in rows:
            row.left_out = left_out(row, self.found.partial)
        return rows

    def fresh(self, since: datetime, until: datetime) -> Any:
        """What was published in a stretch of time and fits, the newest first."""
        return self.queryset.fresh(since, until).among(self.found.snapshot.first(self.found.methods, RANKED)).newest()

    # in which order

    @cached_property
    def has_words(self) -> bool:
        return search_query(self.wanted.get("q", "")) is not None

    @property
    def order(self) -> str:
        """The best match first when words were searched for, else the newest, unless another order was asked for."""
        usual = BEST if self.has_words else NEWEST
        asked = self.data.get("order")
        return asked if asked in (NEWEST, TRIED) else usual

    @property
    def orders(self) -> list[Way]:
        """The orders one can choose between."""
        ways = [(BEST, _("Best match first"))] if self.has_words else []
        ways += [(NEWEST, _("Newest first")), (TRIED, _("Most tried first"))]
        return [Way(str(label), self.address(order=code), code == self.order) for code, label in ways]

    # what the page says of the choices

    @cached_property
    def chips(self) -> list[Chip]:
        """Every choice that narrows the list, with a link that takes it away."""
        return [Chip(label, self.address(without=(name, value))) for name, value, label in self._chosen()]

    @cached_property
    def suggestion(self) -> Chip | None:
        """Other words that may have been meant, when nothing was found."""
        is_needed = self.has_words and (not self.count or self.found.partial)
        words = meant(self.wanted["q"]) if is_needed else ""
        return Chip(words, self.address(q=words)) if words else None

    @cached_property
    def offer(self) -> Chip | None:
        """The numbers among the words as filters."""
        offered = offer(self.wanted.get("q", ""))
        return Chip(offered.label, f"?{offered.query}") if offered else None

    @property
    def name(self) -> str:
        """What a saved search of these filters might be called."""
        return ", ".join(chip.label for chip in self.chips)[:80]

    @property
    def query(self) -> str:
        """What narrows the list and nothing else, to be kept or handed on."""
        wanted = QueryDict(mutable=True)
        for name, value in self.wanted.items():
            wanted.setlist(name, value if isinstance(value, list) else [value])
        return wanted.urlencode()

    def address(self, without: tuple[str, str] | None = None, **put: str) -> str:
        """The page's own address with one choice taken away or put, from the first page on."""
        data = self.data.copy()
        data.pop("page", None)
        for name in [name for name, values in data.lists() if not any(values)]:
            del data[name]
        if without:
            name, value = without
            data.setlist(name, [each for each in data.getlist(name) if each.strip() != value])
        for name, value in put.items():
            data[name] = value
        return f"?{data.urlencode()}"

    def _chosen(self) -> Iterator[tuple[str, str, str]]:
        """In the order of the address, so that the last one is what was chosen last."""
        for name in self.data:
            value = self.wanted.get(name, [])
            for each in value if isinstance(value, list) else [value]:
                yield name, str(each), self._label(name, each)

    def _label(self, name: str, value: Any) -> str:
        if name == "q":
            return f"”{value}”"
        if name in NUMBERS:
            return str(NUMBERS[name]) % {"number": value}
        return self.choices[name][value].label
