"""What is written freely in a method, box by box, and what of it may be somebody's personal data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.personal_data.detection import CODE, Match, find
from methods.exceptions import Lack

if TYPE_CHECKING:
    from methods.models.method import Method

TEXTS = [
    "title", "summary", "goal", "safety", "evaluation", "basic_idea", "environment", "target_understanding", "results",
    "resources", "funder", "place", "locality", "author_role", "credits",
]  # fmt: skip
LISTS = [
    "materials", "debrief", "variations", "tips", "conditions", "tips_for_adopters", "partners", "indicators",
    "keywords",
]  # fmt: skip
STEPS = "steps"


def findings_in(method: "Method") -> list[Match]:
    return find(_texts(method))


def sentences_about(method: "Method") -> list[str]:
    """What whoever reviews it should look at, each once."""
    return list(dict.fromkeys(found.sentence(_label(method, found.field)) for found in findings_in(method)))


def codes_in(method: "Method") -> list[Lack]:
    """Identity codes, which keep a method from everybody else until they are gone; by field, as what is missing is."""
    codes = {found.field: found for found in findings_in(method) if found.kind == CODE}
    return [Lack(field, found.sentence(_label(method, field))) for field, found in codes.items()]


def _texts(method: "Method") -> Iterator[tuple[str, str]]:
    yield from ((name, getattr(method, name)) for name in TEXTS)
    yield from ((name, "\n".join(getattr(method, name))) for name in LISTS)
    yield STEPS, "\n".join(f"{step.title}\n{step.text}" for step in method.steps.in_order())


def _label(method: Any, field: str) -> str:
    return _("Steps") if field == STEPS else capfirst(str(method._meta.get_field(field).verbose_name))
