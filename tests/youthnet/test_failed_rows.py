"""What rounds could not do stands on the desk's first page, in words, for those whose matter it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contacts.models import User
from lib.models import FailedRow
from methods.models import SavedSearch
from networks.models import NewsItem

INDEX = "admin:index"


@pytest.fixture
def news(world):
    def make(number=0):
        return NewsItem.objects.create(area=world.area, slug=f"u{number}", title=f"Uutinen {number}", summary="x")

    return make


@pytest.fixture
def search(world):
    return SavedSearch.objects.create(
        user=world.aino, name="Salaisuus", created_at=timezone.now(), told_until=timezone.now()
    )


def fail(row, times=3, round="search.index", reason="OSError: no paper", now=None):
    for _time in range(times):
        FailedRow.objects.record(round, type(row), row.pk, reason, now or timezone.now())


def shown(client):
    return [each.name for each in client.get(reverse(INDEX)).context["failed_rows"]]


def test_what_failed_three_times_is_shown_with_its_page_and_its_reason(sign_in, world, news):
    row, since = news(), timezone.now() - timedelta(minutes=9)
    fail(row, times=2, now=since)
    client = sign_in(world.kaisa)
    assert shown(client) == []
    fail(row, times=1)
    (failure,) = client.get(reverse(INDEX)).context["failed_rows"]
    assert (failure.what, failure.kind, failure.name) == (
        "Sivun saattaminen haun löydettäväksi",
        "Uutinen",
        "Uutinen 0",
    )
    assert failure.url == reverse("admin:networks_newsitem_change", args=[row.pk])
    assert (failure.since, failure.times, failure.reason) == (since, 3, "OSError: no paper")
    page = client.get(reverse(INDEX)).content.decode()
    assert all(words in page for words in (f'href="{failure.url}"', "Jäi tekemättä", "3 yritystä", "OSError: no paper"))
    assert client.get(failure.url).status_code == 200


def test_it_disappears_once_the_row_succeeds_or_is_gone(sign_in, world, news):
    first, second = news(1), news(2)
    fail(first)
    fail(second)
    client = sign_in(world.kaisa)
    assert shown(client) == ["Uutinen 1", "Uutinen 2"]
    FailedRow.objects.filter(key=str(first.pk)).delete()
    second.delete()
    assert shown(client) == []
    assert "Jäi tekemättä" not in client.get(reverse(INDEX)).content.decode()


@pytest.mark.parametrize(("who", "names"), [("kaisa", ["Uutinen 0"]), ("kerttu", []), ("ulla", ["Uutinen 0"])])
def test_a_coordinator_sees_the_rows_of_the_own_area_only(sign_in, world, news, who, names):
    fail(news())
    assert shown(sign_in(getattr(world, who))) == names


@pytest.mark.parametrize("who", ["kaisa", "kerttu", "ulla"])
def test_what_belongs_to_no_area_is_shown_to_each_without_a_name(sign_in, world, search, who):
    fail(search, round="methods.saved-searches")
    (failure,) = sign_in(getattr(world, who)).get(reverse(INDEX)).context["failed_rows"]
    assert (failure.kind, failure.name, failure.url) == ("Tallennettu haku", f"numero {search.pk}", "")


def test_a_part_of_a_round_is_called_as_the_round(sign_in, world):
    fail(world.aino, round="methods.checks/12")
    (failure,) = sign_in(world.kaisa).get(reverse(INDEX)).context["failed_rows"]
    assert (failure.what, failure.name) == ("Kysymys, pitääkö menetelmä yhä paikkansa", "Aino Jäsen")


def test_a_row_that_cannot_even_say_its_name_is_shown_by_its_number(sign_in, world, news, monkeypatch):
    row = news()
    fail(row)
    monkeypatch.setattr(NewsItem, "__str__", lambda self: 1 / 0)
    with override("fi"):
        assert shown(sign_in(world.kaisa)) == [f"numero {row.pk}"]


def test_rows_of_a_model_that_is_no_more_are_passed_over(sign_in, world):
    now = timezone.now()
    facts = {"key": "1", "times": 5, "first_failed_at": now, "last_failed_at": now, "reason": "OSError"}
    FailedRow.objects.create(round="gone.round", model="gone.model", **facts)
    assert shown(sign_in(world.kaisa)) == []


def test_of_many_the_oldest_are_shown_and_the_others_counted_by_few_questions(sign_in, world, news):
    client = sign_in(world.kaisa)
    client.get(reverse(INDEX))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(INDEX))
        return len(queries), [each.name for each in page.context["failed_rows"]], page.context["failed_rows_more"]

    none, _names, _more = asked()
    for number in range(20):
        fail(news(number))
    fail(User.objects.get(pk=world.aino.pk), round="meetings.wishes/1")
    many, names, more = asked()
    assert (names, more) == ([f"Uutinen {number}" for number in range(6)], 15)
    assert many <= none + 3
