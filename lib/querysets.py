"""Expressions and QuerySets for rows of any room."""

from django.db import models
from django.db.models import Func


class FinnishOrder(Func):
    """Sorts words as a Finn does, Å Ä Ö after Z, whatever collation the server was built with."""

    template = "translate(lower(%(expressions)s), 'åäöšž', '{|}sz') COLLATE \"C\""
    output_field = models.TextField()
