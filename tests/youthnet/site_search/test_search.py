"""The search page: what is found, in which order, and what it says when nothing is."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from contacts.models import ContactCard, Organisation
from meetings.models import AgendaItem, Decision, Meeting, Minutes, Task, Wish
from methods.models import Method
from networks.models import Network, NewsItem, Page, Question
from newsletters.models import Issue, MailingList
from plans.models import Plan
from tests.leaks import assert_not_leaked
from youthnet.site_search.groups import GROUPS


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def meeting(world, term, now):
    def make(title, days=7, **more):
        starts_at = now + timedelta(days=days)
        made = Meeting.objects.create(
            area=world.area,
            slug=Meeting.objects.free_slug(title, starts_at.date()),
            title=title,
            summary=more.pop("summary", "Kevään tapaaminen."),
            kind=term("event_types", "koulutus", fi="Koulutus", sv="Utbildning", en="Training"),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            published_at=now,
            **more,
        )
        made.index()
        return made

    return make


@pytest.fixture
def news(world, now):
    def make(title, **more):
        made = NewsItem.objects.create(
            area=world.area, slug=f"uutinen-{NewsItem.objects.count()}", title=title, published_at=now, **more
        )
        made.index()
        return made

    return make


@pytest.fixture
def method(world, now):
    def make(title, **more):
        moments = dict.fromkeys(["created_at", "changed_at", "submitted_at", "published_at"], now)
        made = Method.objects.create(
            area=world.area, slug=f"menetelma-{Method.objects.count()}", title=title, kind="method", **moments, **more
        )
        made.index()
        return made

    return make


@pytest.fixture
def search(client):
    def ask(words, who=None, **more):
        if who:
            client.force_login(who)
        return client.get(reverse("search"), {"q": words, **more})

    return ask


def titles(answer):
    return [hit.row.title for results in answer.context["results"] for hit in results.hits]


@pytest.mark.parametrize(
    "typed",
    ["leikki", "ryhmäytymisleikit", "LEIKKEJÄ", "Ryhmäytyminen", "ryhmäytymisle", '"kolme leikkiä"', "leikki -kortti"],
)
def test_inflected_words_parts_of_words_and_capitals_find(search, news, typed):
    news("Ryhmäytymisleikkejä syksyyn", summary="Kolme leikkiä nuorille.")
    news("Tunnekortit", summary="Kortti kerrallaan.")
    assert titles(search(typed)) == ["Ryhmäytymisleikkejä syksyyn"]


@pytest.mark.parametrize("typed", ["äänekoski", "Äänekoskella", "ÄÄNEKOSKI", "Åbo", "öljyinen", "etä-ilta", "etä"])
def test_nordic_letters_and_hyphens_find(search, news, typed):
    news("Äänekosken ja Åbon öljyinen etä-ilta")
    assert titles(search(typed)) == ["Äänekosken ja Åbon öljyinen etä-ilta"]


def test_each_language_finds_by_its_own_endings(search, news, world):
    news("Ungdomsgårdarna öppnar", language="sv")
    news("Meetings for workers", language="en")
    Network.objects.filter(pk=world.iso.pk).update(name_sv="Nätverket för ungdomsarbete")
    Network.objects.get(pk=world.iso.pk).index()
    assert titles(search("ungdomsgård")) == ["Ungdomsgårdarna öppnar"]
    assert titles(search("worker")) == ["Meetings for workers"]
    with translation.override("sv"):
        assert titles(search("nätverk")) == ["Nätverket för ungdomsarbete"]


def test_words_are_marked_with_the_language_they_are_written_in(search, news):
    news("Ungdomsgårdarna öppnar", language="sv")
    page = search("öppnar").content.decode()
    assert re.findall(r'<h3 [^>]*lang="(\w+)"', page) == ["sv"]


def test_what_is_ahead_comes_before_what_is_over(search, meeting):
    for title, days in [("Kurssi A", -30), ("Kurssi B", 3), ("Kurssi C", -3), ("Kurssi kurssi kurssi", 30)]:
        meeting(title, days)
    assert titles(search("kurssi"))[2:] == ["Kurssi C", "Kurssi A"]
    assert set(titles(search("kurssi"))[:2]) == {"Kurssi B", "Kurssi kurssi kurssi"}


def test_the_group_with_the_best_match_comes_first(search, meeting, news):
    meeting("Tapaaminen", summary="Puhutaan myös kiusaamisesta.")
    news("Kiusaaminen")
    assert groups(search("kiusaaminen")) == ["news", "meetings"]


def groups(answer):
    return [results.group.code for results in answer.context["results"]]


LONG = "Muuta asiaa on paljon ja siitä kerrotaan tässä. " * 6


def test_a_meeting_with_the_word_in_its_title_comes_before_methods_that_mention_it(search, meeting, method):
    method("Keskustelukortit", keywords=["kiusaaminen"], summary="Puhutaan kiusaamisesta.", goal=LONG)
    meeting("Kiusaaminen ja siihen puuttuminen")
    assert groups(search("kiusaaminen")) == ["meetings", "methods"]


def test_a_method_with_the_word_in_its_title_comes_before_meetings_that_mention_it(search, meeting, method):
    method("Kiusaaminen ja siihen puuttuminen", goal=LONG)
    meeting("Kevätpäivät", summary="Puhutaan myös kiusaamisesta.", description=LONG)
    assert groups(search("kiusaaminen")) == ["methods", "meetings"]


def test_the_same_words_weigh_the_same_in_every_group_however_often_a_method_was_tried(search, method, news, now):
    for make in (method, news):
        make("Kiusaaminen", summary="Kevään tapaaminen.")
    Method.objects.update(trial_count=99, verified_on=now.date())
    first, second = search("kiusaaminen").context["results"]
    assert first.rank == second.rank > 0


def test_a_few_of_each_kind_are_shown_and_the_way_to_the_others(search, news):
    for number in range(23):
        news(f"Kurssi {number}")
    answer = search("kurssi")
    [results] = answer.context["results"]
    assert (len(results.hits), results.number, results.has_more) == (5, 23, True)
    assert f'href="?q=kurssi&amp;in={results.group.code}"' in answer.content.decode()
    first, second = search("kurssi", **{"in": "news"}), search("kurssi", **{"in": "news", "page": 2})
    assert (len(titles(first)), len(titles(second))) == (20, 3)
    assert set(titles(first)).isdisjoint(titles(second))


def test_people_are_found_by_name_post_employer_and_municipality(search, world):
    world.aino.introduce(name="Aino Jäsen", title="Erityisnuorisotyöntekijä")
    for typed in ("Aino", "erityisnuorisotyöntekijä", "nuorisopalvelut aino", "jyväskylän kaupunki aino"):
        assert titles(search(typed, world.matti, **{"in": "members"})) == ["Aino Jäsen"]
    page = search("Aino", world.matti)
    assert f'href="{world.iso.get_absolute_url()}#members"' in page.text
    assert_not_leaked("aino@example.org", page)


def test_without_words_there_is_help_and_no_list(search, world):
    for typed in ("", "   ", "-vain", "ja", "!!", '""', "-"):
        answer = search(typed)
        assert (answer.status_code, "results" in answer.context) == (200, False)


def test_nothing_found_says_so(search, world):
    answer = search("qqxyzzy")
    assert (answer.status_code, answer.context["total"], answer.context["results"]) == (200, 0, [])
    assert "qqxyzzy" in answer.content.decode()


HOSTILE = ["'); DROP TABLE x; --", "a & | ! <-> (", ":*", "\\", "'''", "%", "🙂", "x" * 5000, "a\tb\nc"]
HOSTILE += ["<script>alert(1)", "-" * 300, '"' * 51, "a:*b", "\u202ex", "ﬁ ẞ İ", "NULL", "--all", "{{7*7}}", "%s%(x)s"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_odd_words_are_only_words(search, news, typed):
    news("Kurssi")
    for extra in ({}, {"in": "news"}, {"in": "news", "page": "x"}, {"in": typed, "page": "-3"}):
        answer = search(typed, **extra)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
    assert NewsItem.objects.count() == 1


def test_an_address_with_a_nul_is_refused(client, world):
    assert client.get(reverse("search") + "?q=%00").status_code == 400


def test_looking_changes_nothing_and_is_all_one_can_do(search, client, news):
    news("Kurssi")
    with CaptureQueriesContext(connection) as asked:
        answer = search("kurssi")
    assert [q["sql"] for q in asked if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE", "("))] == []
    assert client.post(reverse("search"), {"q": "kurssi"}).status_code == 405
    assert (answer["X-Robots-Tag"], "sessionid" in answer.cookies, len(answer.cookies)) == ("noindex", False, 0)


def test_what_was_looked_for_stands_in_no_log(search, news, caplog):
    with caplog.at_level("DEBUG", logger="django.request"), caplog.at_level("DEBUG", logger="youthnet"):
        search("salaisuuksien")
        search("salaisuuksien", **{"in": "news"})
    assert_not_leaked("salaisuuksien", caplog.text)


def rows_of_every_group(world, term, now, first, last):
    """So many things of every kind, all found by the same word."""
    mailing_list, _new = MailingList.objects.get_or_create(area=world.area, code="kirje", name_fi="Kirje")
    role, kind = term("contact_roles", "aluekoordinaattori"), term("event_types", "koulutus")
    category, network_kind = term("faq_categories", "jasenyys"), term("network_types", "maakunnallinen")
    moments = dict.fromkeys(["created_at", "changed_at", "submitted_at", "published_at"], now)
    for n in range(first, last):
        name = f"Kurssi {n}"
        same = {"area": world.area, "slug": f"kurssi-{n}", "title": name}
        made = [
            Meeting.objects.create(
                **same, summary=name, kind=kind, starts_at=now, ends_at=now + timedelta(hours=1), published_at=now
            ),
            Method.objects.create(**same, kind="method", visibility="public", **moments),
            NewsItem.objects.create(**same, published_at=now),
            Network.objects.create(area=world.area, slug=f"verkko-{n}", name_fi=name, kind=network_kind),
            Page.objects.create(**same, body=name),
            Question.objects.create(area=world.area, category=category, question=name, answer=name),
            Plan.objects.create(
                **same, starts_on=now.date(), ends_on=now.date() + timedelta(days=99), published_at=now
            ),
            Issue.objects.create(list=mailing_list, number=n, slug=f"kirje-{n}", subject_fi=name, addressed_at=now),
            ContactCard.objects.create(area=world.area, role=role, name=name, organisation=world.employer),
            Wish.objects.create(area=world.area, title=name, proposer=world.aino, created_at=now),
        ]
        meeting = made[0]
        AgendaItem.objects.add(meeting, name)
        Decision.objects.record(meeting, name, now)
        Task.objects.give(meeting, name, now)
        minutes = Minutes.objects.start(meeting)
        minutes.show_to(Minutes.PUBLIC)
        minutes.write_summary(name)
        minutes.approve(now, by=world.kaisa, notify=False)
        made += [minutes, Organisation.objects.create(slug=same["slug"], name=name, type=world.employer.type)]
        person = type(world.aino).objects.create_user(f"kurssi{n}@example.org", name=name, organisation=world.employer)
        world.iso.take_in(person, now)
        for row in made:
            row.index()


@pytest.mark.parametrize("who", [None, "aino", "kaisa"])
def test_the_number_of_queries_does_not_grow(search, world, term, now, who):
    reader = getattr(world, who) if who else None

    def cost(**more):
        search("kurssi", reader, **more)
        with CaptureQueriesContext(connection) as asked:
            answer = search("kurssi", **more)
        shown = {results.group.code for results in answer.context["results"]}
        return len(asked), shown

    rows_of_every_group(world, term, now, 1, 2)
    few = [cost(), cost(**{"in": "members"}), cost(**{"in": "meetings"})]
    rows_of_every_group(world, term, now, 2, 26)
    many = [cost(), cost(**{"in": "members"}), cost(**{"in": "meetings"})]
    assert few == many
    assert len(many[0][1]) == len(GROUPS) - 3 * (who is None)
    assert many[0][0] <= 8 + len(GROUPS)
