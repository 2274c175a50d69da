"""Demo content of the newsletters room: the lists and their readers, one issue sent and one being written."""

from typing import Any

from contacts.models import CoordinationArea, User
from lib.text.richtext import html_from_markdown
from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.models import Block, Frequency, Issue, MailingList, NoticeRule, Subscription
from youthnet.demo.pack_reader import Pack

KINDS = {"teksti": Block.TEXT, "tapaaminen": Block.MEETING, "menetelma": Block.METHOD, "uutinen": Block.NEWS}
JOINED = "2026-01-15T09:00"
WANTS_MORE = "nuorisotyontekija.saarijarvi@example.org"


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    for order, row in enumerate(pack.file("newsletter")["lists"], start=1):
        facts = {"name_fi": row["name"], "description_fi": row.get("description", ""), "order": order}
        if row.get("outside"):
            facts |= {"kind": MailingList.OUTSIDE, "is_public": False}
        MailingList.objects.update_or_create(area=area, code=row["code"], defaults=facts)
    for row in pack.file("members")["members"]:
        load_subscriptions(pack, area, row)
    load_notices(pack, area)
    for row in pack.file("newsletter")["issues"]:
        load_issue(pack, area, row)


def load_notices(pack: Pack, area: CoordinationArea) -> None:
    """One member wants to hear of news at once and of the rest daily. Whoever has chosen since is left alone."""
    person = User.objects.filter(email=WANTS_MORE, notice_rule=None).first()
    network = person.memberships.active().order_by("pk").first() if person else None
    if person and network:
        cells = {(area.pk, network.network_id, "news"): Frequency.NOW.value}
        NoticeRule.objects.choose(person, Frequency.DAILY, cells, pack.moment(JOINED))  # type: ignore[arg-type]


def load_subscriptions(pack: Pack, area: CoordinationArea, row: dict[str, Any]) -> None:
    """A member's lists. Whoever has left since the last loading stays away."""
    joined: Any = pack.moment(JOINED)
    for mailing_list in MailingList.objects.filter(area=area, code__in=row["lists"]):
        if not mailing_list.subscriptions.of(row["email"]).exists():
            mailing_list.subscriptions.create(
                email=row["email"],
                language=row["language"],
                user=User.objects.filter(email=row["email"]).first(),
                source=Subscription.MEMBER,
                requested_at=joined,
                confirmed_at=joined,
            )


def load_issue(pack: Pack, area: CoordinationArea, row: dict[str, Any]) -> None:
    """One issue with its blocks. What was "sent" is marked so and mails nobody: it has no letters in the outbox."""
    sent_at = pack.moment(row["sent"])
    issue, is_new = Issue.objects.get_or_create(
        slug=row["slug"],
        defaults={
            "list": MailingList.objects.get(area=area, code=row["list"]),
            "number": row["number"],
            "subject_fi": row["subject"],
            "preheader_fi": row["preheader"],
            "scheduled_at": sent_at,
            "addressed_at": sent_at,
        },
    )
    if is_new:
        for order, part in enumerate(row["blocks"], start=1):
            issue.blocks.create(order=order, **_block(part))
        issue.index()


def _block(part: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS[part["type"]]
    things = {
        Block.MEETING: lambda: Meeting.objects.get(slug=part["meeting"]),
        Block.METHOD: lambda: Method.objects.get(slug=part["method"]),
        Block.NEWS: lambda: NewsItem.objects.get(slug=part["news"]),
    }
    told = {kind: things[kind]()} if kind in things else {}
    return {
        "kind": kind,
        "title_fi": part.get("title", ""),
        "body_fi": html_from_markdown(part.get("body", "")),
        **told,
    }
