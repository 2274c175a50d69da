"""What one form sends twice, on a double click, in two requests at once or after "back", is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation
from lib.models import SentForm
from lib.tasks import forget_sent_forms
from meetings.models import Meeting, Proposal, VisitReport, Wish
from networks.models import NewsItem
from outbox.models import Delivery
from tests.page_forms import form_with, signed_in_browser

TWICE = 2
NEW_PROPOSAL = reverse("meetings:proposal-new")


def sent_at_once(person, url, data, times=TWICE):
    """The answers of requests that arrive in the same instant, each on a connection of its own."""
    browsers = [signed_in_browser(person) for _each in range(times)]
    start = Barrier(times)

    def send(browser):
        start.wait()
        try:
            return browser.post(url, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(send, browsers))


def errors_of(answer):
    return answer.context["errors"].as_text() if answer.status_code == 200 else ""


def addresses(answers):
    return {(answer.status_code, answer.get("Location")) for answer in answers}


def opened(person, url, *names, **typed):
    """The form of a page with what was typed into it."""
    page = signed_in_browser(person).get(url)
    assert page.status_code == 200
    return form_with(page, *names) | typed


@pytest.fixture
def meeting(world, term):
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    kind = term("event_types", "verkostotapaaminen")
    facts = {"title": "Tapaaminen", "mode": Meeting.ONLINE, "slug": "tapaaminen", "area": world.area, "kind": kind}
    return Meeting.objects.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **facts)


@pytest.fixture
def proposal(world):
    return opened(world.aino, NEW_PROPOSAL, "title", network=world.iso.pk, title="Perehdytys", minutes=20)


# at the same moment


@pytest.mark.django_db(transaction=True)
def test_a_proposal_sent_twice_at_once_is_one_and_both_requests_get_the_same_answer(world, proposal):
    """Real use 6: a double click made two proposals and two letters to the coordinator."""
    answers = sent_at_once(world.aino, NEW_PROPOSAL, proposal, times=4)
    assert addresses(answers) == {(302, reverse("meetings:proposal-list"))}
    assert (Proposal.objects.count(), Delivery.objects.filter(kind="proposal-received").count()) == (1, 1)
    told = [[str(message) for message in get_messages(answer.wsgi_request)] for answer in answers]
    assert told == [told[0]] * 4 and len(told[0]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_wish_sent_twice_at_once_is_one(world):
    """Real use 6: and the answer leads to the wish that was made, for both."""
    url = reverse("meetings:wish-new")
    wish = opened(world.aino, url, "title", title="Trauma ja turva", why="Kysytään usein.", anyway="1")
    answers = sent_at_once(world.aino, url, wish)
    assert addresses(answers) == {(302, Wish.objects.get().get_absolute_url())}


@pytest.mark.django_db(transaction=True)
def test_a_visit_written_down_twice_at_once_is_one(world, term):
    """Real use 6: the log of visits on the desk."""
    term("event_types", "kuntakaynti")
    url = reverse("admin:meetings_meeting_visit_log")
    told = {"visited_on": timezone.localdate().isoformat(), "municipalities": [world.towns.saarijarvi.pk]}
    visit = opened(world.kaisa, url, "visited_on", **told)
    answers = sent_at_once(world.kaisa, url, visit)
    assert [answer.status_code for answer in answers] == [302] * TWICE
    assert VisitReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_meeting_added_twice_at_once_on_the_desk_is_one(world, term):
    """Real use 6: two rows, or a page of an error about the address of the second."""
    url, kind = reverse("admin:meetings_meeting_add"), term("event_types", "verkostotapaaminen")
    day = timezone.localdate() + timedelta(days=9)
    facts = {"title": "Kevään kick-off", "kind": kind.pk, "area": world.area.pk, "networks": [world.iso.pk]}
    facts |= {"starts_at": f"{day}T13:00", "ends_at": f"{day}T15:00", "mode": "online", "visibility": "members"}
    facts |= {"slug": "kevaan-kick-off", "summary": "Kevään kuviot.", "join_url": "https://kokous.example.org/1"}
    meeting = opened(world.kaisa, url, "title", "starts_at", **facts)
    answers = sent_at_once(world.kaisa, url, meeting)
    assert [errors_of(answer) for answer in answers] == [""] * TWICE
    assert len(addresses(answers)) == 1
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_meeting_copied_twice_at_once_has_one_copy(world, meeting):
    """Real use 6: copies doubled as well."""
    url = reverse("admin:meetings_meeting_copy", args=[meeting.pk])
    on = timezone.localdate() + timedelta(days=30)
    answers = sent_at_once(world.kaisa, url, opened(world.kaisa, url, "on", on=on.isoformat()))
    assert len(addresses(answers)) == 1
    assert Meeting.objects.exclude(pk=meeting.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_news_added_twice_at_once_on_the_desk_are_one(world):
    """Real use 6: every other page of the desk that adds a row."""
    url = reverse("admin:networks_newsitem_add")
    news = opened(world.kaisa, url, "title", title="Uutta", slug="uutta", summary="Uutta.", area=world.area.pk)
    answers = sent_at_once(world.kaisa, url, news)
    assert [errors_of(answer) for answer in answers] == [""] * TWICE
    assert NewsItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_copy_a_meeting_at_once_make_two_copies_and_no_error(world, meeting):
    """Real use 6: both took the same free address, and the second met a page of an error."""
    url = reverse("admin:meetings_meeting_copy", args=[meeting.pk])
    on = (timezone.localdate() + timedelta(days=30)).isoformat()
    forms = [opened(world.kaisa, url, "on", on=on) for _tab in range(4)]
    start = Barrier(len(forms))

    def send(form):
        browser = signed_in_browser(world.kaisa)
        start.wait()
        try:
            return browser.post(url, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as threads:
        assert list(threads.map(send, forms)) == [302] * len(forms)
    assert Meeting.objects.exclude(pk=meeting.pk).count() == len(forms)


# one after the other


def test_a_form_that_is_sent_again_later_is_answered_as_the_first_time(world, sign_in, proposal):
    """Real use 6: "back" and the button once more."""
    browser = sign_in(world.aino)
    first, second = browser.post(NEW_PROPOSAL, proposal), browser.post(NEW_PROPOSAL, proposal)
    assert addresses([first, second]) == {(302, reverse("meetings:proposal-list"))}
    assert Proposal.objects.count() == 1


def test_a_form_that_was_refused_is_judged_again(world, sign_in, proposal):
    browser = sign_in(world.aino)
    assert browser.post(NEW_PROPOSAL, proposal | {"title": ""}).status_code == 422
    assert not SentForm.objects.exists()
    assert browser.post(NEW_PROPOSAL, proposal).status_code == 302
    assert Proposal.objects.count() == 1


def test_another_text_in_the_same_form_is_another_proposal_and_is_not_lost(world, sign_in, proposal):
    browser = sign_in(world.aino)
    browser.post(NEW_PROPOSAL, proposal)
    browser.post(NEW_PROPOSAL, proposal | {"title": "Jotain muuta"})
    assert Proposal.objects.count() == TWICE


def test_a_page_that_is_opened_again_sends_again(world, sign_in):
    browser = sign_in(world.aino)
    for _time in range(TWICE):
        typed = form_with(browser.get(NEW_PROPOSAL), "title") | {"network": world.iso.pk, "title": "A", "minutes": 5}
        browser.post(NEW_PROPOSAL, typed)
    assert Proposal.objects.count() == TWICE


def test_the_token_of_one_person_speaks_for_no_other(world, sign_in, proposal):
    sign_in(world.aino).post(NEW_PROPOSAL, proposal)
    sign_in(world.matti).post(NEW_PROPOSAL, proposal)
    assert set(Proposal.objects.values_list("proposer", flat=True)) == {world.aino.pk, world.matti.pk}


def test_a_row_added_in_a_small_window_of_the_desk_is_added_once(world, sign_in, term):
    """Real use 6: the window that opens beside a form of the desk answers with a page and not with an address."""
    url = reverse("admin:contacts_organisation_add") + "?_popup=1"
    kinds = {"type": term("organisation_types", "kunta").pk, "sector": term("sectors", "nuoriso").pk}
    typed = opened(world.ulla, url, "name", name="Uusi yhdistys", slug="uusi", **kinds)
    before, browser = Organisation.objects.count(), sign_in(world.ulla)
    first, second = browser.post(url, typed), browser.post(url, typed)
    assert first.context is None or "errors" not in first.context, errors_of(first)
    assert (first.status_code, first.content) == (200, second.content)
    assert Organisation.objects.count() == before + 1


def test_forms_that_were_sent_two_days_ago_are_forgotten(db):
    now = timezone.now()
    SentForm.objects.create(key="old", sent_at=now - timedelta(days=2, minutes=1))
    SentForm.objects.create(key="new", sent_at=now - timedelta(days=1))
    forget_sent_forms()
    assert list(SentForm.objects.values_list("key", flat=True)) == ["new"]
