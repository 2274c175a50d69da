"""Networks: who sees which, and what a network tells about itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.models import Organisation, User
from meetings.models import Meeting
from networks.models import Network
from tests.leaks import assert_not_leaked

LIST = "networks:network-list"


def page(network):
    return reverse("networks:network-detail", args=[network.slug])


@pytest.fixture
def for_members(world):
    """A network that members of the area see."""
    return Network.objects.create(
        area=world.area, slug="jasenille", name_fi="Jäsenten verkosto", kind=world.iso.kind, visibility=Network.MEMBERS
    )


@pytest.fixture
def meeting(world, term, now):
    """meeting("iso", visibility=…) publishes one of the big network in a week, with a link nobody outside may see."""

    def make(slug, **more):
        made = Meeting.objects.create(
            area=world.area,
            slug=slug,
            title=slug,
            summary="Kevät.",
            kind=term("event_types", "verkostotapaaminen"),
            mode=Meeting.ONLINE,
            join_url="https://meet.example.org/salainen",
            **{"starts_at": now + timedelta(days=7), "ends_at": now + timedelta(days=7, hours=3)} | more,
        )
        made.networks.add(world.iso)
        made.publish(now)
        return made

    return make


WHO_SEES = [
    (None, {"iso", "muu"}),
    ("niilo", {"iso", "muu"}),
    ("aino", {"iso", "muu", "jasenille"}),
    ("kaisa", {"iso", "muu", "jasenille", "perus"}),
    ("eetu", {"iso", "muu"}),
    ("kerttu", {"iso", "muu"}),
    ("vaino", {"iso", "muu"}),
    ("ulla", {"iso", "muu", "jasenille", "perus"}),
]


@pytest.mark.parametrize(("who", "seen"), WHO_SEES)
def test_everybody_sees_the_networks_that_are_meant_for_them_and_no_others(
    client, sign_in, world, for_members, who, seen
):
    if who:
        sign_in(getattr(world, who))
    shown = client.get(reverse(LIST)).context["networks"]
    assert {network.slug for network in shown} == seen
    for network in [world.iso, world.elsewhere, for_members, world.closed]:
        expected = 200 if network.slug in seen else 404
        assert client.get(page(network)).status_code == expected, network


def test_a_member_sees_the_own_closed_network(sign_in, world, now):
    world.closed.take_in(world.aino, now=now)
    client = sign_in(world.aino)
    assert client.get(page(world.closed)).status_code == 200
    world.closed.membership_of(world.aino).leave(now)
    assert client.get(page(world.closed)).status_code == 404


def test_a_network_that_has_ended_is_not_offered_but_its_page_stays(client, world, now):
    Network.objects.filter(pk=world.iso.pk).update(ended_on=now.date())
    assert [n.slug for n in client.get(reverse(LIST)).context["networks"]] == ["muu"]
    told = client.get(page(world.iso)).content.decode()
    assert reverse("networks:network-join", args=["iso"]) not in told


def test_a_page_tells_what_the_network_is_for_and_how_it_works(client, world, term):
    partner = Organisation.objects.create(
        slug="xamk", name="Kaakkois-Suomen ammattikorkeakoulu", type=term("organisation_types", "korkeakoulu")
    )
    Network.objects.filter(pk=world.iso.pk).update(
        tagline="Kaikki saman pöydän ääressä.",
        purpose="Parantaa nuorisotyön laatua.",
        target_group="Kaikki nuorisotyötä tekevät.",
        way_of_working="Neljä tapaamista vuodessa.",
        tasks=["Vahvistaa osaamista."],
        ground_rules=["Kritiikki kohdistuu asiaan."],
        indirect_aim="Nuorten elinolot paranevat.",
    )
    world.iso.municipalities.set([world.towns.saarijarvi, world.towns.aanekoski])
    world.iso.partners.add(partner)
    answer = client.get(page(world.iso))
    told = answer.content.decode()
    for words in [
        "Kaikki saman pöydän ääressä.",
        "Parantaa nuorisotyön laatua.",
        "Kaikki nuorisotyötä tekevät.",
        "Neljä tapaamista vuodessa.",
        "Vahvistaa osaamista.",
        "Kritiikki kohdistuu asiaan.",
        "Nuorten elinolot paranevat.",
        "Kaakkois-Suomen ammattikorkeakoulu",
    ]:
        assert words in told, words
    assert [town.name for town in answer.context["municipalities"]] == ["Saarijärvi", "Äänekoski"]
    assert told.count("<h1") == 1


def test_the_reach_across_municipal_borders_counts_each_once(client, world, term, now):
    other = Organisation.objects.create(slug="ry", name="Esimerkki ry", type=term("organisation_types", "jarjesto"))
    for number, (town, employer) in enumerate([("saarijarvi", other), ("saarijarvi", other), ("jyvaskyla", None)]):
        person = User.objects.create_user(
            f"p{number}@example.org", municipality=getattr(world.towns, town), organisation=employer
        )
        world.iso.take_in(person, now=now)
    # Väinö is disabled and counts nowhere
    assert client.get(page(world.iso)).context["reach"] == {"members": 5, "municipalities": 2, "organisations": 2}


def test_a_member_who_represents_another_organisation_counts_for_that_one(world, term, now):
    other = Organisation.objects.create(slug="ry", name="Esimerkki ry", type=term("organisation_types", "jarjesto"))
    membership = world.closed.take_in(world.aino, now=now, represents=other)
    assert membership.organisation == other
    assert world.closed.reach() == {"members": 1, "municipalities": 1, "organisations": 1}


WHO_SEES_MEMBERS = [
    (None, []),
    ("niilo", []),
    ("eetu", []),
    ("kerttu", []),
    ("aino", ["Aino Jäsen", "Matti Yhteyshenkilö"]),
    ("kaisa", ["Aino Jäsen", "Matti Yhteyshenkilö"]),
    ("ulla", ["Aino Jäsen", "Matti Yhteyshenkilö"]),
]


@pytest.mark.parametrize(("who", "names"), WHO_SEES_MEMBERS)
def test_members_are_shown_to_members_and_the_coordinator_only(client, sign_in, world, who, names):
    if who:
        sign_in(getattr(world, who))
    answer = client.get(page(world.iso))
    assert [membership.user.name for membership in answer.context["members"]] == names
    assert ("Matti Yhteyshenkilö" in answer.content.decode()) is bool(names)


def test_addresses_of_members_are_shown_to_nobody(sign_in, world):
    assert_not_leaked("matti@example.org", sign_in(world.aino).get(page(world.iso)))


def test_the_next_meetings_stand_on_the_page_without_their_link(client, sign_in, world, meeting, now):
    later = meeting("myohemmin", starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=9, hours=1))
    sooner = meeting("pian")
    meeting("ohi", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    meeting("vain-verkostolle", visibility=Meeting.NETWORK)
    answer = client.get(page(world.iso))
    assert list(answer.context["meetings"]) == [sooner, later]
    assert_not_leaked("salainen", answer)
    assert [m.slug for m in sign_in(world.aino).get(page(world.iso)).context["meetings"]] == [
        "pian",
        "vain-verkostolle",
        "myohemmin",
    ]


def test_the_networks_news_stand_on_its_page(client, sign_in, world, news):
    item = news("julkinen", network=world.iso)
    inside = news("jasenille", network=world.iso, visibility="members")
    news("muu-uutinen")
    assert list(client.get(page(world.iso)).context["news"]) == [item]
    assert set(sign_in(world.aino).get(page(world.iso)).context["news"]) == {item, inside}


def test_long_lists_ask_no_more_than_short_ones(sign_in, world, queries, now, meeting, news, term):
    meeting("eka", municipality=world.towns.jyvaskyla)
    news("eka-uutinen", network=world.iso)
    world.iso.work_forms.add(term("work_forms", "eka"))
    sign_in(world.aino)
    before = queries(reverse(LIST)), queries(page(world.iso))
    for number in range(24):
        Network.objects.create(area=world.area, slug=f"n{number}", name_fi=f"N{number}", kind=world.iso.kind)
        person = User.objects.create_user(f"p{number}@example.org", municipality=world.towns.jyvaskyla)
        world.iso.take_in(person, now=now, role=term("network_roles", "jasen"))
        meeting(f"m{number}", municipality=world.towns.jyvaskyla)
        news(f"u{number}", network=world.iso)
        world.iso.work_forms.add(term("work_forms", f"muoto-{number}"))
    assert (queries(reverse(LIST)), queries(page(world.iso))) == before
