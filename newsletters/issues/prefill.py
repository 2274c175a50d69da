"""Prefilling a new issue: the next meetings, and the news, methods and answers published since the last issue."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.html import linebreaks

from contacts.models import User
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
    """Add the blocks that an issue does not have yet, after those that it has. Tells how many were added."""
    there = list(issue.blocks.all())
    told = {_identity(block) for block in there}
    beginning = [] if there else [Block(kind=Block.TEXT)]
    fresh = [*beginning, *(block for block in _found(issue, now) if _identity(block) not in told)]
    last = issue.blocks.aggregate(last=Max("order"))["last"] or 0
    for order, block in enumerate(fresh, start=last + 1):
        block.issue, block.order = issue, order
    return len(Block.objects.bulk_create(fresh))


def _found(issue: Issue, now: datetime) -> Iterator[Block]:
    """What there is to tell to the subscribers of the list."""
    last = Issue.objects.filter(list=issue.list).sent().newest().first()
    since = last.addressed_at if last and last.addressed_at else now - BACK
    return chain(
        (Block(kind=Block.MEETING, meeting=meeting) for meeting in _meetings(issue.list, now)),
        (Block(kind=Block.NEWS, news=news) for news in _news(issue.list, since, now)),
        (Block(kind=Block.METHOD, method=method) for method in _methods(issue.list, since)),
        (_answer(question) for question in _questions(issue.list, since, now)),
    )


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
