"""The page of a method: what one does with it comes first, and one experience is quoted."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from methods.models import Trial
from tests.conftest import HELSINKI

MONDAY, TUESDAY = date(2026, 11, 23), datetime(2026, 11, 24, 9, 0, tzinfo=HELSINKI)


@pytest.fixture
def page_of(client):
    """page_of(method, person=None) gives the page as text."""

    def get(method, person=None):
        if person:
            client.force_login(person)
        return client.get(method.get_absolute_url()).text

    return get


def test_a_member_tells_of_a_trial_keeps_and_prints(world, method, page_of):
    page = page_of(made := method(), world.matti)
    head = page[page.index('class="method-head"') : page.index('class="glance"')]
    offered = ["trial-new", "favourite", "collect", "session-plan-add", "method-card"]
    assert [name for name in offered if reverse(f"methods:{name}", args=[made.slug]) in head] == offered


def test_a_visitor_is_led_to_sign_in_and_back(method, page_of):
    page = page_of(made := method())
    assert f"{reverse('account_login')}?next={made.get_absolute_url()}" in page
    assert reverse("methods:trial-new", args=[made.slug]) in page
    assert "<form" not in page[page.index('class="method-head"') :]


def test_who_is_no_member_yet_only_prints(world, method, page_of):
    page = page_of(made := method(), world.niilo)
    assert reverse("methods:trial-new", args=[made.slug]) not in page
    assert reverse("methods:method-card", args=[made.slug]) in page


def test_the_author_of_a_draft_goes_on_writing(world, method, page_of):
    page = page_of(made := method(state="draft"), world.aino)
    assert page.count(reverse("methods:method-edit", args=[made.slug])) == 3  # the head, its bar, the phone's bar
    assert reverse("methods:trial-new", args=[made.slug]) not in page


def test_one_experience_told_in_words_is_quoted(world, method, page_of):
    Trial(tried_on=MONDAY, worked=4).record(made := method(), world.matti, TUESDAY)
    assert "others-say" not in page_of(made)
    Trial(tried_on=MONDAY, worked=4, note="Nuoret innostuivat.").record(made, world.aino, TUESDAY)
    page = page_of(made)
    assert page.index("”Nuoret innostuivat.”") < page.index('id="trials"')
    assert 'href="#trials"' in page
