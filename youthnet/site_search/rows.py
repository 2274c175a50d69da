"""How each kind of thing stands in the list of what was found: a title, where it leads, its language, its words."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext

from lib.text.dates import day, format_period
from lib.text.multilingual import language_of
from lib.text.richtext import words_only


@dataclass(frozen=True)
class Row:
    """One thing that was found."""

    title: str
    url: str
    text: str = ""
    about: str = ""  # a line of facts in the reader's language
    language: str = settings.LANGUAGE_CODE
    text_language: str = settings.LANGUAGE_CODE


def meeting(found: Any) -> Row:
    facts = [format_period(found.starts_at, found.ends_at, found.time_zone, _tongue()), found.municipality]
    facts.append(pgettext("meeting", "Cancelled") if found.is_cancelled else "")
    text = _joined(found.summary, words_only(found.description))
    return Row(found.title, found.get_absolute_url(), text, _joined_facts(facts))


def method(found: Any) -> Row:
    text = _joined(found.summary, found.goal, found.basic_idea)
    return Row(found.title, found.get_absolute_url(), text, str(found.get_kind_display()), *[found.language] * 2)


def news(found: Any) -> Row:
    published = day(timezone.localtime(found.published_at), _tongue())
    text = _joined(found.summary, words_only(found.body))
    return Row(found.title, found.get_absolute_url(), text, published, *[found.language] * 2)


def network(found: Any) -> Row:
    text = _joined(found.tagline, found.purpose, found.description)
    return Row(found.name, found.get_absolute_url(), text, str(found.kind), language_of(found, "name"))


def asked_often(found: Any) -> Row:
    place = f"{reverse('networks:question-list')}#question-{found.pk}"
    return Row(found.question, place, found.answer, str(found.category))


def wish(found: Any) -> Row:
    facts = [found.network or found.area, found.kind, found.state_words]
    return Row(found.title, found.get_absolute_url(), found.text, _joined_facts(facts))


def page(found: Any) -> Row:
    return Row(found.title, found.get_absolute_url(), words_only(found.body))


def plan(found: Any) -> Row:
    return Row(found.title, found.get_absolute_url(), _joined(found.mission, words_only(found.text)))


def issue(found: Any) -> Row:
    sent = day(timezone.localtime(found.addressed_at), _tongue())
    languages = language_of(found, "subject"), language_of(found, "preheader")
    return Row(found.subject, found.get_absolute_url(), found.preheader, sent, *languages)


def agenda_item(found: Any) -> Row:
    return Row(
        found.title, found.get_absolute_url(), found.text, _joined_facts([_day_of(found.meeting), found.meeting])
    )


def decision(found: Any) -> Row:
    facts = [found.reference, found.network, day(found.decided_on, _tongue()), found.meeting]
    return Row(found.text, found.get_absolute_url(), "", _joined_facts(facts))


def minutes(found: Any) -> Row:
    return Row(found.meeting.title, found.get_absolute_url(), found.in_short, _day_of(found.meeting))


def task(found: Any) -> Row:
    due = day(found.due_on, _tongue()) if found.due_on else ""
    return Row(
        found.text, f"{reverse('meetings:task-list')}?whose=all", "", _joined_facts([found.doer, due, found.meeting])
    )


def organisation(found: Any) -> Row:
    """Leads to its own pages: the portal has none of it."""
    place = found.website or reverse("contacts:card-list")
    return Row(found.full_name, place, "", _joined_facts([found.type, found.municipality]))


def card(found: Any) -> Row:
    facts = [found.title or found.role, found.organisation]
    return Row(
        found.name, f"{reverse('contacts:card-list')}#card-{found.pk}", _joined(*found.help_with), _joined_facts(facts)
    )


def person(found: Any) -> Row:
    """Leads to the page of a network that both belong to, where the person stands in the list of members."""
    first = found.networks_shown[0].network
    facts = [found.title, found.organisation, found.municipality_of_work(), first]
    return Row(found.name, f"{first.get_absolute_url()}#members", "", _joined_facts(facts))


def _day_of(meeting: Any) -> str:
    return day(timezone.localtime(meeting.starts_at, meeting.zone), _tongue())


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def _joined_facts(facts: Any) -> str:
    return " · ".join(str(fact) for fact in facts if fact)


def _tongue() -> str:
    return get_language() or settings.LANGUAGE_CODE
