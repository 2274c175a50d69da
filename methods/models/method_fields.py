"""What the columns of a method are made of: choices, ranges of numbers, lists of lines."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

METHOD, MODEL = "method", "model"
KINDS = [(METHOD, pgettext_lazy("kind", "method")), (MODEL, _("operating model"))]

PUBLIC, MEMBERS, NETWORK, COORDINATORS = "public", "members", "network", "coordinators"
VISIBILITIES = [
    (PUBLIC, _("everybody")),
    (MEMBERS, _("members in the area")),
    (NETWORK, _("members of one network")),
    (COORDINATORS, _("coordinators of all areas")),
]
FREE_LICENCE = "cc-by-4.0"  # what a new method is offered under unless its author chooses otherwise
NETWORK_ONLY = "verkoston-kaytto"  # the licence that keeps a method from the public

LINES: dict[str, Any] = {"default": list, "blank": True}


def number(words: Any, low: int, high: int) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A whole number within bounds, empty in a draft."""
    bounds = [MinValueValidator(low), MaxValueValidator(high)]
    return models.PositiveSmallIntegerField(words, null=True, blank=True, validators=bounds)


def in_order(low: str, high: str, name: str, words: Any) -> models.CheckConstraint:
    """The one is not larger than the other, where both are given."""
    condition = Q(**{low: None}) | Q(**{high: None}) | Q(**{f"{high}__gte": F(low)})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=words)
