"""Links from letters work in a browser that hides where the form was sent from; a sign-in leads back to the page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.permissions.scene import build
from tests.permissions.test_pages import addresses
from tests.test_conventions import views


@pytest.fixture
def by_token(world, term):
    """The good link of every page that opens by token. The door for incoming mail is in no letter."""
    marked = {name for name, view in views() if view.access == "by_token"}
    paths = addresses(world, build(world, term))
    return {name: paths[name, "good"] for name in marked - {"outbox:inbound"}}


def test_a_form_behind_a_link_from_a_letter_may_come_from_a_hidden_origin(by_token):
    browser = Client(enforce_csrf_checks=True)
    answers = {name: browser.post(path, headers={"origin": "null"}).status_code for name, path in by_token.items()}
    assert [name for name, code in answers.items() if code == 403] == []
    assert len(answers) == 18


def test_a_link_from_a_letter_is_never_passed_on_or_kept(by_token):
    kept = {"meetings:own-feed": "private, max-age=900"}  # by the calendar that asks, and by nobody between
    for name, path in by_token.items():
        answer = Client().get(path)
        wanted = ("no-referrer", kept.get(name, "private, no-store"))
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == wanted


def test_a_form_of_a_signed_in_page_still_needs_its_token(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.aino)
    assert browser.post(reverse("contacts:me-edit"), {"name": "Toinen"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/tapaamiset/x/?sivu=2", "/tapaamiset/x/?sivu=2"),
        ("https://muualla.example.org/tapaamiset/x/", "/"),
        ("", "/"),
    ],
)
def test_a_form_that_was_sent_without_sign_in_leads_back_to_its_page(client, referer, back):
    answer = client.post(reverse("meetings:task-done", args=[1]), headers={"referer": referer} if referer else {})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.url).query)["next"] == [back]
