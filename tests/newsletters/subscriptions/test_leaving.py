"""Leaving and changing by the links in letters: without signing in, as often as pressed, never by merely looking."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from newsletters.models import MailingList, Subscription
from newsletters.subscriptions import signed_links
from newsletters.subscriptions.preference_forms import ChooseForm
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


@pytest.fixture
def anyone():
    """A mail program: no cookies, and the protection against forged forms switched on."""
    return Client(enforce_csrf_checks=True)


def path(url):
    return url.removeprefix("http://127.0.0.1:8000")


def leave_path(subscription):
    return path(signed_links.leave_url(subscription.pk, "fi"))


def settings_path(subscription):
    return path(signed_links.settings_url(subscription.pk, "fi"))


@pytest.fixture
def training(world):
    return MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")


@pytest.mark.parametrize("link", [leave_path, settings_path])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(anyone, reads, link, method):
    subscription = reads("virpi@example.org")
    before = list(Subscription.objects.values())
    for _look in range(2):
        answer = getattr(anyone, method)(link(subscription), headers={"User-Agent": "LinkScanner/1.0"})
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer.cookies == {}
    assert list(Subscription.objects.values()) == before


def test_one_click_leaves_one_list_at_once_and_tells_nothing_about_the_person(anyone, reads, training):
    subscription = reads("virpi@example.org")
    other = reads("virpi@example.org", mailing_list=training)
    answer = anyone.post(leave_path(subscription), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert_not_leaked("virpi", answer)
    assert list(Subscription.objects.active()) == [other]
    ended_at = Subscription.objects.get(pk=subscription.pk).ended_at
    assert anyone.post(leave_path(subscription), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get(pk=subscription.pk).ended_at == ended_at


def test_an_old_link_still_leaves_the_list_after_two_years_and_a_new_subscription(anyone, reads, now):
    old = reads("virpi@example.org")
    link = leave_path(old)
    old.leave(now)
    reads("virpi@example.org")
    with time_machine.travel(now + timedelta(days=730)):
        assert anyone.post(link).status_code == 200
    assert Subscription.objects.active().count() == 0


@pytest.mark.parametrize("link", [leave_path, settings_path])
def test_a_link_of_an_erased_person_says_already_done_and_makes_nothing_new(anyone, reads, link):
    subscription = reads("virpi@example.org")
    address = link(subscription)
    Subscription.objects.all().delete()
    for answer in [anyone.get(address), anyone.post(address)]:
        assert answer.status_code == 200
        assert answer.templates[0].name == "newsletters/subscriptions/left.html"
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize("name", ["leave-one-click", "preferences"])
def test_a_cut_link_or_one_for_something_else_is_refused_in_words(anyone, reads, name):
    subscription = reads("virpi@example.org")
    others = {"leave-one-click": settings_path, "preferences": leave_path}[name](subscription)
    foreign = others.rstrip("/").rsplit("/", 1)[1]
    for token in [foreign, "nonsense", foreign[:-2]]:
        address = reverse(f"newsletters:{name}", args=[token])
        for answer in [anyone.get(address), anyone.post(address)]:
            assert answer.status_code == 404
            assert answer.templates[0].name == "newsletters/subscriptions/refused.html"
    assert Subscription.objects.active().count() == 1


def test_settings_change_the_language_and_the_lists(anyone, reads, letters, training):
    subscription = reads("virpi@example.org")
    address = settings_path(subscription)
    answer = anyone.post(address, {"lists": [training.pk], "language": "sv"}, follow=True)
    assert answer.context["saved"] == ChooseForm.done
    joined = Subscription.objects.active().get()
    assert (joined.list, joined.language, joined.source) == (training, "sv", "preferences")
    assert joined.consent_text_version == "2026-11"
    assert Subscription.objects.get(pk=subscription.pk).ended_at is not None
    assert Delivery.objects.count() == 0


def test_one_press_leaves_all_lists(anyone, reads, training):
    subscription = reads("virpi@example.org")
    reads("virpi@example.org", mailing_list=training)
    subscriptions = reads("aino@example.org")
    anyone.post(settings_path(subscription), {"leave_all": "1"})
    assert list(Subscription.objects.active()) == [subscriptions]


def test_settings_offer_ones_own_lists_and_the_public_ones_of_the_area_only(anyone, reads, world, letters, training):
    hidden = MailingList.objects.create(area=world.area, code="ministerio", name_fi="Ministeriö", is_public=False)
    elsewhere = MailingList.objects.create(area=world.other_area, code="infokirje", name_fi="Toinen")
    address = settings_path(reads("virpi@example.org"))
    assert set(anyone.get(address).context["forms"]["choose"].fields["lists"].queryset) == {letters, training}
    for foreign in [hidden, elsewhere]:
        assert list(
            anyone.post(address, {"lists": [foreign.pk], "language": "fi"}).context["forms"]["choose"].errors
        ) == ["lists"]
    reads("virpi@example.org", mailing_list=hidden)
    assert set(anyone.get(address).context["forms"]["choose"].fields["lists"].queryset) == {letters, training, hidden}


def test_a_letter_in_the_outbox_is_stopped_when_its_reader_leaves(anyone, reads, issue, send):
    subscription, subscriptions = reads("virpi@example.org"), reads("aino@example.org")
    send(issue)
    anyone.post(leave_path(subscription))
    assert {letter.recipient: letter.state for letter in Delivery.objects.all()} == {
        subscription.email: "skipped",
        subscriptions.email: "waiting",
    }
