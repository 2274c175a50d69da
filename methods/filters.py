"""What the method bank can be narrowed by; every choice stands in the page's address."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Term
from methods.models import Method

LISTS = ["topics", "target_groups", "settings", "group_sizes", "durations", "preparation_levels", "languages"]
NEWEST, BEST = "newest", "best"


class Chip(NamedTuple):
    """A chosen filter in words, and the address without it."""

    label: str
    url: str


class Way(NamedTuple):
    """One order of the list."""

    label: str
    url: str
    is_current: bool


def _boxes(label: Any, **more: Any) -> django_filters.MultipleChoiceFilter:
    """Boxes to tick; those of a vocabulary get their words when the filter is made."""
    return django_filters.MultipleChoiceFilter(label=label, widget=forms.CheckboxSelectMultiple, **more)


class MethodFilter(django_filters.FilterSet):
    """Methods and operating models that fit all facets chosen, and within a facet any of the boxes ticked."""

    q = django_filters.CharFilter(label=_("Words to look for"), method="with_words", widget=forms.SearchInput)
    kind = _boxes(_("Kind"), choices=Method.KINDS, field_name="kind", method="any_kind")
    topic = _boxes(_("Topic"), field_name="topics", method="any_of_list")
    target_group = _boxes(_("Target group"), field_name="target_groups", method="any_of_list")
    setting = _boxes(pgettext_lazy("where a method is used", "Place"), field_name="settings", method="any_of_list")
    age = django_filters.NumberFilter(
        label=_("Age of the participants"), method="for_age", min_value=0, max_value=99, decimal_places=0
    )
    group_size = _boxes(_("Size of the group"), field_name="group", method="overlapping")
    duration = _boxes(_("Time it takes"), field_name="duration", method="overlapping")
    preparation = _boxes(_("Preparation"), method="any_preparation")
    language = _boxes(_("Language"), field_name="languages", method="any_of_list")

    VOCABULARY = {
        "topic": "topics",
        "target_group": "target_groups",
        "setting": "settings",
        "group_size": "group_sizes",
        "duration": "durations",
        "preparation": "preparation_levels",
        "language": "languages",
    }

    class Meta:
        model = Method
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = _words()
        for name, list_name in self.VOCABULARY.items():
            self.filters[name].extra["choices"] = [(term.code, term.label) for term in self.words[list_name].values()]

    # how each facet narrows

    def with_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def any_kind(self, queryset: Any, name: str, value: list[str]) -> Any:
        return queryset.filter(kind__in=value) if value else queryset

    def any_of_list(self, queryset: Any, name: str, value: list[str]) -> Any:
        """By a subquery: a join would list a method once for each box that fits."""
        return (
            queryset.filter(pk__in=Method.objects.filter(**{f"{name}__code__in": value}).values("pk"))
            if value
            else queryset
        )

    def any_preparation(self, queryset: Any, name: str, value: list[str]) -> Any:
        return queryset.filter(preparation__code__in=value) if value else queryset

    def for_age(self, queryset: Any, name: str, value: Any) -> Any:
        """An end that is not given is open."""
        return queryset.filter(Q(age_min=None) | Q(age_min__lte=value), Q(age_max=None) | Q(age_max__gte=value))

    def overlapping(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Methods whose range meets the range of any box ticked; name is "group" or "duration"."""
        presets = self.words["group_sizes"] | self.words["durations"]
        wanted = Q(pk=None)
        for code in value:
            wanted |= _meets(name, presets[code])
        return queryset.filter(wanted) if value else queryset

    # what the page shows

    def found(self) -> Any:
        """The methods in the order chosen."""
        return self.qs.best() if self.order == BEST else self.qs.newest()

    @property
    def order(self) -> str:
        """The best match first when words were searched for, unless the newest were asked for."""
        searched = "rank" in self.qs.query.annotations
        return BEST if searched and self.data.get("order") != NEWEST else NEWEST

    @property
    def orders(self) -> list[Way]:
        """The orders one can choose between: with no words to look for there is only one."""
        if "rank" not in self.qs.query.annotations:
            return []
        ways = [(BEST, _("Best match first")), (NEWEST, _("Newest first"))]
        return [Way(str(label), self._address(order=code), code == self.order) for code, label in ways]

    @property
    def chips(self) -> list[Chip]:
        """Every choice that narrows the list, with a link that takes it away."""
        return [Chip(label, self._address(without=(name, value))) for name, value, label in self._chosen()]

    @property
    def facets(self) -> list[Any]:
        """The fields with boxes, in order, each knowing how many are ticked."""
        fields = [self.form[name] for name in ("kind", *self.VOCABULARY)]
        for field in fields:
            field.ticked = len(self._value(field.name) or [])
        return fields

    def _chosen(self) -> Iterable[tuple[str, str, str]]:
        for name in self.filters:
            value = self._value(name)
            if value in (None, "", []):
                continue
            for each in value if isinstance(value, list) else [value]:
                yield name, str(each), self._label(name, each)

    def _value(self, name: str) -> Any:
        return self.form.cleaned_data.get(name) if self.form.is_valid() or self.is_bound else None

    def _label(self, name: str, value: Any) -> str:
        if name == "q":
            return f"”{value}”"
        if name == "age":
            return str(_("%(age)s years") % {"age": value})
        return str(dict(self.form.fields[name].choices)[value])

    def _address(self, without: tuple[str, str] | None = None, **put: str) -> str:
        """The page's own address with one choice taken away or put, from the first page on."""
        data = self.data.copy()
        data.pop("page", None)
        if without:
            name, value = without
            data.setlist(name, [each for each in data.getlist(name) if each.strip() != value])
        for name, value in put.items():
            data[name] = value
        return f"?{data.urlencode()}"


def _words() -> dict[str, dict[str, Term]]:
    """All the words of all facets in one query, by list and code."""
    words: dict[str, dict[str, Term]] = {name: {} for name in LISTS}
    for term in Term.objects.filter(list__in=LISTS, is_active=True).order_by("order", "pk"):
        words[term.list][term.code] = term
    return words


def _meets(name: str, preset: Term) -> Q:
    """The method's range and the preset's have a number in common; an end that is not given is open."""
    low, high = f"{name}_min", f"{name}_max"
    if preset.minimum is None and preset.maximum is None:
        return Q(**{low: None, high: None})
    begins = Q(**{f"{low}__lte": preset.maximum}) if preset.maximum is not None else Q(**{f"{low}__isnull": False})
    ends = Q(**{high: None}) | Q(**{f"{high}__gte": preset.minimum or 0})
    return begins & ends
