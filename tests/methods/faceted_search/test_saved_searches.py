"""Saved searches: kept under a name, told of by letter when something new fits that the person may see."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from contacts.models import User
from lib.tokens import sign_row
from methods.models import SavedSearch, TooMany
from methods.models.saved_search import MOST
from methods.tasks import notify_saved_searches
from outbox.models import Delivery
from tests.conftest import HELSINKI

SAVED = "/en/methods/saved/"
TUESDAY = datetime(2026, 11, 17, 12, 0, tzinfo=HELSINKI)
MONDAY_AFTER = datetime(2026, 11, 23, 7, 1, tzinfo=HELSINKI)
HOUR = timedelta(hours=1)


@pytest.fixture
def keep(world):
    """keep(query, rhythm, person, at) saves a search as its person does."""

    def make(query="topic=osallisuus", rhythm="now", person=None, at=TUESDAY, name="Osallisuus"):
        return SavedSearch.objects.save_search(person or world.matti, name, query, rhythm, at)

    return make


def told(at):
    """The subjects of the letters that a round at this moment writes."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    with time_machine.travel(at, tick=False):
        notify_saved_searches()
    return [f"{row.recipient}: {row.subject}" for row in Delivery.objects.exclude(pk__in=before).order_by("pk")]


def test_a_person_saves_the_filters_and_finds_them_again(world, words, sign_in):
    client = sign_in(world.aino)
    sent = {
        "name": "  Oma   haku ",
        "rhythm": "weekly",
        "query": "topic=osallisuus&age=13&topic=keksitty&evil=1",
    }
    assert client.post(SAVED, sent).url == SAVED
    row = SavedSearch.objects.get()
    assert (row.user, row.name, row.rhythm) == (world.aino, "Oma haku", "weekly")
    assert sorted(row.query.split("&")) == ["age=13", "topic=osallisuus"]
    shown = client.get(SAVED).context["rows"]
    assert [(row["search"].name, row["url"]) for row in shown] == [("Oma haku", f"/en/methods/?{row.query}")]
    client.post(SAVED, sent | {"name": "oma HAKU", "query": "topic=ryhmaytyminen", "rhythm": "now"})
    row.refresh_from_db()
    assert (SavedSearch.objects.count(), row.query, row.rhythm) == (1, "topic=ryhmaytyminen", "now")


def test_nobody_saves_without_an_account_or_a_name(world, words, client, sign_in):
    assert client.post(SAVED, {"name": "x", "rhythm": "now", "query": ""}).status_code == 302
    assert sign_in(world.aino).post(SAVED, {"name": " ", "rhythm": "often", "query": ""}).status_code == 422
    assert SavedSearch.objects.count() == 0


def test_a_person_keeps_only_so_many(world, keep):
    for number in range(MOST):
        keep(name=f"Haku {number}")
    with pytest.raises(TooMany):
        keep(name="Yksi liikaa")
    keep(name="haku 1", query="kind=model")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.filter(name="Haku 2").update(name="HAKU 3")


def test_a_search_is_renamed_deleted_and_taken_back_by_its_person_only(world, keep, sign_in):
    row = keep(rhythm="never")
    stranger = sign_in(world.aino)
    for action in ("change", "delete", "back"):
        assert stranger.post(f"{SAVED}{row.pk}/{action}/", {"name": "x", "rhythm": "now"}).status_code == 404
    client = sign_in(world.matti)
    client.post(f"{SAVED}{row.pk}/change/", {"name": "Uusi", "rhythm": "weekly"})
    row.refresh_from_db()
    assert (row.name, row.rhythm, row.query) == ("Uusi", "weekly", "topic=osallisuus")
    client.post(f"{SAVED}{row.pk}/delete/")
    page = client.get(SAVED).context
    assert (page["rows"], [each.name for each in page["deleted"]]) == ([], ["Uusi"])
    client.post(f"{SAVED}{row.pk}/back/")
    assert [each["search"].name for each in client.get(SAVED).context["rows"]] == ["Uusi"]


def test_something_new_is_told_at_once_and_only_once(world, method, keep):
    method("Vanha", at=TUESDAY - HOUR * 24)
    keep()
    assert told(TUESDAY + HOUR) == []
    method("Uusi", at=TUESDAY + HOUR)  # published two hours later
    assert len(told(TUESDAY + HOUR * 4)) == 1
    assert Delivery.objects.filter(kind="saved-search").count() == 1
    assert told(TUESDAY + HOUR * 5) == []
    letter = Delivery.objects.get(kind="saved-search")
    assert "Uusi" in letter.text and "Vanha" not in letter.text
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_weekly_letters_come_on_monday(world, method, keep):
    keep(rhythm="weekly")
    method("Uusi", at=TUESDAY)
    assert told(TUESDAY + HOUR * 48) == []
    assert len(told(MONDAY_AFTER)) == 1
    assert told(MONDAY_AFTER + HOUR) == []


def test_nothing_is_told_of_what_does_not_fit_is_hidden_own_or_no_longer_wanted(world, method, keep):
    keep("topic=ryhmaytyminen")
    keep(rhythm="never", name="Ei koskaan")
    keep(person=world.niilo)
    keep(person=world.aino)
    keep(person=world.vaino)
    method("Jäsenille", visibility="members", at=TUESDAY)
    assert told(TUESDAY + HOUR * 4) == []


def test_rights_are_looked_at_when_the_letter_is_written(world, method, keep):
    keep()
    method("Jäsenille", visibility="members", at=TUESDAY)
    world.matti.memberships.all().delete()
    assert told(TUESDAY + HOUR * 4) == []


def test_the_link_in_the_letter_stops_its_letters_and_nothing_else(world, keep, client):
    row, other = keep(), keep(name="Toinen")
    path = reverse("methods:saved-stop", args=[sign_row("methods.saved-search.stop", row.pk)])
    assert client.get(path).status_code == 200
    row.refresh_from_db()
    assert row.rhythm == "now"
    assert [client.post(path).status_code for _again in range(2)] == [200, 200]
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.rhythm, other.rhythm) == ("never", "now")
    assert client.post(path[:-2] + "x/").status_code == 404


def test_deleted_searches_are_forgotten_after_a_week(keep):
    row = keep()
    row.end(TUESDAY)
    assert told(TUESDAY + timedelta(days=6)) == []
    assert SavedSearch.objects.count() == 1
    told(TUESDAY + timedelta(days=8))
    assert SavedSearch.objects.count() == 0


def test_the_page_of_saved_searches_costs_the_same_with_one_and_with_many(world, keep, sign_in, words):
    from tests.methods.faceted_search.test_list import queries

    client = sign_in(world.matti)
    keep()
    client.get(SAVED)
    with queries() as one:
        client.get(SAVED)
    for number in range(20):
        keep(name=f"Haku {number}")
    with queries() as many:
        client.get(SAVED)
    assert len(many) == len(one)
    assert User.objects.get(pk=world.matti.pk).saved_searches.count() == 21
    assert mail.outbox == []
