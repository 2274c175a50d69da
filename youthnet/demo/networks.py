"""Demo content of the networks room: networks and their members, pages, news, questions and answers."""

from datetime import datetime, time
from typing import Any

from contacts.models import CoordinationArea, Municipality, Organisation, User
from lib.text.richtext import html_from_markdown
from networks.models import Membership, Network, NewsItem, Page, Question
from youthnet.demo.pack_reader import ZONE, Pack

JOINING = {"avoin": Network.OPEN, "hyvaksynta": Network.APPROVAL, "kutsu": Network.INVITATION}
VISIBILITY = {"julkinen": Network.PUBLIC, "jasenet": Network.MEMBERS, "verkosto": Network.CLOSED}


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    load_networks(pack, area)
    load_memberships(pack)
    load_requests(pack)
    load_pages(pack, area)
    load_news(pack, area)
    load_questions(pack, area)


def load_networks(pack: Pack, area: CoordinationArea) -> None:
    for row in pack.file("networks")["networks"]:
        network, _is_new = Network.objects.update_or_create(slug=row["slug"], defaults=_network(pack, area, row))
        network.work_forms.set(pack.terms("work_forms", row["work_forms"]))
        network.municipalities.set(_municipalities(area, row["municipalities"]))
        network.partners.set(Organisation.objects.filter(slug__in=row.get("partners", [])))
        network.index()


def _network(pack: Pack, area: CoordinationArea, row: dict[str, Any]) -> dict[str, Any]:
    names = {f"name_{language}": row["name"].get(language, "") for language in ("fi", "sv", "en")}
    same = {
        key: _flowing(row.get(key, "")) for key in ("short_name", "tagline", "purpose", "description", "indirect_aim")
    }
    return (
        names
        | same
        | {
            "area": area,
            "kind": pack.term("network_types", row["type"]),
            "target_group": row["who_can_join"],
            "way_of_working": row["rhythm"],
            "tasks": row["tasks"],
            "ground_rules": row.get("ground_rules", []),
            "visibility": VISIBILITY[row["visibility"]],
            "joining": JOINING[row["join_policy"]],
            "order": row["order"],
            "founded_on": row["founded"],
        }
    )


def _flowing(text: str) -> str:
    """Paragraphs without the line ends that only keep the file narrow."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _municipalities(area: CoordinationArea, codes: str | list[str]) -> Any:
    return area.municipalities.all() if codes == "all" else Municipality.objects.filter(code__in=codes)


def load_memberships(pack: Pack) -> None:
    networks = {network.slug: network for network in Network.objects.all()}
    people = {person.email: person for person in User.objects.all()}
    for row in pack.file("members")["members"]:
        for slug, role in row["networks"].items():
            network = networks[slug]
            joined = datetime.combine(network.founded_on or pack.today, time(9), tzinfo=ZONE)
            membership = network.take_in(people[row["email"]], now=joined)
            Membership.objects.filter(pk=membership.pk).update(role=pack.term("network_roles", role))


def load_requests(pack: Pack) -> None:
    """People who wait for the coordinator's answer. A request that was decided is not asked again."""
    for row in pack.file("networks")["requests"]:
        network, person = Network.objects.get(slug=row["network"]), User.objects.get(email=row["email"])
        if not network.memberships.filter(user=person).exists():
            asked_at = pack.moment(row["asked"]) or datetime.now(ZONE)
            network.receive_request(person, now=asked_at, message=row["message"])


def load_pages(pack: Pack, area: CoordinationArea) -> None:
    host, card = area.host, area.cards.visible_to(None).in_order().first()
    known = {
        "organisation.name": host.name if host else "",
        "organisation.email": host.email if host else "",
        "accessibility.email": card.email if card else "",
    }
    for row in pack.file("pages")["pages"]:
        details = {
            "title": row["title"],
            "body": html_from_markdown(_filled(row["body"], known)),
            "in_footer": row["menu"]["show"],
            "order": row["menu"]["order"],
        }
        page, _is_new = Page.objects.update_or_create(area=area, slug=row["slug"], defaults=details)
        page.index()


def _filled(text: str, known: dict[str, str]) -> str:
    for name, words in known.items():
        text = text.replace("{{" + name + "}}", words)
    return text


def load_news(pack: Pack, area: CoordinationArea) -> None:
    for row in pack.file("news")["news"]:
        details = {
            "area": area,
            "title": row["title"],
            "category": pack.term("news_categories", row["category"]),
            "summary": row["summary"],
            "body": html_from_markdown(row["body"]),
            "visibility": NewsItem.PUBLIC if row["visibility"] == "julkinen" else NewsItem.MEMBERS,
            "is_pinned": row.get("pinned", False),
            "published_at": pack.moment(row["published"]),
        }
        item, _is_new = NewsItem.objects.update_or_create(slug=row["slug"], defaults=details)
        item.index()


def load_questions(pack: Pack, area: CoordinationArea) -> None:
    for row in pack.file("faq")["faq"]:
        details = {
            "category": pack.term("faq_categories", row["category"]),
            "answer": row["answer"],
            "order": row["order"],
            "published_at": pack.moment(pack.file("faq")["published"]),
        }
        question, _is_new = Question.objects.update_or_create(area=area, question=row["question"], defaults=details)
        question.index()
