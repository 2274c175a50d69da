"""A letter tells each reader exactly what the site shows to the same person, however the thing came into the issue."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from contacts.models import User
from meetings.models import Meeting, Participation, SignUp
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.issues.audience import Audience
from newsletters.issues.share_text import ready_text
from newsletters.models import Block, Issue, MailingList
from outbox.models import Delivery
from tests.leaks import assert_not_leaked, is_leaked

LINK = "https://meet.example.org/iso-123"


@pytest.fixture
def people(world, now):
    """Niilo belongs to the closed network only and Matti no more, Eetu to the other area, Maija to both areas; None
    has no account."""
    world.closed.take_in(world.niilo, now=now)
    world.closed.take_in(world.matti, now=now).leave(now)
    maija = User.objects.create_user("maija@example.org", name="Maija Molemmista")
    for network in (world.iso, world.elsewhere):
        network.take_in(maija, now=now)
    names = ["kaisa", "aino", "matti", "niilo", "eetu", "kerttu", "ulla"]
    return [None, *(User.objects.get(pk=person.pk) for person in [*(getattr(world, name) for name in names), maija])]


@pytest.fixture
def tells(letters):
    """tells(thing) gives an issue of the public list with one block that the coordinator chose by hand."""

    def make(thing):
        issue = Issue.objects.create(list=letters, number=1, slug="k-1", subject_fi="Kirje")
        kind = {Meeting: Block.MEETING, Method: Block.METHOD, NewsItem: Block.NEWS}[type(thing)]
        issue.blocks.create(order=1, kind=kind, **{kind: thing})
        return issue

    return make


def readers_of(issue, people, now):
    """The names of those whose letter holds the block."""
    audience = Audience(issue, now)
    return [str(each) for each in people if audience.share_of(each and each.pk).blocks]


def shown_to(thing, people):
    """The names of those to whom the site shows it."""
    rows = type(thing).objects.filter(pk=thing.pk)
    return [str(each) for each in people if rows.visible_to(each or AnonymousUser()).exists()]


@pytest.mark.parametrize("area", ["area", "other_area"])
@pytest.mark.parametrize("network", [None, Network.PUBLIC, Network.MEMBERS, Network.CLOSED])
@pytest.mark.parametrize("visibility", [NewsItem.PUBLIC, NewsItem.MEMBERS])
def test_news_is_told_exactly_where_the_site_shows_it(news, people, tells, world, now, area, network, visibility):
    Network.objects.filter(pk=world.closed.pk).update(visibility=network or Network.CLOSED)
    NewsItem.objects.update(area=getattr(world, area), network=world.closed if network else None, visibility=visibility)
    news.refresh_from_db()
    assert readers_of(tells(news), people, now) == shown_to(news, people)


@pytest.mark.parametrize("state", [{"published_at": None}, {"expires_at": True}])
def test_news_that_is_not_published_is_told_to_nobody(news, people, tells, now, state):
    NewsItem.objects.update(published_at=now - timedelta(days=1), visibility=NewsItem.MEMBERS)
    NewsItem.objects.update(**{name: value and now for name, value in state.items()})
    assert readers_of(tells(news), people, now) == []


@pytest.mark.parametrize("area", ["area", "other_area"])
@pytest.mark.parametrize("visibility", [Method.PUBLIC, Method.MEMBERS])
def test_a_method_is_told_exactly_where_the_site_shows_it(method, people, tells, world, now, area, visibility):
    Method.objects.update(area=getattr(world, area), visibility=visibility)
    method.refresh_from_db()
    assert readers_of(tells(method), people, now) == shown_to(method, people)


@pytest.mark.parametrize(
    "facts",
    [
        {"visibility": Method.NETWORK},
        {"visibility": Method.COORDINATORS},
        {"published_at": None},
        {"archived_at": True},
    ],
)
def test_a_method_for_few_or_not_published_is_told_to_nobody(method, people, tells, world, now, facts):
    Method.objects.update(network=world.closed, author=world.aino, visibility=Method.MEMBERS)
    Method.objects.update(**{name: now if value is True else value for name, value in facts.items()})
    assert readers_of(tells(method), people, now) == []


def test_a_meeting_that_is_not_published_is_told_to_nobody(meeting, people, tells, now):
    Meeting.objects.update(published_at=None)
    assert readers_of(tells(meeting), people, now) == []


# the link for joining


@pytest.fixture
def standing(meeting, people, world, now):
    """Aino has a place, Matti a turn, Eetu a place as a guest, Niilo a turn; the coordinators have neither."""
    rows = Participation.objects.filter(meeting=meeting)
    for person in (world.eetu, world.niilo):
        rows.create(meeting=meeting, user=person, added_at=now)
    rows.filter(user__in=[world.aino, world.eetu]).update(placed_at=now, answer="yes", answered_at=now)
    rows.filter(user=world.eetu).update(is_guest=True)
    rows.filter(user__in=[world.matti, world.niilo]).update(queued_at=now)


@pytest.mark.parametrize("visibility", [Meeting.PUBLIC, Meeting.MEMBERS, Meeting.NETWORK])
def test_a_meeting_with_sign_up_is_told_exactly_where_the_site_shows_it(
    meeting, people, tells, standing, now, visibility
):
    SignUp.objects.create(meeting=meeting, capacity=2)
    Meeting.objects.update(visibility=visibility)
    meeting.refresh_from_db()
    assert readers_of(tells(meeting), people, now) == shown_to(meeting, people)


@pytest.mark.parametrize("is_signed_up_for", [True, False])
def test_the_link_is_in_the_letters_of_those_who_see_it_on_the_site(
    meeting, issue, people, standing, now, is_signed_up_for
):
    if is_signed_up_for:
        SignUp.objects.create(meeting=meeting, capacity=2)
    audience, known = Audience(issue, now), Meeting.objects.get(pk=meeting.pk)
    linked = [str(each) for each in people if audience.share_of(each and each.pk).links]
    assert linked == [str(each) for each in people if each and known.may_see_link(each)]
    assert ("Matti Yhteyshenkilö" in linked, "Aino Jäsen" in linked) == (not is_signed_up_for, True)


def test_the_letter_of_somebody_without_a_place_holds_no_link(meeting, issue, people, standing, reads, send, world):
    SignUp.objects.create(meeting=meeting, capacity=2)
    for person in (world.aino, world.matti):
        reads(person.email)
    send(issue)
    letters = {row.recipient: row.as_letter() for row in Delivery.objects.filter(kind="newsletter")}
    assert {to: is_leaked(LINK, letter.text + letter.html) for to, letter in letters.items()} == {
        "aino@example.org": True,
        "matti@example.org": False,
    }


# words for the members' own chat


def chat(issue, now):
    return ready_text(issue, "fi", True, now)


def test_the_words_for_the_chat_hold_no_link_where_places_are_given(meeting, issue, now):
    SignUp.objects.create(meeting=meeting, capacity=2)
    text = chat(issue, now)
    assert meeting.title in text
    assert_not_leaked(LINK, text)


HIDDEN = [
    ("news", {"network": "closed", "visibility": NewsItem.MEMBERS}, False),
    ("news", {"network": "closed", "visibility": NewsItem.PUBLIC}, True),
    ("news", {"network": "iso", "visibility": NewsItem.MEMBERS}, True),
    ("news", {"network": None, "visibility": NewsItem.MEMBERS}, True),
    ("news", {"area": "other_area", "visibility": NewsItem.MEMBERS}, False),
    ("news", {"area": "other_area", "visibility": NewsItem.PUBLIC}, True),
    ("method", {"visibility": Method.PUBLIC}, True),
    ("method", {"visibility": Method.MEMBERS}, True),
    ("method", {"area": "other_area", "visibility": Method.MEMBERS}, False),
    ("method", {"network": "iso", "visibility": Method.NETWORK}, False),
    ("method", {"visibility": Method.COORDINATORS}, False),
    ("meeting", {"visibility": Meeting.MEMBERS}, True),
    ("meeting", {"area": "other_area", "visibility": Meeting.MEMBERS}, False),
    ("meeting", {"visibility": Meeting.NETWORK}, False),
    ("meeting", {"published_at": None}, False),
]


@pytest.mark.parametrize(("kind", "facts", "is_told"), HIDDEN)
def test_the_words_for_the_chat_tell_what_all_its_members_may_see(request, world, tells, now, kind, facts, is_told):
    thing = request.getfixturevalue(kind)
    facts = {name: getattr(world, value, value) if isinstance(value, str) else value for name, value in facts.items()}
    type(thing).objects.update(**facts)
    assert (thing.title in chat(tells(thing), now)) == is_told


@pytest.mark.parametrize(
    ("kind", "visibility"),
    [("news", NewsItem.MEMBERS), ("method", Method.NETWORK), ("meeting", Meeting.NETWORK)],
)
def test_the_chat_of_a_closed_network_is_told_of_its_own(request, world, tells, letters, now, kind, visibility):
    thing = request.getfixturevalue(kind)
    if kind == "meeting":
        thing.networks.set([world.closed])
        type(thing).objects.update(visibility=visibility)
    else:
        type(thing).objects.update(visibility=visibility, network=world.closed)
    issue = tells(thing)
    assert thing.title not in chat(issue, now)
    MailingList.objects.update(network=world.closed, is_public=False)
    assert thing.title in chat(Issue.objects.get(), now)
