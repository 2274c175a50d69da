"""The register of decisions: found by words, network and year, by those who may read the minutes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Decision, Minutes

LIST = reverse("meetings:decision-list")


@pytest.fixture
def register(make_meeting, world):
    """Decisions of the big network and of the closed one, approved; and one in a draft."""
    now, made = timezone.now(), {}
    for name, networks, visibility in [
        ("iso", [world.iso], "members"),
        ("suljettu", [world.closed], "network"),
        ("julkinen", [world.iso], "public"),
    ]:
        meeting = make_meeting(title=name, days=-3, networks=networks)
        meeting.publish(now)
        made[name] = Decision.objects.record(meeting, f"Päätös {name}", now)
        Minutes.objects.of(meeting).show_to(visibility)
        Minutes.objects.of(meeting).approve(now, by=world.kaisa, notify=False)
    draft = make_meeting(title="luonnos", days=-1)
    draft.publish(now)
    made["luonnos"] = Decision.objects.record(draft, "Päätös luonnos", now)
    return made


def shown(client, **query):
    return {decision.text.removeprefix("Päätös ") for decision in client.get(LIST, query).context["page"]}


@pytest.mark.parametrize(
    ("who", "texts"),
    [
        (None, {"julkinen"}),
        ("niilo", {"julkinen"}),
        ("eetu", {"julkinen"}),
        ("kerttu", {"julkinen"}),
        ("aino", {"iso", "julkinen"}),
        ("kaisa", {"iso", "julkinen", "suljettu", "luonnos"}),
        ("ulla", {"iso", "julkinen", "suljettu", "luonnos"}),
    ],
)
def test_everybody_finds_the_decisions_of_the_minutes_they_may_read(client, world, register, who, texts):
    if who:
        client.force_login(getattr(world, who))
    assert shown(client) == texts


def test_the_register_is_narrowed_by_words_network_and_year(client, world, register):
    client.force_login(world.kaisa)
    year = register["iso"].year
    assert shown(client, q="SULJ") == {"suljettu"}
    assert shown(client, network="perus") == {"suljettu"}
    assert shown(client, year=year) == {"iso", "julkinen", "suljettu", "luonnos"}
    assert shown(client, year=year - 1) == set()
    assert shown(client, year="x") == {"iso", "julkinen", "suljettu", "luonnos"}


def test_the_list_asks_as_often_for_many_decisions_as_for_one(client, world, register):
    client.force_login(world.kaisa)
    found = set()
    for _more in range(2):
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        found.add(len(asked))
        for number in range(20):
            Decision.objects.record(register["luonnos"].meeting, f"Lisää {number}", timezone.now())
    assert len(found) == 1


def test_a_number_that_stood_in_approved_minutes_is_not_given_twice(world, register):
    now, old = timezone.now(), register["iso"]
    minutes = Minutes.objects.of(old.meeting)
    minutes.open_again(now, reason="Väärä päätös")
    for decision in (old, register["julkinen"], register["luonnos"]):
        decision.delete()
    # the other two numbers are cited too, or were only in a draft: nobody has seen the last one
    cited = [old.number, register["julkinen"].number]
    assert Decision.objects.record(old.meeting, "Oikea päätös", now).number == max(cited) + 1
    assert Decision.objects.record(old.meeting, "Vanha takaisin", now, number=old.number).number == old.number
