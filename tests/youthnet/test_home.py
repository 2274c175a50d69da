"""The front page and the page that tells of the network: what a region tells the public, in few questions."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, CoordinationArea, Funding, Municipality, Organisation, User
from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem
from plans.models import Goal, Plan
from tests.leaks import assert_not_leaked

LINK = "https://meet.example.org/salainen-123"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def one_area(world):
    """The usual installation: one area only."""
    Network.objects.filter(area=world.other_area).delete()
    world.other_area.delete()
    return world


@pytest.fixture
def meeting(world, term, now):
    def make(slug, days=7, **more):
        made = Meeting.objects.create(
            area=world.area,
            slug=slug,
            title=slug,
            summary="Kevät.",
            kind=term("event_types", "verkostotapaaminen"),
            mode=Meeting.ONLINE,
            join_url=LINK,
            starts_at=now + timedelta(days=days),
            ends_at=now + timedelta(days=days, hours=3),
            municipality=world.towns.jyvaskyla,
            **more,
        )
        made.networks.add(world.iso)
        made.publish(now)
        return made

    return make


@pytest.fixture
def news(world, term, now):
    def make(slug, hours=1, **more):
        moment = now - timedelta(hours=hours)
        more = {"category": term("news_categories", "tiedote"), "published_at": moment} | more
        return NewsItem.objects.create(area=world.area, slug=slug, title=slug, summary="Lyhyesti.", **more)

    return make


@pytest.fixture
def method(world, now):
    def make(slug, hours=1, **more):
        moment = now - timedelta(hours=hours)
        fields = {"visibility": "public", "submitted_at": moment, "published_at": moment} | more
        return Method.objects.create(area=world.area, slug=slug, title=slug, kind=Method.METHOD, **fields)

    return make


@pytest.fixture
def plan(world, now):
    today = now.date()
    made = Plan.objects.create(
        area=world.area,
        slug="suunnitelma",
        title="Toimintasuunnitelma",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=300),
        published_at=now - timedelta(days=1),
    )
    Goal.objects.create(plan=made, code="1", title="Verkostot tavoittavat koko maakunnan")
    return made


def test_the_region_says_who_it_is_and_leads_to_what_it_is_for(client, one_area):
    CoordinationArea.objects.update(lead_fi="Nuorisotyötä yhdessä.", started_on=date(2019, 3, 1))
    told = client.get(reverse("home")).content.decode()
    assert told.count("<h1") == 1
    assert "<h1>Maakunnallinen nuorisotyö Keski-Suomessa</h1>" in told
    for words in ["Nuorisotyötä yhdessä.", "3 kuntaa", "1 verkosto<", "vuodesta 2019", f'href="{reverse("about")}"']:
        assert words in told, words


def test_the_page_about_tells_what_the_network_is_for(client, one_area):
    CoordinationArea.objects.update(
        aim="Nuori saa hyvää nuorisotyötä.",
        tasks=["Vierailee kunnissa."],
        background="<p>Koordinaatio tukee kuntia.</p><script>1</script>",
    )
    told = client.get(reverse("about")).content.decode()
    assert told.count("<h1") == 1
    for words in ["Nuori saa hyvää nuorisotyötä.", "Vierailee kunnissa.", "<p>Koordinaatio tukee"]:
        assert words in told, words
    assert "<script>1" not in told


def test_it_tells_who_pays_since_when_and_who_paid_before(client, one_area, term):
    kind = term("organisation_types", "valtion-virasto")
    lvv = Organisation.objects.create(slug="lvv", name="Lupa- ja valvontavirasto", abbreviation="LVV", type=kind)
    avi = Organisation.objects.create(slug="avi", name="Aluehallintovirasto", abbreviation="AVI", type=kind)
    area = one_area.area
    old = Funding.objects.create(area=area, funder=avi, started_on=date(2019, 3, 1), ended_on=date(2025, 12, 31))
    new = Funding.objects.create(area=area, funder=lvv, started_on=date(2026, 1, 1))
    Funding.objects.create(area=area, funder=avi, started_on=date(2999, 1, 1))
    answer = client.get(reverse("about"))
    assert (answer.context["fundings"], answer.context["former_fundings"]) == ([new], [old])
    told = answer.content.decode()
    assert "Lupa- ja valvontavirasto (LVV)" in told
    assert "1.1.2026" in told
    assert "1.3.2019–31.12.2025" in told


def test_the_next_four_meetings_stand_there_and_no_link(client, sign_in, one_area, meeting):
    for number in range(5, 0, -1):
        meeting(f"m{number}", days=number)
    meeting("sisainen", days=1, visibility=Meeting.MEMBERS)
    meeting("ohi", days=-2)
    answer = client.get(reverse("home"))
    assert [m.slug for m in answer.context["meetings"]] == ["m1", "m2", "m3", "m4"]
    assert_not_leaked(LINK, answer)
    as_member = sign_in(one_area.aino).get(reverse("home"))
    assert "sisainen" in [m.slug for m in as_member.context["meetings"]]
    assert_not_leaked(LINK, as_member)


def test_a_meeting_does_not_name_a_network_that_the_reader_may_not_see(client, sign_in, one_area, meeting):
    meeting("yhteinen").networks.add(one_area.closed)
    assert [n.slug for n in client.get(reverse("home")).context["meetings"][0].networks_shown] == ["iso"]
    as_coordinator = sign_in(one_area.kaisa).get(reverse("home"))
    assert {n.slug for n in as_coordinator.context["meetings"][0].networks_shown} == {"iso", "perus"}


def test_the_three_newest_news_stand_there_and_members_news_only_for_members(client, sign_in, one_area, news):
    for number in range(4):
        news(f"u{number}", hours=number + 1)
    news("jasenille", hours=0, visibility=NewsItem.MEMBERS)
    assert [item.slug for item in client.get(reverse("home")).context["news"]] == ["u0", "u1", "u2"]
    assert [item.slug for item in sign_in(one_area.aino).get(reverse("home")).context["news"]] == [
        "jasenille",
        "u0",
        "u1",
    ]


def test_the_three_newest_methods_stand_there_and_no_drafts(client, sign_in, one_area, method):
    for number in range(4):
        method(f"tapa{number}", hours=number + 1)
    method("luonnos", hours=0, published_at=None, submitted_at=None)
    method("jasenille", hours=0, visibility="members")
    assert [m.slug for m in client.get(reverse("home")).context["methods"]] == ["tapa0", "tapa1", "tapa2"]
    assert sign_in(one_area.aino).get(reverse("home")).context["methods"][0].slug == "jasenille"
    assert "luonnos" not in sign_in(one_area.kaisa).get(reverse("home")).content.decode()


def test_the_plan_that_goes_on_is_linked_with_its_goals(client, one_area, plan):
    answer = client.get(reverse("about"))
    assert answer.context["plan"] == plan
    told = answer.content.decode()
    assert "Verkostot tavoittavat koko maakunnan" in told
    assert plan.get_absolute_url() in told


def test_a_draft_of_a_plan_is_not_shown(client, one_area, plan):
    Plan.objects.update(published_at=None)
    assert client.get(reverse("about")).context["plan"] is None


def test_networks_stand_there_for_those_who_may_see_them(client, sign_in, one_area):
    assert [n.slug for n in client.get(reverse("about")).context["networks"]] == ["iso"]
    as_coordinator = sign_in(one_area.kaisa).get(reverse("about"))
    assert {n.slug for n in as_coordinator.context["networks"]} == {"iso", "perus"}


def test_the_map_says_the_same_as_the_table_beside_it(client, one_area):
    answer = client.get(reverse("about"))
    assert [(town.name, town.workers) for town in answer.context["places"]] == [
        ("Jyväskylä", 2),
        ("Saarijärvi", 0),
        ("Äänekoski", 0),
    ]
    assert [(tile.short, tile.level) for tile in answer.context["map"].tiles] == [("Jyv", 2), ("Saa", 0), ("Ään", 0)]
    told = answer.content.decode()
    assert told.count('class="tilemap-tile') == 3
    assert 'role="img"' in told


def test_workers_who_asked_left_or_were_disabled_do_not_colour_the_map(client, one_area, now):
    one_area.iso.receive_request(one_area.niilo, now=now)
    one_area.iso.membership_of(one_area.matti).leave(now)
    assert client.get(reverse("about")).context["places"][0].workers == 1


def test_every_card_of_the_area_stands_there(client, one_area, term):
    role = term("contact_roles", "aluekoordinaattori")
    card = ContactCard.objects.create(area=one_area.area, role=role, name="Kaisa", email="kaisa@example.org")
    assert list(client.get(reverse("about")).context["cards"]) == [card]


@pytest.mark.parametrize("page", ["home", "about"])
def test_a_page_asks_little_and_never_more_when_there_is_more(
    client, page, one_area, meeting, news, method, plan, term, now
):
    """At most fifteen questions, with one row of each kind and with twenty-five."""
    from newsletters.models import MailingList

    MailingList.objects.create(area=one_area.area, code="infokirje", name_fi="Infokirje")
    role = term("contact_roles", "aluekoordinaattori")

    def grow(number):
        meeting(f"m{number}", days=number + 1).networks.add(one_area.closed)
        news(f"u{number}")
        method(f"tapa{number}")
        Goal.objects.create(plan=plan, code=f"g{number}", title="Tavoite")
        ContactCard.objects.create(
            area=one_area.area, role=role, name=f"Kortti {number}", organisation=one_area.employer
        )
        Network.objects.create(area=one_area.area, slug=f"n{number}", name_fi=f"N{number}", kind=one_area.iso.kind)
        town = Municipality.objects.create(
            code=f"{800 + number}", slug=f"k{number}", region_id="13", name_fi=f"K{number}", grid_row=1, grid_column=1
        )
        one_area.area.municipalities.add(town)
        person = User.objects.create_user(f"p{number}@example.org", municipality=town)
        one_area.iso.take_in(person, now=now)

    def asked():
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(page)).status_code == 200
        return len(queries)

    grow(0)
    one = asked()
    for number in range(1, 25):
        grow(number)
    assert asked() == one
    assert one <= 15


# several areas, and none


def test_with_several_areas_a_visitor_chooses(client, world):
    answer = client.get(reverse("home"))
    assert answer.context["areas"] == [world.area, world.other_area]
    assert client.get(world.area.get_absolute_url()).context["area"] == world.area


@pytest.mark.parametrize(
    ("who", "where"), [("aino", "area"), ("kaisa", "area"), ("eetu", "other_area"), ("kerttu", "other_area")]
)
def test_a_member_lands_on_the_own_area(sign_in, world, who, where):
    assert sign_in(getattr(world, who)).get(reverse("home")).context["area"] == getattr(world, where)


def test_whoever_belongs_nowhere_chooses(sign_in, world):
    assert sign_in(world.niilo).get(reverse("home")).context["areas"] == [world.area, world.other_area]


def test_the_page_of_an_area_shows_nothing_of_another(client, world, meeting, news, method):
    meeting("kokous")
    news("uutinen")
    method("tapa")
    page = client.get(world.other_area.get_absolute_url()).context
    assert [list(page[part]) for part in ["meetings", "news", "methods"]] == [[], [], []]
    assert page["number_of"] == {"meetings": 0, "methods": 0, "networks": 1, "places": 0}
    about = client.get(reverse("area-about", args=[world.other_area.slug])).context
    assert [n.slug for n in about["networks"]] == ["muu"]
    assert not about["places"]


def test_an_area_that_is_not_there_is_not_found(client, world):
    assert client.get(reverse("area", args=["ei-ole"])).status_code == 404


def test_an_empty_installation_tells_what_to_do_first(client, db):
    told = client.get(reverse("home"))
    assert told.status_code == 200
    assert told.content.decode().count("<h1") == 1
    assert "createsuperuser" in told.content.decode()


def test_the_first_superuser_is_led_to_the_regions(sign_in, db):
    first = User.objects.create_superuser("eka@example.org")
    told = sign_in(first).get(reverse("home")).content.decode()
    assert "createsuperuser" not in told
    assert reverse("setup-begin") in told


def test_the_sign_up_stands_there_only_when_the_area_has_a_list(client, one_area):
    from newsletters.models import MailingList

    form = f'action="{reverse("newsletters:subscribe")}"'
    assert form not in client.get(reverse("home")).content.decode()
    MailingList.objects.create(area=one_area.area, code="infokirje", name_fi="Infokirje")
    assert form in client.get(reverse("home")).content.decode()


def test_an_area_of_which_little_is_known_shows_no_empty_headings(client, world):
    Network.objects.filter(area=world.other_area).delete()
    told = client.get(world.other_area.get_absolute_url()).content.decode()
    for part in ["news", "newsletter", "methods", "next-meeting", "my-tasks"]:
        assert f'id="{part}"' not in told, part
    about = client.get(reverse("area-about", args=[world.other_area.slug])).content.decode()
    for part in ["networks", "goals", "background", "places", "contacts"]:
        assert f'id="{part}"' not in about, part


def test_with_several_areas_the_page_about_lets_the_reader_choose(client, world):
    assert client.get(reverse("about")).url == reverse("home")
    assert client.get(reverse("area-about", args=["ei-ole"])).status_code == 404


def test_whoever_is_invited_answers_the_next_own_meeting_on_the_front_page(client, sign_in, one_area, meeting):
    meeting("avoin", days=1).networks.clear()
    meeting("oma", days=2)
    assert client.get(reverse("home")).context["first"].slug == "avoin"
    as_member = sign_in(one_area.aino)
    page = as_member.get(reverse("home"))
    assert page.context["first"].slug == "oma"
    assert [m.slug for m in page.context["later"]] == ["avoin"]
    assert f'action="{reverse("meetings:meeting-answer", args=["oma"])}"' in page.content.decode()
    as_member.post(reverse("meetings:meeting-answer", args=["oma"]), {"answer": "maybe"})
    assert 'value="maybe" aria-pressed="true"' in as_member.get(reverse("home")).content.decode()
