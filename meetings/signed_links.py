"""Rows that the signed links of letters and codes stand for."""

from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

from lib.tokens import BadToken, read

Row = TypeVar("Row", bound=Model)


def row_of_link(purpose: str, token: str, rows: QuerySet[Row], max_age: timedelta | None = None) -> Row | None:
    """Which of `rows` a link stands for; None when it was cut or is too old, or the row is not among them any more."""
    try:
        return rows.filter(pk=read(purpose, token, max_age)).first()
    except BadToken:
        return None
