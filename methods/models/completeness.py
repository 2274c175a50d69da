"""What a method needs before others can use it: the full set of the field table, told in words.

The same rules judge a stored method and one that is still being typed: both are given as a mapping of what is there.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from methods.exceptions import Lack
from methods.models.method_fields import NETWORK_ONLY, PUBLIC

if TYPE_CHECKING:
    from methods.models.method import Method

ROLLED_OUT = {"kayttoonotto", "valmis", "paattynyt"}  # phases of development in which results are known
LISTS = ["topics", "target_groups", "languages", "settings", "steps"]
TEXTS = [
    "title", "summary", "goal", "debrief", "safety", "evaluation", "basic_idea", "environment", "target_understanding",
    "conditions", "results", "tips_for_adopters", "credits", "locality",
]  # fmt: skip
NUMBERS = ["age_min", "age_max", "group_min", "duration_min", "duration_max", "facilitators"]
CHOICES = ["preparation", "organisation", "municipality", "derived_from"]
CODES = ["stage", "licence"]

# By the name of the field: for lists how many there are, for choices of a vocabulary their code, for the rest what it
# holds. Besides these: is_model and visibility.
Given = Mapping[str, Any]


class Need(NamedTuple):
    """One thing that a method needs, and whether it is there."""

    field: str
    words: str
    is_met: bool


def given_by(method: "Method") -> Given:
    """What a stored method holds."""
    given: dict[str, Any] = {"is_model": method.is_model, "visibility": method.visibility}
    given |= {name: getattr(method, name).count() for name in LISTS}
    given |= {name: getattr(method, name) for name in [*TEXTS, *NUMBERS]}
    given |= {name: getattr(method, f"{name}_id") for name in CHOICES}
    return given | {name: term.code if (term := getattr(method, name)) else "" for name in CODES}


def needs(given: Given) -> list[Need]:
    """Everything that this method needs, in the order of the form."""
    body = _of_a_model(given) if given["is_model"] else _of_a_method(given)
    return [*_of_both(given), *body, *_of_the_authors(given)]


def lacks_of(method: "Method") -> list[Lack]:
    """Everything that is missing, in the order of the form."""
    return [Lack(need.field, need.words) for need in needs(given_by(method)) if not need.is_met]


def _of_both(given: Given) -> Iterator[Need]:
    yield from _unless(given["title"], "title", _("Give it a title."))
    yield from _unless(given["summary"], "summary", _("Write a summary of one or two sentences."))
    yield from _within(given["topics"], 1, 4, "topics", _("Choose one to four topics."))
    yield from _within(given["target_groups"], 1, 5, "target_groups", _("Choose one to five target groups."))
    yield from _unless(given["languages"], "languages", _("Choose at least one language it can be run in."))


def _of_a_method(given: Given) -> Iterator[Need]:
    yield from _within(given["steps"], 2, 12, "steps", _("Describe it in two to twelve steps."))
    yield from _unless(given["settings"], "settings", _("Choose at least one place where it works."))
    yield from _unless(_known(given["age_min"]), "age_min", _("Give the age of the youngest."))
    yield from _unless(_known(given["age_max"]), "age_max", _("Give the age of the oldest."))
    yield from _unless(_known(given["group_min"]), "group_min", _("Give the smallest group it works with."))
    yield from _unless(_known(given["duration_min"]), "duration_min", _("Give the shortest time it takes."))
    yield from _unless(_known(given["duration_max"]), "duration_max", _("Give the longest time it takes."))
    yield from _unless(_known(given["facilitators"]), "facilitators", _("Tell how many facilitators it needs."))
    yield from _unless(given["preparation"], "preparation", _("Tell how much preparation it needs."))
    yield from _unless(given["goal"], "goal", _("Write the goal in one sentence."))
    yield from _unless(given["debrief"], "debrief", _("Write at least one question for talking it over afterwards."))
    yield from _unless(
        given["safety"], "safety", _("Tell what to mind for safety and accessibility, even if it is only a sentence.")
    )
    yield from _unless(given["evaluation"], "evaluation", _("Tell how you see that it worked."))


def _of_a_model(given: Given) -> Iterator[Need]:
    yield from _unless(given["stage"], "stage", _("Choose the phase of development."))
    yield from _unless(given["basic_idea"], "basic_idea", _("Describe the basic idea of the solution."))
    yield from _unless(given["environment"], "environment", _("Describe the operating environment."))
    yield from _unless(
        given["target_understanding"], "target_understanding", _("Tell who it is for and what is known of their needs.")
    )
    yield from _unless(
        given["conditions"], "conditions", _("Write at least one condition for functioning and roll-out.")
    )
    if given["stage"] in ROLLED_OUT:
        yield from _unless(given["results"], "results", _("Sum up the results: the model is past its pilot."))
    yield from _unless(
        given["tips_for_adopters"], "tips_for_adopters", _("Write at least one tip for those who adopt it.")
    )


def _of_the_authors(given: Given) -> Iterator[Need]:
    yield from _unless(given["organisation"], "organisation", _("Choose the organisation."))
    is_somewhere = given["municipality"] or (given["is_model"] and given["locality"])
    yield from _unless(is_somewhere, "municipality", _("Choose the municipality."))
    if given["derived_from"]:
        yield from _unless(given["credits"], "credits", _("Thank those whose method you have adapted."))
    yield from _unless(given["licence"], "licence", _("Choose a licence."))
    closed = given["licence"] == NETWORK_ONLY
    yield from _unless(
        not (closed and given["visibility"] == PUBLIC),
        "visibility",
        _("The licence keeps this for the network's members, so it cannot be shown to everybody."),
    )


def _unless(there: Any, field: str, words: str) -> Iterator[Need]:
    yield Need(field, words, bool(there))


def _within(count: int, low: int, high: int, field: str, words: str) -> Iterator[Need]:
    yield from _unless(low <= count <= high, field, words)


def _known(number: int | None) -> bool:
    return number is not None
