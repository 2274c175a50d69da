"""Harvest: what was told at a meeting becomes a draft in the name of the person who told it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from contacts.models import User

if TYPE_CHECKING:
    from methods.models.method import Method


class HarvestQuerySet(models.QuerySet[Any]):
    def draft_from_meeting(self, *, kind: str, title: str, author: User, now: datetime, **prefilled: Any) -> "Method":
        """Begin a draft for somebody; `prefilled` may hold `summary`, `credits` and `source_url`. Nothing is sent."""
        with transaction.atomic():
            draft = self.model(
                kind=kind,
                title=title,
                author_role=author.title,
                organisation=author.organisation,
                municipality=author.municipality_of_work(),
                **prefilled,
            )
            draft.start(author, now)
            draft.save_changes(now)
        return draft
