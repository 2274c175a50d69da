"""Expressions and QuerySets for rows of any room."""

from typing import Any, Self

from django.db import models
from django.db.models import Func


class FinnishOrder(Func):
    """Sorts words as a Finn does, Å Ä Ö after Z, whatever collation the server was built with."""

    template = "translate(lower(%(expressions)s), 'åäöšž', '{|}sz') COLLATE \"C\""
    output_field = models.TextField()


class InArea:
    """Mixed into a QuerySet whose rows belong to one coordination area each; `area_path` leads from a row to it."""

    area_path = "area"

    def run_by(self, user: Any) -> Self:
        """Those of the areas that this person coordinates; rows of no area are the superuser's."""
        rows: Any = self
        return rows if user.is_superuser else rows.filter(**{f"{self.area_path}__in": user.area_ids_run()})
