"""Share text: an issue as plain text for Teams or Facebook, with links to the portal, in one language."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from lib.absolute_urls import absolute, absolute_url
from lib.text.dates import format_period
from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.models import Block, Issue
from newsletters.models.block import BlockQuerySet, without_bare_headings
from outbox.compose import MANY_LINES


def ready_text(issue: Issue, language: str, for_members: bool, now: datetime) -> str:
    """For everybody: what everybody may see, without links for joining. For members' own chat: with them."""
    blocks = _for_members(issue, now) if for_members else issue.blocks.shown_to(AnonymousUser())
    with translation.override(language):
        shown = set(blocks.with_content().values_list("pk", flat=True))
        kept = without_bare_headings(issue.blocks.in_order(), shown)
        parts = [_part(block, language, for_members) for block in kept]
        public_url = absolute_url("newsletters:issue-detail", issue.slug)
        words = {
            "issue": issue,
            "parts": parts,
            "archive_url": public_url if issue.is_sent and issue.list.is_public else "",
            "subscribe_url": absolute_url("newsletters:subscribe") if issue.list.is_public else "",
        }
        template: Any = get_template("newsletters/issues/share.txt")
        text = template.template.render(Context(words, autoescape=False))
    return MANY_LINES.sub("\n\n", text).strip() + "\n"


def _for_members(issue: Issue, now: datetime) -> BlockQuerySet:
    """What is published and shown to everybody or to members of the list's area, or to its own network.

    What only coordinators, another network or another area's members see is not for this chat.
    """
    own = issue.list.network_id or 0
    open_to_them = Q(visibility="public") | Q(visibility="members", area=issue.list.area_id)
    others = Network.objects.filter(visibility=Network.CLOSED).exclude(pk=own)
    told = Q(kind=Block.TEXT)
    told |= Q(meeting__in=Meeting.objects.filter(open_to_them | Q(networks=own)))
    told |= Q(method__in=Method.objects.filter(open_to_them | Q(visibility=Method.NETWORK, network=own)))
    told |= Q(news__in=NewsItem.objects.filter(Q(visibility="public") | open_to_them & ~Q(network__in=others)))
    return issue.blocks.published(now).filter(told)


def _part(block: Block, language: str, for_members: bool) -> dict[str, Any]:
    """Where there is sign-up, the link for joining belongs to those with a place: they have it in their letter."""
    meeting, thing = block.meeting, block.thing
    joins = for_members and meeting and meeting.is_online and not meeting.is_cancelled
    return {
        "block": block,
        "meeting": meeting,
        "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language) if meeting else "",
        "url": absolute(thing.get_absolute_url()) if thing else "",
        "join_url": meeting.join_url if meeting and joins and not meeting.rules_of_signup() else "",
    }
