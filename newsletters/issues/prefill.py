"""Prefilling a new issue: the next meetings, and the news, methods and answers since the last issue, under headings."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import translation
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.text.multilingual import LANGUAGES
from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem, Question
from newsletters.models import Block, Issue, MailingList

AHEAD = timedelta(weeks=10)
BACK = timedelta(weeks=6)
MOST = 6


@transaction.atomic
def start_issue(mailing_list: MailingList, author: User | None, now: datetime) -> Issue:
    """The next issue of a list, prefilled with what has happened since the last one."""
    issue = Issue.objects.create_next(mailing_list, author, now)
    fill(issue, now)
    return issue


def fill(issue: Issue, now: datetime) -> int:
    """Add what an issue does not tell of yet, under headings, after the blocks that it has. Tells how much it was."""
    there = list(issue.blocks.all())
    told, found = {_identity(block) for block in there}, _found(issue, now)
    groups = [(heading, [each for each in blocks if _identity(each) not in told]) for heading, blocks in found]
    beginning = [] if there else [Block(kind=Block.TEXT)]
    fresh = [block for heading, blocks in groups if blocks for block in (_heading(heading), *blocks)]
    last = issue.blocks.aggregate(last=Max("order"))["last"] or 0
    for order, block in enumerate([*beginning, *fresh], start=last + 1):
        block.issue, block.order = issue, order
    Block.objects.bulk_create([*beginning, *fresh])
    return sum(len(blocks) for _heading_of_them, blocks in groups)


def _found(issue: Issue, now: datetime) -> Iterator[tuple[Any, list[Block]]]:
    """What there is to tell to the subscribers of the list, under a heading for each kind: only what is new."""
    last = Issue.objects.filter(list=issue.list).sent().newest().first()
    since = max(now - BACK, last.addressed_at) if last and last.addressed_at else now - BACK
    meetings, news = _meetings(issue.list, now), _news(issue.list, since, now)
    methods, questions = _methods(issue.list, since), _questions(issue.list, since, now)
    yield _("Meetings ahead"), [Block(kind=Block.MEETING, meeting=meeting) for meeting in meetings]
    yield _("What is new"), [Block(kind=Block.NEWS, news=item) for item in news]
    yield _("New in the method bank"), [Block(kind=Block.METHOD, method=method) for method in methods]
    yield _("Questions and answers"), [_answer(question) for question in questions]


def _heading(words: Any) -> Block:
    """A text with a title alone, in each language."""
    block = Block(kind=Block.TEXT)
    for code in LANGUAGES:
        with translation.override(code):
            setattr(block, f"title_{code}", str(words))
    return block


def _identity(block: Block) -> tuple[str, int | str]:
    """By which two blocks are known to tell of the same thing."""
    return (block.kind, block.thing.pk) if block.thing else (block.kind, block.title_fi)


def _meetings(mailing_list: MailingList, now: datetime) -> QuerySet[Meeting]:
    told = ~Q(visibility=Meeting.NETWORK)
    if mailing_list.network_id:
        told = Q(networks=mailing_list.network_id)
    coming = Meeting.objects.filter(told, area=mailing_list.area_id, starts_at__lte=now + AHEAD)
    return coming.published().upcoming(now).next_first()[:MOST]


def _news(mailing_list: MailingList, since: datetime, now: datetime) -> QuerySet[NewsItem]:
    told = Q(network=None) | Q(network=mailing_list.network_id)
    fresh = NewsItem.objects.filter(told, area=mailing_list.area_id, published_at__gt=since)
    return fresh.published(now).newest()[:MOST]


def _methods(mailing_list: MailingList, since: datetime) -> QuerySet[Method]:
    told = Method.objects.filter(area=mailing_list.area_id, visibility__in=[Method.PUBLIC, Method.MEMBERS])
    return told.published_since(since).newest()[:MOST]


def _questions(mailing_list: MailingList, since: datetime, now: datetime) -> QuerySet[Question]:
    """Those that everybody may read, for a text goes to everybody."""
    fresh = Question.objects.filter(network=None, area=mailing_list.area_id)
    return fresh.filter(published_at__gt=since, published_at__lte=now).order_by("published_at", "pk")[:MOST]


def _answer(question: Question) -> Block:
    return Block(
        kind=Block.TEXT, title_fi=question.question[:150], body_fi=linebreaks(question.answer, autoescape=True)
    )
