"""Texts that nobody but coordinators sees yet: drafts, and what has a moment of publishing that lies ahead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Model, Q, Value
from django.urls import reverse

from networks.models import NewsItem, Page, Question
from plans.models import Plan

# Each with the field that names it.
KINDS: dict[str, tuple[type[Model], str]] = {
    "newsitem": (NewsItem, "title"),
    "plan": (Plan, "title"),
    "question": (Question, "question"),
    "page": (Page, "title"),
}


@dataclass(frozen=True)
class Unpublished:
    """A row of the desk's first page; `published_at` is the moment ahead, or None for a draft."""

    model: type[Model]
    pk: int
    title: str
    published_at: datetime | None

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[self.pk])


def texts(user: Any, now: datetime, most: int) -> list[Unpublished]:
    """Those of the own areas in one question: what is published soonest, then the drafts, the newest first."""
    arms = [_of(code, user, now) for code in KINDS]
    rows = arms[0].union(*arms[1:], all=True).order_by(F("published_at").asc(nulls_last=True), "-pk")[:most]
    return [Unpublished(KINDS[code][0], pk, title, at) for code, pk, title, at in rows]


def _of(code: str, user: Any, now: datetime) -> Any:
    model, name = KINDS[code]
    hidden: Any = model._default_manager.filter(Q(published_at=None) | Q(published_at__gt=now))
    named = hidden.run_by(user).annotate(kind=Value(code, CharField()), name=F(name)).order_by()
    return named.values_list("kind", "pk", "name", "published_at")
