"""Asks the groups and puts what they found in order: the group with the best match first, a few of each."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Value
from django.utils.safestring import SafeString

from search.highlight import highlight
from search.partial import PartialWords, best_partial, left_out, with_words_held
from youthnet.site_search.groups import GROUPS, Group
from youthnet.site_search.query import SearchQuery
from youthnet.site_search.rows import Row

FEW, PER_PAGE = 5, 20
TITLE, SNIPPET = 200, 220  # characters


@dataclass(frozen=True)
class Hit:
    """A row with the words that were looked for marked."""

    row: Row
    title: SafeString
    snippet: SafeString
    left_out: list[str] = field(default_factory=list)  # words of the search that it does not hold


@dataclass(frozen=True)
class Results:
    """What one group found: how many, and some of them."""

    group: Group
    number: int
    hits: list[Hit]
    rank: float = 0.0

    @property
    def has_more(self) -> bool:
        return self.number > len(self.hits)


def numbers(asked: SearchQuery) -> dict[str, int]:
    """How many each group finds, in one query; groups that find nothing are left out."""
    counted = [_number(group, group.found(asked)) for group in GROUPS]
    every = counted[0].union(*counted[1:], all=True).values_list("group", "number")
    return {code: number for code, number in every if number}


def partly(asked: SearchQuery) -> tuple[SearchQuery, dict[str, int]] | None:
    """The same search with most of its words, and how many each group finds, where nothing holds all of them."""

    def look(words: PartialWords) -> tuple[int, dict[str, int]]:
        found = numbers(replace(asked, partial=words))
        return sum(found.values()), found

    best = best_partial(asked.words, look)
    return (replace(asked, partial=best[0]), best[1]) if best else None


def _number(group: Group, found: QuerySet[Any]) -> QuerySet[Any]:
    return found.order_by().values(group=Value(group.code)).annotate(number=Count("pk"))


def overview(asked: SearchQuery, found: dict[str, int]) -> list[Results]:
    """A few of every group that found something; one query a group, however much was found."""
    looked = [_few(group, asked, found[group.code]) for group in GROUPS if group.code in found]
    return sorted(looked, key=lambda results: -results.rank)


def _few(group: Group, asked: SearchQuery, number: int) -> Results:
    rows = list(_found(group, asked)[:FEW])
    return Results(group, number, [_hit(group, row, asked) for row in rows], max((row.rank for row in rows), default=0))


def one_group(group: Group, asked: SearchQuery, page: Any) -> tuple[Results, Page]:
    """A page of one group."""
    shown = Paginator(_found(group, asked), PER_PAGE).get_page(page)
    hits = [_hit(group, row, asked) for row in shown]
    return Results(group, shown.paginator.count, hits), shown


def _found(group: Group, asked: SearchQuery) -> QuerySet[Any]:
    found = group.found(asked)
    return with_words_held(found, asked.partial, group.vector) if asked.partial else found


def _hit(group: Group, found: Any, asked: SearchQuery) -> Hit:
    row = group.row(found)
    title = highlight(row.title, asked.words, row.language, TITLE)
    snippet = highlight(row.text, asked.words, row.text_language, SNIPPET)
    return Hit(row, title, snippet, left_out(found, asked.partial) if asked.partial else [])
