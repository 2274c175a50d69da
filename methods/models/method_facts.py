"""The facts of a method in words: ages, size of the group, time, and the terms of the vocabulary."""

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from contacts.models import Term

if TYPE_CHECKING:
    from methods.models.method import Method

VOCABULARY = {
    "topics": gettext_lazy("Topics"),
    "target_groups": gettext_lazy("Target groups"),
    "settings": pgettext_lazy("where a method is used", "Places"),
    "languages": gettext_lazy("Languages"),
    "competences": gettext_lazy("Competences"),
}
LICENCE_URLS = {
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
LONG = 120  # minutes from which the time is told in hours


class Facts(NamedTuple):
    """Ranges in words, empty where nothing is given: "12–16 years", "4–20 people", "1.5–3 h". An end may be open."""

    age: str
    group: str
    time: str

    @property
    def given(self) -> list[str]:
        return [words for words in self if words]


def facts_of(method: "Method") -> Facts:
    age, group = _range(method.age_min, method.age_max), _range(method.group_min, method.group_max)
    return Facts(
        _("%(range)s years") % {"range": age} if age else "",
        _("%(range)s people") % {"range": group} if group else "",
        _time(method.duration_min, method.duration_max),
    )


def facts_in_brief(method: "Method") -> list[str]:
    """What a card says of a method: "ages 12–16", "10–15 min", "tried 6 times"; what is not known is left out."""
    age, count = _range(method.age_min, method.age_max), method.trial_count
    words = [
        _("ages %(range)s") % {"range": age} if age else "",
        _time(method.duration_min, method.duration_max),
        ngettext("tried %(number)s time", "tried %(number)s times", count) % {"number": count} if count else "",
    ]
    return [each for each in words if each]


def vocabulary_of(method: "Method") -> list[tuple[str, list[Term]]]:
    """(label, words) of each list of the vocabulary, in one query."""
    chosen = Q(pk=None)
    for name in VOCABULARY:
        through = getattr(type(method), name).through
        chosen |= Q(pk__in=through.objects.filter(method=method).values("term"))
    terms = list(Term.objects.filter(chosen).order_by("order", "pk"))
    return [(str(label), [term for term in terms if term.list == name]) for name, label in VOCABULARY.items()]


def _time(low: int | None, high: int | None) -> str:
    """In minutes, or in hours when it is long and comes in half hours."""
    if not low and not high:
        return ""
    ends = [end for end in (low, high) if end]
    if max(ends) < LONG or any(end % 30 for end in ends):
        return _("%(range)s min") % {"range": _range(low, high)}
    hours = [number_format(end / 60, decimal_pos=1 if end % 60 else 0) if end else None for end in (low, high)]
    return _("%(range)s h") % {"range": _range(*hours)}


def _range(low: object, high: object) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    return f"{'' if low is None else low}–{'' if high is None else high}"
