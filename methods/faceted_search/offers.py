"""Filters for the numbers that somebody typed among the words: "20 nuorta", "13-vuotiaille", "30 min"."""

from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from contacts.models import Term
from search.analysis.numbers import Numbers, numbers_in


class Offer(NamedTuple):
    """A list narrowed by the numbers of a search: in words, and its address."""

    label: str
    query: str


def offer(typed: str) -> Offer | None:
    """The same search with its numbers as filters; None when it says none that a filter knows."""
    said = numbers_in(typed)
    chosen = dict(_chosen(said)) if said.is_said else {}
    if not chosen:
        return None
    address = QueryDict(mutable=True)
    address.update({name: value for name, (value, _label) in chosen.items()})
    if said.words:
        address["q"] = said.words
    labels = [label for _value, label in chosen.values()]
    return Offer(", ".join([f"”{said.words}”", *labels] if said.words else labels), address.urlencode())


def _chosen(said: Numbers) -> list[tuple[str, tuple[str, str]]]:
    """(facet, (its value, its words)) of each number."""
    found = []
    if said.age is not None:
        found.append(("age", (str(said.age), _("%(age)s years") % {"age": said.age})))
    for name, list_name, number in (
        ("group_size", "group_sizes", said.group),
        ("duration", "durations", said.minutes),
    ):
        if number is not None and (term := _narrowest(list_name, number)):
            found.append((name, (term.code, term.label)))
    return found


def _narrowest(list_name: str, number: int) -> Term | None:
    """The word of a list whose range holds the number; of several the one that says most."""
    fits = [term for term in Term.objects.in_list(list_name) if _holds(term, number)]
    return min(fits, key=lambda term: (term.maximum or 10_000) - (term.minimum or 0), default=None)


def _holds(term: Term, number: int) -> bool:
    if term.minimum is None and term.maximum is None:
        return False
    return (term.minimum or 0) <= number <= (number if term.maximum is None else term.maximum)
