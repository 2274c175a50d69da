"""Public pages whose addresses look like one that leads nowhere: cut off in a letter, or typed from memory."""

import re
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Value
from django.urls import reverse

from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.models import Issue
from plans.models import Plan

MOST = 4
# model: where its page is, and the column of its name
PAGES: dict[Any, tuple[str, str]] = {
    Meeting: ("meetings:meeting-detail", "title"),
    Method: ("methods:method-detail", "title"),
    NewsItem: ("networks:news-detail", "title"),
    Network: ("networks:network-detail", "name_fi"),
    Plan: ("plans:plan-detail", "title"),
    Issue: ("newsletters:issue-detail", "subject_fi"),
}
# The end of an address that could name a page of ours; programs that try doors ask for files.
_END = re.compile(r"/(?P<end>[\w-]{4,120})/?$")


class Near(NamedTuple):
    title: str
    url: str


def nearest(path: str) -> list[Near]:
    """The few nearest, in one query; none for an address of another kind. Only what everybody may see."""
    end = _END.search(path)
    if end is None:
        return []
    looked = [_alike(model, column, end["end"]) for model, (_page, column) in PAGES.items()]
    found = looked[0].union(*looked[1:], all=True).order_by("-likeness", "slug")[:MOST]
    return [Near(words, reverse(page, args=[slug])) for page, slug, words, _likeness in found]


def _alike(model: Any, column: str, end: str) -> Any:
    shown = model.objects.visible_to(AnonymousUser())
    alike = shown.filter(slug__trigram_similar=end).annotate(likeness=TrigramSimilarity("slug", end))
    return alike.order_by().values_list(Value(PAGES[model][0]), "slug", F(column), "likeness")
