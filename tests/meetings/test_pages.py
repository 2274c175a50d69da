"""The public pages: who sees which meeting, what can be narrowed, and that the link for joining never leaks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from lib.tokens import sign
from meetings.models import Meeting, Participation
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY

HELSINKI = ZoneInfo("Europe/Helsinki")
LIST = "meetings:meeting-list"


def shown(client, **query):
    return [meeting.title for meeting in client.get(reverse(LIST), query).context["page"]]


@pytest.fixture
def year(make_meeting, world, term):
    """Meetings of every kind; the last is a draft."""
    now = timezone.now()
    made = [
        make_meeting(title="Julkinen", days=3),
        make_meeting(title="Jäsenten", days=4, visibility=Meeting.MEMBERS),
        make_meeting(title="Verkoston", days=5, visibility=Meeting.NETWORK, networks=[world.closed]),
        make_meeting(title="Mennyt", days=-30, kind=term("event_types", "koulutus"), mode=Meeting.ONSITE),
    ]
    for meeting in made:
        meeting.publish(now)
    make_meeting(title="Luonnos", days=6)
    return made


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        (None, ["Julkinen"]),
        ("niilo", ["Julkinen"]),
        ("eetu", ["Julkinen"]),
        ("kerttu", ["Julkinen"]),
        ("aino", ["Julkinen", "Jäsenten"]),
        ("kaisa", ["Julkinen", "Jäsenten", "Verkoston"]),
        ("ulla", ["Julkinen", "Jäsenten", "Verkoston"]),
    ],
)
def test_everybody_sees_the_meetings_meant_for_them(client, world, year, who, titles):
    if who:
        client.force_login(getattr(world, who))
    assert shown(client) == titles
    for meeting in Meeting.objects.not_over(timezone.now()):
        wanted = 200 if meeting.title in titles else 404
        assert client.get(meeting.get_absolute_url()).status_code == wanted
        assert client.get(reverse("meetings:meeting-ics", args=[meeting.slug])).status_code == wanted


def test_a_guest_sees_the_closed_meeting_to_which_she_was_invited(client, world, year):
    meeting = Meeting.objects.get(title="Verkoston")
    guest = Participation(meeting=meeting, email="NIILO@example.org")
    guest.list_as_guest(timezone.now())
    client.force_login(world.niilo)
    assert client.get(meeting.get_absolute_url()).context["join_url"] == CANARY


def test_past_meetings_are_shown_when_asked_for(client, year):
    assert shown(client, when="past") == ["Mennyt"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"q": "julk"}, ["Julkinen"]),
        ({"q": "ei ole"}, []),
        ({"kind": "koulutus"}, []),
        ({"kind": "koulutus", "when": "past"}, ["Mennyt"]),
        ({"mode": "hybrid"}, ["Julkinen"]),
        ({"mode": "onsite"}, []),
        ({"municipality": "179"}, ["Julkinen"]),
        ({"municipality": "729"}, []),
        ({"network": "iso"}, ["Julkinen"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, year, query, titles):
    assert shown(client, **query) == titles


def test_a_closed_network_cannot_be_found_through_the_filter(client, year, world):
    page = client.get(reverse(LIST), {"network": "perus"})
    assert_not_leaked("Perusnuorisotyön verkosto", page)
    assert "network" in page.context["filter"].errors


def test_a_network_that_the_reader_may_not_see_is_not_named_on_the_meeting(client, world, make_meeting):
    meeting = make_meeting(networks=[world.iso, world.closed])
    meeting.publish(timezone.now())
    page = client.get(meeting.get_absolute_url())
    assert "ISO-nuorisotyöverkosto" in page.text
    assert_not_leaked("Perusnuorisotyön verkosto", page)


def test_an_empty_list_says_so_and_shows_the_way(client, db):
    page = client.get(reverse(LIST))
    assert '<a class="btn btn-outline-primary" href="' + reverse(LIST) + '?when=past">' in page.text


# the link for joining


@pytest.mark.parametrize("who", [None, "niilo", "eetu", "kerttu"])
def test_no_address_of_the_room_gives_the_link_to_those_it_is_not_for(client, world, meeting, who):
    if who:
        client.force_login(getattr(world, who))
    aino = meeting.participations.get(user=world.aino)
    on = timezone.localdate(meeting.starts_at)
    addresses = [
        reverse(LIST),
        reverse(LIST) + "?q=kokous",
        reverse("meetings:month", args=[on.year, on.month]),
        reverse("meetings:year", args=[on.year]),
        meeting.get_absolute_url(),
        reverse("meetings:meeting-ics", args=[meeting.slug]),
        reverse("meetings:answer", args=[sign("answer", aino.pk)]),
    ]
    for address in addresses:
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert_not_leaked(CANARY, answer, where=address)


@pytest.mark.parametrize("who", ["aino", "matti", "kaisa", "ulla"])
def test_those_it_is_for_find_the_link_on_the_page_and_in_the_calendar_file(client, world, meeting, who):
    client.force_login(getattr(world, who))
    assert client.get(meeting.get_absolute_url()).context["join_url"] == CANARY
    file = client.get(reverse("meetings:meeting-ics", args=[meeting.slug]))
    assert str(Calendar.from_ical(file.content).walk("VEVENT")[0]["CONFERENCE"]) == CANARY


def test_the_way_to_the_online_meeting_tells_nobody_where_it_was_taken(world, sign_in, meeting):
    """TK-05: no referrer, and the link only in its own button: neither in a title nor in an address of ours."""
    page = sign_in(world.aino).get(meeting.get_absolute_url())
    assert page.text.count(CANARY) == page.text.count(f'href="{CANARY}" rel="noopener noreferrer"') == 1
    assert page["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_the_link_is_gone_when_the_membership_has_ended(client, world, meeting):
    world.aino.memberships.get(network=world.iso).leave(now=timezone.now())
    client.force_login(world.aino)
    assert client.get(meeting.get_absolute_url()).context["join_url"] == ""


def test_the_link_is_not_shown_for_a_cancelled_or_past_meeting(client, world, meeting, make_meeting):
    meeting.cancel(timezone.now(), "Sairastuminen")
    over = make_meeting(days=-3)
    over.publish(timezone.now())
    client.force_login(world.aino)
    for gone in (meeting, over):
        assert_not_leaked(CANARY, client.get(gone.get_absolute_url()))


# who comes


def test_members_see_numbers_and_only_the_coordinator_sees_names(client, world, meeting):
    meeting.take_answer(world.matti, "yes", now=timezone.now(), comment="Tulen bussilla")
    client.force_login(world.aino)
    page = client.get(meeting.get_absolute_url())
    assert (page.context["counts"]["coming"], page.context["counts"]["unanswered"]) == (1, 1)
    assert_not_leaked("Matti", page)
    assert_not_leaked("bussilla", page)
    client.force_login(world.kaisa)
    people = client.get(meeting.get_absolute_url()).context["people"]
    assert [(str(person), person.answer, person.comment) for person in people] == [
        ("Matti Yhteyshenkilö", "yes", "Tulen bussilla")
    ]
    client.logout()
    assert "counts" not in client.get(meeting.get_absolute_url()).context


# the month


def test_the_month_is_a_real_table_with_the_meeting_on_its_day(client, world, make_meeting):
    starts_at = datetime(2027, 1, 20, 13, tzinfo=HELSINKI)
    make_meeting(starts_at=starts_at, title="ISO").publish(timezone.now())
    page = client.get(reverse("meetings:month", args=[2027, 1]))
    busy = page.context["month"].busy_days
    assert [(day.on.isoformat(), [m.title for m in day.meetings]) for day in busy] == [("2027-01-20", ["ISO"])]
    assert page.text.count('<th scope="col">') == 7
    assert "<caption>" in page.text


def test_a_meeting_of_two_days_stands_on_both_even_over_the_turn_of_the_month(client, make_meeting):
    starts_at = datetime(2027, 1, 31, 9, tzinfo=HELSINKI)
    make_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=3)).publish(timezone.now())
    for month, day in [(1, 31), (2, 1)]:
        busy = client.get(reverse("meetings:month", args=[2027, month])).context["month"].busy_days
        assert [d.on.day for d in busy] == [day]


def test_the_year_holds_each_meeting_in_the_month_in_which_it_begins(client, world, make_meeting):
    shown = make_meeting(starts_at=datetime(2027, 3, 31, 13, tzinfo=HELSINKI), visibility="public")
    hidden = make_meeting(starts_at=datetime(2027, 3, 30, 13, tzinfo=HELSINKI), visibility="network")
    make_meeting(starts_at=datetime(2028, 1, 1, 1, tzinfo=HELSINKI)).publish(timezone.now())
    for meeting in (shown, hidden):
        meeting.publish(timezone.now())
    months = client.get(reverse("meetings:year", args=[2027])).context["months"]
    assert [(first.month, meetings) for first, meetings in months if meetings] == [(3, [shown])]


def test_a_continuing_day_shows_its_own_hours(client, make_meeting):
    """Real use 24: not the first day's."""
    starts_at = datetime(2027, 1, 31, 9, tzinfo=HELSINKI)
    make_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(days=2, hours=3)).publish(timezone.now())
    make_meeting(starts_at=starts_at - timedelta(days=3)).publish(timezone.now())
    for month, hours in [(1, ["9.00", "klo 9.00 alkaen"]), (2, ["koko päivän", "klo 12.00 asti"])]:
        busy = client.get(reverse("meetings:month", args=[2027, month])).context["month"].busy_days
        assert [entry.hours for day in busy for entry in day.entries] == hours


def test_the_month_numbers_its_weeks_and_names_public_holidays(client, world):
    """Real use 24: ISO weeks, also where a year begins within one."""
    page = client.get(reverse("meetings:month", args=[2027, 1]))
    month = page.context["month"]
    assert [week.number for week in month.weeks] == [53, 1, 2, 3, 4]
    assert [day.holiday for day in month.weeks[1] if day.holiday] == ["Loppiainen"]
    assert ("Loppiainen" in page.text, page.text.count('scope="row"')) == (True, 5)
    with translation.override("sv"):
        assert "Trettondag" in client.get(reverse("meetings:month", args=[2027, 1])).text


def test_the_year_has_a_meeting_of_two_days_in_both_months_and_years(client, world, make_meeting):
    """Real use 24: with week numbers and the names of public holidays."""
    for starts_at in (datetime(2027, 3, 31, 9, tzinfo=HELSINKI), datetime(2026, 12, 31, 20, tzinfo=HELSINKI)):
        make_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(days=1)).publish(timezone.now())
    page = client.get(reverse("meetings:year", args=[2027]))
    months = page.context["months"]
    assert [first.month for first, meetings in months if meetings] == [1, 3, 4]
    rows = [(row.on.isoformat(), row.last.isoformat(), row.week, row.holiday) for row in months[2].rows]
    assert rows == [
        ("2027-03-26", "2027-03-26", 12, "Pitkäperjantai"), ("2027-03-28", "2027-03-28", None, "Pääsiäispäivä"),
        ("2027-03-29", "2027-03-29", 13, "Toinen pääsiäispäivä"), ("2027-03-31", "2027-04-01", None, ""),
    ]  # fmt: skip
    assert "31.3.–1.4." in page.text
    december = client.get(reverse("meetings:year", args=[2026])).context["months"][11]
    assert len(december.meetings) == 1


def test_the_years_lead_to_those_that_hold_something_to_see_and_to_this_one(client, world, make_meeting):
    shown = make_meeting(starts_at=datetime(2031, 3, 31, 13, tzinfo=HELSINKI), visibility="public")
    hidden = make_meeting(starts_at=datetime(2032, 3, 30, 13, tzinfo=HELSINKI), visibility="network")
    for meeting in (shown, hidden):
        meeting.publish(timezone.now())
    now = timezone.localdate().year
    assert client.get(reverse("meetings:year", args=[2030])).context["years"] == [now, 2031]
    assert client.get(reverse("meetings:year", args=[2031])).context["years"] == [now]


@pytest.mark.parametrize("year", [1999, 2101, 20270])
def test_a_year_beyond_the_calendar_is_not_found(client, world, year):
    assert client.get(reverse("meetings:year", args=[year])).status_code == 404


@pytest.mark.parametrize(("year", "month"), [(2027, 0), (2027, 13), (1999, 12), (9999, 1), (0, 1)])
def test_a_month_that_does_not_exist_is_not_found(client, db, year, month):
    assert client.get(f"{reverse(LIST)}{year}/{month}/").status_code == 404


def test_the_calendar_ends_where_it_ends(client, db):
    assert client.get(reverse("meetings:month", args=[2000, 1])).context["month"].previous is None
    assert client.get(reverse("meetings:month", args=[2100, 12])).context["month"].next is None


# the number of queries


def publish_many(make_meeting, number):
    for n in range(number):
        make_meeting(days=3 + n % 20).publish(timezone.now())


@pytest.mark.parametrize("who", [None, "aino", "kaisa"])
@pytest.mark.parametrize("page", ["list", "month", "year"])
def test_lists_ask_as_many_questions_for_one_meeting_as_for_many(client, world, make_meeting, who, page):
    if who:
        client.force_login(getattr(world, who))
    on = timezone.localdate(timezone.now() + timedelta(days=3))
    args = {"list": [], "month": [on.year, on.month], "year": [on.year]}[page]
    address = reverse(f"meetings:{'meeting-list' if page == 'list' else page}", args=args)
    publish_many(make_meeting, 1)
    client.get(address)
    counted = []
    for more in (0, 24):
        publish_many(make_meeting, more)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= (9 if not who else 14)


@pytest.mark.parametrize("who", [None, "aino", "kaisa"])
def test_a_meeting_asks_as_many_questions_for_one_participant_as_for_many(client, world, meeting, who):
    if who:
        client.force_login(getattr(world, who))
    client.get(meeting.get_absolute_url())
    counted = []
    for more in (0, 24):
        for n in range(more):
            guest = Participation(meeting=meeting, name=f"Vieras {n}", email=f"vieras{n}@example.org")
            guest.list_as_guest(timezone.now())
            guest.give_answer("yes", now=timezone.now(), via="coordinator")
        with CaptureQueriesContext(connection) as queries:
            client.get(meeting.get_absolute_url())
        counted.append(len(queries))
    assert counted[0] == counted[1] <= (10 if not who else 19)


def test_a_finnish_title_says_that_it_is_finnish_on_a_swedish_page(client, meeting):
    page = client.get("/sv" + meeting.get_absolute_url().replace("tapaamiset", "traffar")).content.decode()
    assert f'<h1 lang="fi">{meeting.title}</h1>' in page
