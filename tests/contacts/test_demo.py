"""The demo content of people and networks: complete, and the same when it is loaded twice."""

from datetime import date

import pytest

from contacts.models import ContactCard, CoordinationArea, Municipality, Organisation, Region, Term, User
from networks.models import Membership, Network, NewsItem, Page, Question
from tests.snapshot import Snapshot
from youthnet.demo import contacts, networks
from youthnet.demo.pack_reader import Pack


def load(today=date(2026, 11, 22)):
    pack = Pack(today=today)
    contacts.load(pack)
    networks.load(pack)


DEMO = Snapshot(load)


@pytest.fixture
def loaded(db):
    DEMO.restore()


def counts():
    models = [
        Term,
        Region,
        Municipality,
        Organisation,
        User,
        ContactCard,
        Network,
        Membership,
        NewsItem,
        Page,
        Question,
    ]
    return {model.__name__: model.objects.count() for model in models}


def test_loading_twice_changes_nothing(loaded):
    once = counts()
    load()
    assert counts() == once


def test_the_whole_region_is_there(loaded):
    found = counts()
    assert (found["Region"], found["Municipality"], found["Network"], found["Question"]) == (19, 336, 4, 21)
    area = CoordinationArea.objects.get()
    assert area.municipalities.count() == 22
    assert len(area.tasks) == 11
    assert [str(town) for town in area.municipalities.alphabetical()][-1] == "Äänekoski"


def test_the_funder_changed_with_the_year(loaded):
    area = CoordinationArea.objects.get()
    assert area.funder_on(date(2019, 2, 28)) is None
    assert area.funder_on(date(2019, 3, 1)).funder.abbreviation == "AVI"
    assert area.funder_on(date(2025, 12, 31)).funder.abbreviation == "AVI"
    assert area.funder_on(date(2026, 1, 1)).funder.abbreviation == "LVV"
    assert Organisation.objects.get(slug="avi").successor.slug == "lvv"


def test_coordinators_have_their_desk_and_members_their_networks(loaded):
    coordinator = User.objects.get(email="koordinaattori.keski-suomi@example.org")
    assert coordinator.is_coordinator() is True
    member = User.objects.get(email="nuorisotyontekija.saarijarvi@example.org")
    assert (member.is_coordinator(), member.is_member()) == (False, True)
    assert member.emailaddress_set.get().verified is True
    assert member.has_usable_password() is False


def test_two_people_wait_for_the_coordinator(loaded):
    assert Membership.objects.waiting().count() == 2
    Membership.objects.waiting().first().approve(now=NewsItem.objects.latest("published_at").published_at, by=None)
    load()
    assert Membership.objects.waiting().count() == 1


def test_no_placeholder_is_left_in_a_page(loaded):
    assert [page.slug for page in Page.objects.all() if "{{" in page.body] == []


def test_news_move_with_the_day_of_loading_by_whole_weeks(db):
    load(today=date(2027, 11, 22))
    moved = NewsItem.objects.get(slug="webinaari-peruttu").published_at
    assert (moved.date(), moved.date().weekday()) == (date(2027, 11, 17), 2)
