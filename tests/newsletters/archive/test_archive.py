"""The archive: by area and list, by year, with a search and feeds; nothing of members, no names, no closed lists."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from meetings.models import Meeting
from newsletters.models import Block, Issue, MailingList
from search.analysis import finnish
from tests.leaks import assert_not_leaked

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def training(world):
    return MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")


@pytest.fixture
def sent(letters, now):
    """sent(3, subject_fi="…") stores an issue that was sent so many days ago."""

    def make(days_ago, mailing_list=None, blocks=(), **more):
        mailing_list = mailing_list or letters
        number = Issue.objects.filter(list=mailing_list).count() + 1
        more.setdefault("subject_fi", f"Kirje {number}")
        at = now - timedelta(days=days_ago)
        slug = f"{mailing_list.code}-{mailing_list.area_id}-{number}"
        issue = Issue.objects.create(list=mailing_list, number=number, slug=slug, addressed_at=at, **more)
        for block in blocks:
            issue.blocks.create(**block)
        issue.index()
        return issue

    return make


def shown(client, path, **query):
    return list(client.get(path, query).context["page"])


# --- by area, list and year ---


def test_each_list_and_area_has_a_page_of_its_own(client, world, letters, training, sent):
    elsewhere = MailingList.objects.create(area=world.other_area, code="kirje", name_fi="Toinen kirje")
    first, second, third = sent(3), sent(2, training), sent(1, elsewhere)
    assert shown(client, reverse("newsletters:issue-list")) == [third, second, first]
    assert shown(client, reverse("newsletters:area-issues", args=[world.area.slug])) == [second, first]
    assert shown(client, letters.get_absolute_url()) == [first]
    assert client.get(reverse("newsletters:list-issues", args=[world.other_area.slug, letters.code])).status_code == 404


def test_issues_stand_under_the_year_in_which_they_were_sent_here(client, letters, sent):
    sent(0), sent(1)
    Issue.objects.filter(number=1).update(addressed_at="2026-12-31T21:30:00+00:00")
    Issue.objects.filter(number=2).update(addressed_at="2026-12-31T22:30:00+00:00")
    years = client.get(letters.get_absolute_url()).context["years"]
    assert [(year, [issue.number for issue in issues]) for year, issues in years] == [(2027, [2]), (2026, [1])]


def test_an_empty_archive_says_so_and_leads_to_the_sign_up(client, letters):
    words = client.get(letters.get_absolute_url()).content.decode().split("<main")[1].split("</main>")[0]
    assert words.count(f'href="{reverse("newsletters:subscribe")}"') == 2
    assert 'role="search"' not in words


def test_each_issue_leads_to_its_neighbours_on_the_same_list(client, training, sent, letters):
    first, second, third = sent(9), sent(5), sent(5)
    sent(7, training)
    pages = [client.get(issue.get_absolute_url()).context for issue in (first, second, third)]
    assert [(page["earlier"], page["later"]) for page in pages] == [(None, second), (first, third), (second, None)]


def test_every_page_of_the_archive_asks_the_reader_to_subscribe_and_needs_no_cookie(client, world, letters, sent):
    issue = sent(1)
    area = reverse("newsletters:area-issues", args=[world.area.slug])
    for path in [reverse("newsletters:issue-list"), area, letters.get_absolute_url(), issue.get_absolute_url()]:
        page = client.get(path)
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        assert f'href="{reverse("newsletters:subscribe")}"' in main, path
        assert page.cookies == {}


@pytest.mark.parametrize("name, most", [("list", 9), ("detail", 10)])
def test_the_archive_asks_as_much_for_one_issue_as_for_many(client, letters, sent, meeting, name, most):
    def queries(issue):
        path = letters.get_absolute_url() if name == "list" else issue.get_absolute_url()
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    few = queries(sent(1))
    for day in range(2, 20):
        issue = sent(day, blocks=[{"kind": "meeting", "meeting": meeting}, {"kind": "text", "title_fi": "x"}])
    assert (queries(issue) - few <= (1 if name == "detail" else 0), few <= most) == (True, True)


# --- what stays out ---


def test_closed_lists_have_no_archive_and_no_feed_for_anybody(sign_in, client, world, sent, letters):
    closed = MailingList.objects.create(
        area=world.area, code="perus", name_fi="Perusverkoston kirje", network=world.closed, is_public=False
    )
    issue = sent(1, closed, subject_fi="Salainen suunnitelma")
    sent(2)
    for person in [None, world.aino, world.kaisa]:
        reader = sign_in(person) if person else client
        for path in [
            closed.get_absolute_url(),
            issue.get_absolute_url(),
            reverse("newsletters:list-feed", args=[world.area.slug, closed.code]),
        ]:
            assert reader.get(path).status_code == 404
        for name, args in [("issue-list", []), ("area-issues", [world.area.slug]), ("area-feed", [world.area.slug])]:
            answer = reader.get(reverse(f"newsletters:{name}", args=args))
            assert_not_leaked("Salainen", answer)
            assert_not_leaked("Perusverkoston", answer)


def test_an_issue_of_a_list_whose_network_was_closed_later_leaves_the_archive(client, world, sent):
    own = MailingList.objects.create(area=world.area, code="iso", name_fi="ISO", network=world.iso)
    issue = sent(1, own)
    assert client.get(issue.get_absolute_url()).status_code == 200
    type(world.iso).objects.filter(pk=world.iso.pk).update(visibility="closed")
    assert client.get(issue.get_absolute_url()).status_code == 404


def test_the_search_finds_nothing_of_what_is_for_members(client, letters, sent, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(visibility=Meeting.MEMBERS, title="Kanarialinnun tapaaminen")
    meeting.refresh_from_db()
    sent(1, blocks=[{"kind": "meeting", "meeting": meeting, "title_fi": "Kanaria", "body_fi": "<p>kanaria</p>"}])
    assert shown(client, letters.get_absolute_url(), q="kanaria") == []
    assert shown(client, letters.get_absolute_url(), q="kanarialintu") == []


# --- the search ---


def test_the_search_finds_inflected_words_and_parts_of_compounds_in_every_place(client, letters, sent, meeting):
    hit = sent(
        1,
        subject_fi="Ryhmäytymisleikkejä syksyyn",
        preheader_fi="Ilmoittaudu seminaariin",
        blocks=[
            {"kind": "text", "title_fi": "Etsivä nuorisotyö", "body_fi": "<p>Kuntavierailut alkavat.</p>"},
            {"kind": "meeting", "meeting": meeting},
        ],
    )
    sent(2, subject_fi="Muuta asiaa")
    for words in ["leikki", "seminaari", "nuorisotyön", "kuntavierailu", "verkostot tapaaminen", '"etsivä nuorisotyö"']:
        assert shown(client, letters.get_absolute_url(), q=words) == [hit], words


def test_the_search_finds_the_swedish_and_english_versions_in_their_own_words(client, letters, sent):
    hit = sent(1, subject_sv="Ungdomsarbetets seminarier", subject_en="New trainings")
    sent(2)
    for words in ["seminarierna", "training"]:
        assert shown(client, letters.get_absolute_url(), q=words) == [hit], words


def test_the_best_match_stands_first_and_the_search_stays_within_the_list(client, letters, training, sent):
    body = sent(1, blocks=[{"kind": "text", "body_fi": "<p>Muistakaa leirikirje.</p>"}])
    subject = sent(30, subject_fi="Leirikirje")
    elsewhere = sent(2, training, subject_fi="Leirikirje")
    assert shown(client, letters.get_absolute_url(), q="leirikirje") == [subject, body]
    assert shown(client, reverse("newsletters:issue-list"), q="leirikirje")[:2] == [elsewhere, subject]


@pytest.mark.parametrize("words", ["olematonsana", "&|!():*'\\", "-", '"', "a" * 5000, "%00"])
def test_odd_words_find_nothing_and_break_nothing(client, letters, sent, words):
    sent(1)
    page = client.get(letters.get_absolute_url(), {"q": words})
    assert page.status_code == 200
    if words == "olematonsana":
        assert (list(page.context["page"]), "olematonsana" in page.content.decode()) == ([], True)


def test_what_is_sent_is_found_at_once(client, letters, issue, reads, send):
    reads("virpi@example.org")
    assert shown(client, letters.get_absolute_url(), q="tammikuu") == []
    send(issue)
    assert shown(client, letters.get_absolute_url(), q="tammikuu") == [issue]


def test_reindex_makes_issues_findable_that_another_analyser_took_apart(client, letters, sent):
    issue = sent(1, subject_fi="Leirikirje")
    Issue.objects.update(search_vector=None, search_backend="other 1")
    call_command("reindex")
    assert shown(client, letters.get_absolute_url(), q="leirikirje") == [issue]
    assert Issue.objects.get().search_backend == finnish.backend()


# --- languages ---


def test_words_say_their_language_and_fall_back_to_one_that_there_is(client, letters, sent):
    issue = sent(
        1,
        subject_fi="Suomeksi",
        subject_sv="På svenska",
        blocks=[{"kind": "text", "title_fi": "Vain suomeksi", "body_fi": "<p>Hei</p>"}],
    )
    with translation.override("sv"):
        page = client.get(issue.get_absolute_url()).content.decode()
    assert '<h1 lang="sv">På svenska</h1>' in page
    assert '<h2 lang="fi">Vain suomeksi</h2>' in page and '<div class="prose" lang="fi"><p>Hei</p></div>' in page
    assert f'<a href="{issue.get_absolute_url()}" hreflang="fi" lang="fi">' in page.split("<main")[1]
    with translation.override("en"):
        assert '<h1 lang="fi">Suomeksi</h1>' in client.get(issue.get_absolute_url()).content.decode()


# --- feeds ---


def feed_of(client, name, *args, **headers):
    answer = client.get(reverse(f"newsletters:{name}", args=args), headers=headers)
    return answer, ElementTree.fromstring(answer.content) if answer.content else None


def test_the_feeds_of_list_and_area_tell_their_issues_newest_first(client, world, letters, training, sent, settings):
    first, second = sent(2, preheader_fi="Lue tämä"), sent(1, training)
    answer, atom = feed_of(client, "list-feed", world.area.slug, letters.code)
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert [entry.find(f"{ATOM}link").get("href") for entry in atom.iter(f"{ATOM}entry")] == [
        settings.SITE_URL + first.get_absolute_url()
    ]
    assert atom.find(f"{ATOM}entry/{ATOM}summary").text == "Lue tämä"
    _answer, atom = feed_of(client, "area-feed", world.area.slug)
    titles = [entry.find(f"{ATOM}title").text for entry in atom.iter(f"{ATOM}entry")]
    assert titles == [second.subject_fi, first.subject_fi]


def test_a_feed_that_has_not_changed_is_not_sent_again(client, world, letters, sent):
    sent(2)
    answer, _atom = feed_of(client, "list-feed", world.area.slug, letters.code)
    again, _none = feed_of(client, "list-feed", world.area.slug, letters.code, if_none_match=answer["ETag"])
    assert (again.status_code, again.content, answer["Cache-Control"]) == (304, b"", "public, max-age=300")
    sent(1)
    newer, _atom = feed_of(client, "list-feed", world.area.slug, letters.code, if_none_match=answer["ETag"])
    assert newer.status_code == 200
    assert newer.cookies == {}


def test_a_feed_never_believes_the_host_header_and_names_nobody(client, world, letters, issue, reads, send, settings):
    reads("virpi@example.org")
    send(issue)
    settings.ALLOWED_HOSTS = ["*"]
    answer, _atom = feed_of(client, "list-feed", world.area.slug, letters.code, host="evil.example.com")
    for word in ("evil.example.com", "virpi", "meet.example.org"):
        assert_not_leaked(word, answer)


def test_the_archive_of_long_ago_is_still_at_its_address(client, letters, sent):
    issue = sent(1)
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert client.get(issue.get_absolute_url()).status_code == 200
    assert Block.objects.count() == 0
