"""Which words of a method are searched, in which language, and how much each place weighs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contacts.models import Term
    from methods.models.method import Method

TEXTS = [
    "goal",
    "safety",
    "evaluation",
    "basic_idea",
    "environment",
    "target_understanding",
    "results",
    "place",
    "locality",
    "resources",
    "funder",
    "credits",
]
LISTS = ["materials", "debrief", "variations", "tips", "conditions", "tips_for_adopters", "partners"]


def weighted_words(method: "Method") -> Iterator[tuple[str, str, str]]:
    """(text, language, weight): A the title, B what it is about, C the text. D is left for parts of compounds."""
    language = method.language
    yield method.title, language, "A"
    yield " ".join(method.keywords), language, "B"
    yield method.summary, language, "B"
    for name in ("topics", "target_groups", "settings"):
        yield from _labels(fetched(method, name))
    for name in TEXTS:
        yield getattr(method, name), language, "C"
    for name in LISTS:
        yield "\n".join(getattr(method, name)), language, "C"
    for step in sorted(fetched(method, "steps"), key=lambda step: (step.order, step.pk)):
        yield f"{step.title}\n{step.text}", language, "C"
    for trial in _told(method):
        yield f"{trial.note}\n{trial.change}", language, "C"
    yield from ((str(place), "fi", "C") for place in (method.organisation, method.municipality) if place)


def fetched(method: "Method", name: str) -> Iterable[Any]:
    """Related rows; of a row that was fetched with many others, just what was fetched: `all()` would copy a query."""
    known: dict[str, Iterable[Any]] = getattr(method, "_prefetched_objects_cache", {})
    return known[name] if name in known else getattr(method, name).all()


def _told(method: "Method") -> Iterable[Any]:
    """The trials that everybody who sees the method reads of; those of many methods are fetched at once."""
    if not method.trial_count:
        return ()
    return method.told_trials if hasattr(method, "told_trials") else method.trials.kept()


def _labels(terms: "Iterable[Term]") -> Iterator[tuple[str, str, str]]:
    """A word of the vocabulary is found in every language it has."""
    for term in terms:
        yield from ((words, language, "B") for language, words in _languages(term) if words)


def _languages(term: "Term") -> list[tuple[str, str]]:
    return [("fi", term.fi), ("sv", term.sv), ("en", term.en)]
