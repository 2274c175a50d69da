"""What a new issue tells by itself: to each kind of list what its readers may come to know, and each thing once.

`everything` is one of each: for everybody, for members, for one network, for coordinators; published, not yet, no more.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem, Question
from newsletters.issues.prefill import fill, start_issue
from newsletters.models import Block, Issue, MailingList, Subscription
from outbox.models import Delivery

DAY = timedelta(days=1)


@pytest.fixture
def make_meeting(world, term, now):
    """make_meeting("title", world.iso, …) gives a published meeting of a network in a week."""

    def make(title, network=None, area=None, days=7, hours=3, draft=False, cancelled=False, **facts):
        starts_at = now + days * DAY
        made = Meeting.objects.create(
            area=area or world.area, slug=title, title=title, summary=f"{title}-tiivis",
            kind=term("event_types", "verkostotapaaminen"), mode=Meeting.ONLINE, join_url="https://meet.example.org/x",
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), published_at=None if draft else now,
            cancelled_at=now if cancelled else None, **facts,
        )  # fmt: skip
        made.networks.set([network] if network else [])
        return made

    return make


@pytest.fixture
def make_news(world, now):
    def make(title, network=None, area=None, at=-1, **facts):
        return NewsItem.objects.create(
            area=area or world.area, network=network, slug=title, title=title, summary=f"{title}-tiivis",
            published_at=None if at is None else now + at * DAY, **facts,
        )  # fmt: skip

    return make


@pytest.fixture
def make_method(world, now):
    def make(title, area=None, at=-1, **facts):
        published_at = None if at is None else now + at * DAY
        return Method.objects.create(
            area=area or world.area, slug=title, title=title, summary=f"{title}-tiivis", kind=Method.METHOD,
            submitted_at=published_at, published_at=published_at, **facts,
        )  # fmt: skip

    return make


@pytest.fixture
def make_question(world, term, now):
    def make(title, network=None, area=None, at=-1):
        return Question.objects.create(
            area=area or world.area, network=network, category=term("faq_categories", "yleista"), question=title,
            answer=f"{title}-tiivis", published_at=None if at is None else now + at * DAY,
        )  # fmt: skip

    return make


@pytest.fixture
def everything(world, make_meeting, make_news, make_method, make_question, now):
    """One of each; a title says for whom, or why it is told to nobody."""
    for name, network in (("iso", world.iso), ("suljettu", world.closed)):
        make_meeting(f"kokous-{name}-kaikille", network, visibility=Meeting.PUBLIC)
        make_meeting(f"kokous-{name}-jasenille", network, days=8, visibility=Meeting.MEMBERS)
        make_meeting(f"kokous-{name}-omille", network, days=9, visibility=Meeting.NETWORK)
        make_news(f"uutinen-{name}-kaikille", network)
        make_news(f"uutinen-{name}-jasenille", network, visibility=NewsItem.MEMBERS)
        make_meeting(f"kokous-{name}-luonnos", network, draft=True)
        make_meeting(f"kokous-{name}-peruttu", network, cancelled=True)
        make_meeting(f"kokous-{name}-pidetty", network, days=-1)
        make_meeting(f"kokous-{name}-kaukana", network, days=71)
        make_meeting(f"kokous-{name}-muualla", network, area=world.other_area)
    make_news("uutinen-kaikille")
    make_news("uutinen-jasenille", visibility=NewsItem.MEMBERS)
    make_news("uutinen-luonnos", at=None)
    make_news("uutinen-huomenna", at=1)
    make_news("uutinen-vanhentunut", expires_at=now)
    make_news("uutinen-vanha", at=-43)
    make_news("uutinen-muualla", area=world.other_area)
    make_method("tapa-kaikille", visibility=Method.PUBLIC)
    make_method("tapa-jasenille", visibility=Method.MEMBERS)
    make_method("tapa-isolle", visibility=Method.NETWORK, network=world.iso)
    make_method("tapa-suljetulle", visibility=Method.NETWORK, network=world.closed)
    make_method("tapa-koordinaattoreille", visibility=Method.COORDINATORS)
    make_method("tapa-luonnos", at=None)
    make_method("tapa-arkistossa", archived_at=now)
    make_method("tapa-vanha", at=-43)
    make_method("tapa-muualla", area=world.other_area)
    make_question("kysymys-kaikille")
    make_question("kysymys-isolle", world.iso)
    make_question("kysymys-suljetulle", world.closed)
    make_question("kysymys-luonnos", at=None)
    make_question("kysymys-huomenna", at=1)
    make_question("kysymys-vanha", at=-43)
    make_question("kysymys-muualla", area=world.other_area)


@pytest.fixture
def make_list(world):
    """make_list("suljettu", network=world.closed, is_public=False) gives a list of Kaisa's area."""

    def make(code, **facts):
        return MailingList.objects.create(area=world.area, code=code, name_fi=code.capitalize(), **facts)

    return make


def told(issue, kind=None):
    """The titles of the blocks that came by themselves, as they stand, without the headings above them."""
    blocks = [block for block in issue.blocks.in_order() if not block.is_heading]
    return [block.title for block in blocks if block.title and kind in (None, block.kind)]


OPEN = ["uutinen-jasenille", "uutinen-kaikille", "tapa-jasenille", "tapa-kaikille", "kysymys-kaikille"]
OF_THE_AREA = [f"kokous-{name}-{whom}" for whom in ("kaikille", "jasenille") for name in ("iso", "suljettu")] + OPEN


def of_a_network(name):
    meetings = [f"kokous-{name}-{whom}" for whom in ("kaikille", "jasenille", "omille")]
    return [*meetings, f"uutinen-{name}-jasenille", f"uutinen-{name}-kaikille", *OPEN]


LISTS = [
    ("alue", {}, OF_THE_AREA),
    ("kaski", {"is_public": False}, OF_THE_AREA),
    ("ministerio", {"kind": MailingList.OUTSIDE, "is_public": False}, OF_THE_AREA),
    ("iso", {"network": "iso"}, of_a_network("iso")),
    ("suljettu", {"network": "closed", "is_public": False}, of_a_network("suljettu")),
]


@pytest.mark.parametrize(("code", "facts", "titles"), LISTS, ids=[code for code, _facts, _titles in LISTS])
def test_a_list_is_told_what_its_readers_may_know(world, everything, make_list, now, code, facts, titles):
    facts = facts | ({"network": getattr(world, facts["network"])} if "network" in facts else {})
    issue = start_issue(make_list(code, **facts), world.kaisa, now)
    assert sorted(told(issue)) == sorted(titles)


# what happened when


def test_a_meeting_that_goes_on_is_told_and_ten_weeks_are_looked_ahead(world, make_list, make_meeting, now):
    make_meeting("nyt", days=0, hours=1)
    make_meeting("kymmenen-viikkoa", days=70)
    make_meeting("yli", days=70.01)
    make_meeting("loppui", days=-1, hours=24)
    assert told(start_issue(make_list("alue"), world.kaisa, now)) == ["nyt", "kymmenen-viikkoa"]


@pytest.fixture
def news_of_some_days(make_news, make_method, make_question):
    for at in (-43, -20, -10, -2):
        make_news(f"u{-at}", at=at)
        make_method(f"t{-at}", at=at)
        make_question(f"k{-at}", at=at)


def sent_issue(mailing_list, now, days, number=1, **facts):
    at = now - days * DAY
    return Issue.objects.create(
        list=mailing_list,
        number=number,
        slug=f"{mailing_list.code}-{number}",
        subject_fi="Ennen",
        addressed_at=at,
        **facts,
    )


def numbers(issue):
    return sorted(told(issue))


def test_the_first_issue_looks_six_weeks_back(world, make_list, news_of_some_days, now):
    issue = start_issue(make_list("alue"), world.kaisa, now)
    assert numbers(issue) == ["k10", "k2", "k20", "t10", "t2", "t20", "u10", "u2", "u20"]


def test_the_next_issue_looks_back_to_the_last_one_of_its_own_list_that_was_sent(
    world, make_list, news_of_some_days, now
):
    own, other = make_list("alue"), make_list("muu")
    sent_issue(own, now, 30)
    sent_issue(own, now, 15, number=2)
    sent_issue(other, now, 1)
    Issue.objects.create(list=own, number=3, slug="luonnos", subject_fi="Luonnos", scheduled_at=now - DAY)
    issue = start_issue(own, world.kaisa, now)
    assert numbers(issue) == ["k10", "k2", "t10", "t2", "u10", "u2"]


def test_what_came_at_the_very_moment_of_the_last_issue_was_in_it(world, make_list, make_news, make_question, now):
    own = make_list("alue")
    sent_issue(own, now, 5)
    make_news("u", at=-5)
    make_question("k", at=-5)
    assert told(start_issue(own, world.kaisa, now)) == []


# how much, in which order, and once


def test_at_most_six_of_each_kind_the_nearest_meetings_and_the_newest_of_the_rest(
    world, make_list, make_meeting, make_news, make_method, make_question, now
):
    for n in range(1, 8):
        make_meeting(f"m{n}", days=n)
        make_news(f"u{n}", at=-n)
        make_method(f"t{n}", at=-n)
        make_question(f"k{n}", at=-n)
    issue = start_issue(make_list("alue"), world.kaisa, now)
    firsts = [1, 2, 3, 4, 5, 6]
    assert told(issue, Block.MEETING) == [f"m{n}" for n in firsts]
    assert told(issue, Block.NEWS) == [f"u{n}" for n in firsts]
    assert told(issue, Block.METHOD) == [f"t{n}" for n in firsts]
    assert told(issue, Block.TEXT) == [f"k{n}" for n in reversed(range(2, 8))]


def test_a_new_issue_begins_with_a_place_for_words_and_filling_again_adds_only_what_is_new(
    world, make_list, make_meeting, make_news, make_method, make_question, now
):
    for make, title in ((make_meeting, "m"), (make_news, "u"), (make_method, "t"), (make_question, "k")):
        make(title)
    issue = start_issue(make_list("alue"), world.kaisa, now)
    blocks = list(issue.blocks.in_order())
    assert [(block.order, block.kind, block.title) for block in blocks] == [
        (1, "text", ""), (2, "text", "Tulevia tapaamisia"), (3, "meeting", "m"), (4, "text", "Uutisia"),
        (5, "news", "u"), (6, "text", "Uutta menetelmäpankissa"), (7, "method", "t"),
        (8, "text", "Kysymyksiä ja vastauksia"), (9, "text", "k"),
    ]  # fmt: skip
    assert fill(issue, now) == 0
    make_news("u2")
    make_question("k2")
    assert (fill(issue, now), told(issue)) == (2, ["m", "u", "t", "k", "u2", "k2"])
    assert [block.order for block in issue.blocks.in_order()] == list(range(1, 14))


def test_each_kind_stands_under_a_heading_in_three_languages(world, make_list, make_news, now):
    """Real use 37: what came by itself is in order before anybody has touched it."""
    make_news("u")
    issue = start_issue(make_list("alue"), world.kaisa, now)
    (heading,) = [block for block in issue.blocks.in_order() if block.is_heading]
    assert (heading.title_fi, heading.title_sv, heading.title_en) == ("Uutisia", "Nyheter", "What is new")


def test_a_list_that_was_silent_for_long_tells_of_no_old_things(world, make_list, news_of_some_days, now):
    """Real use 37: news, methods and questions of two months ago are not new, whenever the last issue left."""
    own = make_list("alue")
    sent_issue(own, now, 60)
    assert numbers(start_issue(own, world.kaisa, now)) == ["k10", "k2", "k20", "t10", "t2", "t20", "u10", "u2", "u20"]


def test_who_sees_nothing_under_a_heading_does_not_see_it(client, world, make_list, make_news, send, now):
    """Real use 37: neither in the letter nor in the archive; a heading of the coordinator's own stays."""
    make_news("u", visibility=NewsItem.MEMBERS)
    own = make_list("alue")
    for email in ("virpi@example.org", world.aino.email):
        Subscription.objects.create(list=own, email=email, requested_at=now, confirmed_at=now)
    issue = start_issue(own, world.kaisa, now)
    issue.blocks.create(kind=Block.TEXT, title_fi="Hyvää joulua", order=99)
    send(issue)
    letters = {each.recipient: each.as_letter().text for each in Delivery.objects.filter(kind="newsletter")}
    seen = {who: ["## Uutisia" in text, "## Hyvää joulua" in text] for who, text in letters.items()}
    assert seen == {"virpi@example.org": [False, True], world.aino.email: [True, True]}
    page = client.get(issue.get_absolute_url())
    assert [block.title for block in page.context["blocks"] if block.title] == ["Hyvää joulua"]


# all the way: letters and the archive


@pytest.fixture
def readers(world, now):
    """Somebody without an account, members of the other area, the big network and the closed one, coordinators."""
    world.closed.take_in(world.niilo, now=now)
    return {None: "virpi@example.org"} | {
        name: getattr(world, name).email for name in ("eetu", "aino", "niilo", "kaisa", "kerttu", "ulla")
    }


def visible(user):
    """The titles of all that the site shows to somebody."""
    found = set()
    for model in (Meeting, Method, NewsItem):
        found |= set(model.objects.visible_to(user).values_list("title", flat=True))
    return found | {"kysymys-kaikille"}


@pytest.mark.parametrize(("code", "facts", "titles"), LISTS, ids=[code for code, _facts, _titles in LISTS])
def test_no_letter_tells_more_than_the_site_and_the_archive_tells_what_everybody_sees(
    client, world, everything, readers, make_list, send, now, code, facts, titles
):
    facts = facts | ({"network": getattr(world, facts["network"])} if "network" in facts else {})
    mailing_list = make_list(code, **facts)
    for email in readers.values():
        Subscription.objects.create(list=mailing_list, email=email, requested_at=now, confirmed_at=now)
    issue = send(start_issue(mailing_list, world.kaisa, now))
    for name, email in readers.items():
        user = getattr(world, name) if name else AnonymousUser()
        letter = Delivery.objects.get(kind="newsletter", recipient=email).as_letter()
        for part in (letter.text, letter.html):
            assert {title for title in titles if f"{title}-tiivis" in part} == visible(user) & set(titles), name
    page = client.get(issue.get_absolute_url())
    if not mailing_list.is_public:
        assert page.status_code == 404
        return
    shown = {title for title in titles if f"{title}-tiivis" in page.text}
    assert shown == {title for title in titles if title.endswith("-kaikille")}
    words = {word: bool(Issue.objects.visible_to(None).matching(f"{word}-tiivis")) for word in titles}
    assert words == {title: title in shown for title in titles}
    feed = client.get(reverse("newsletters:list-feed", args=[world.area.slug, code])).text
    assert not any(title in feed for title in titles)
