"""What a method needs before others can use it: the full set of the field table, told in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from methods.models.refusals import Lack

if TYPE_CHECKING:
    from methods.models.method import Method

ROLLED_OUT = {"kayttoonotto", "valmis", "paattynyt"}  # phases of development in which results are known


def lacks_of(method: "Method") -> list[Lack]:
    """Everything that is missing, in the order of the form."""
    body = _of_a_model(method) if method.is_model else _of_a_method(method)
    return [*_of_both(method), *body, *_of_the_authors(method)]


def _of_both(method: "Method") -> Iterator[Lack]:
    yield from _unless(method.summary, "summary", _("Write a summary of one or two sentences."))
    yield from _within(method.topics.count(), 1, 4, "topics", _("Choose one to four topics."))
    yield from _within(method.target_groups.count(), 1, 5, "target_groups", _("Choose one to five target groups."))
    yield from _unless(method.languages.exists(), "languages", _("Choose at least one language it can be run in."))
    yield from _within(method.steps.count(), 2, 12, "steps", _("Describe it in two to twelve steps."))


def _of_a_method(method: "Method") -> Iterator[Lack]:
    yield from _unless(method.settings.exists(), "settings", _("Choose at least one place where it works."))
    yield from _unless(_known(method.age_min), "age_min", _("Give the age of the youngest."))
    yield from _unless(_known(method.age_max), "age_max", _("Give the age of the oldest."))
    yield from _unless(_known(method.group_min), "group_min", _("Give the smallest group it works with."))
    yield from _unless(_known(method.duration_min), "duration_min", _("Give the shortest time it takes."))
    yield from _unless(_known(method.duration_max), "duration_max", _("Give the longest time it takes."))
    yield from _unless(_known(method.facilitators), "facilitators", _("Tell how many facilitators it needs."))
    yield from _unless(method.preparation, "preparation", _("Tell how much preparation it needs."))
    yield from _unless(method.goal, "goal", _("Write the goal in one sentence."))
    yield from _unless(method.debrief, "debrief", _("Write at least one question for talking it over afterwards."))
    yield from _unless(
        method.safety, "safety", _("Tell what to mind for safety and accessibility, even if it is only a sentence.")
    )
    yield from _unless(method.evaluation, "evaluation", _("Tell how you see that it worked."))


def _of_a_model(method: "Method") -> Iterator[Lack]:
    yield from _unless(method.stage, "stage", _("Choose the phase of development."))
    yield from _unless(method.basic_idea, "basic_idea", _("Describe the basic idea of the solution."))
    yield from _unless(method.environment, "environment", _("Describe the operating environment."))
    yield from _unless(
        method.target_understanding, "target_understanding", _("Tell who it is for and what is known of their needs.")
    )
    yield from _unless(method.conditions, "conditions", _("Write at least one condition for functioning and roll-out."))
    if method.stage and method.stage.code in ROLLED_OUT:
        yield from _unless(method.results, "results", _("Sum up the results: the model is past its pilot."))
    yield from _unless(
        method.tips_for_adopters, "tips_for_adopters", _("Write at least one tip for those who adopt it.")
    )


def _of_the_authors(method: "Method") -> Iterator[Lack]:
    yield from _unless(method.organisation, "organisation", _("Choose the organisation."))
    yield from _unless(method.municipality, "municipality", _("Choose the municipality."))
    yield from _unless(
        method.credits or not method.derived_from_id, "credits", _("Thank those whose method you have adapted.")
    )
    yield from _unless(method.licence, "licence", _("Choose a licence."))
    closed = method.licence and method.licence.code == method.NETWORK_ONLY
    yield from _unless(
        not (closed and method.visibility == method.PUBLIC),
        "visibility",
        _("The licence keeps this for the network's members, so it cannot be shown to everybody."),
    )


def _unless(there: Any, field: str, words: str) -> Iterator[Lack]:
    if not there:
        yield Lack(field, words)


def _within(count: int, low: int, high: int, field: str, words: str) -> Iterator[Lack]:
    yield from _unless(low <= count <= high, field, words)


def _known(number: int | None) -> bool:
    return number is not None
