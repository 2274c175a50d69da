"""What a new issue begins with: the next meetings, and the news and methods published since the last issue."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.models.block import Block
from newsletters.models.issue import Issue
from newsletters.models.mailing_list import MailingList

AHEAD = timedelta(weeks=10)
BACK = timedelta(weeks=6)
MOST = 6


def fill(issue: Issue, last: datetime | None, now: datetime) -> None:
    """Give a new issue its blocks. `last` is when the issue before it was sent."""
    since = last or now - BACK
    found = chain(
        [Block(kind=Block.TEXT)],
        (Block(kind=Block.MEETING, meeting=meeting) for meeting in _meetings(issue.list, now)),
        (Block(kind=Block.NEWS, news=news) for news in _news(issue.list, since, now)),
        (Block(kind=Block.METHOD, method=method) for method in _methods(issue.list, since)),
    )
    Block.objects.bulk_create(_placed(block, issue, order) for order, block in enumerate(found, start=1))


def _meetings(mailing_list: MailingList, now: datetime) -> QuerySet[Meeting]:
    told = ~Q(visibility=Meeting.NETWORK)
    if mailing_list.network_id:
        told = Q(networks=mailing_list.network_id)
    coming = Meeting.objects.filter(told, area=mailing_list.area_id, starts_at__lte=now + AHEAD)
    return coming.published().upcoming(now).distinct().next_first()[:MOST]


def _news(mailing_list: MailingList, since: datetime, now: datetime) -> QuerySet[NewsItem]:
    told = Q(network=None) | Q(network=mailing_list.network_id)
    fresh = NewsItem.objects.filter(told, area=mailing_list.area_id, published_at__gt=since)
    return fresh.published(now).newest()[:MOST]


def _methods(mailing_list: MailingList, since: datetime) -> QuerySet[Method]:
    told = Method.objects.filter(area=mailing_list.area_id, visibility__in=[Method.PUBLIC, Method.MEMBERS])
    return told.published_since(since).newest()[:MOST]


def _placed(block: Block, issue: Issue, order: int) -> Any:
    block.issue, block.order = issue, order
    return block
