"""The desk's page of letters: who sees which, what it does not tell, and its two actions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from outbox.models import Delivery, State
from tests.leaks import assert_not_leaked


@pytest.fixture
def letters_page():
    return reverse("admin:outbox_delivery_changelist")


def rows_on(response):
    return {row.recipient for row in response.context["cl"].result_list}


def test_each_coordinator_sees_the_letters_of_the_own_area(world, queue, sign_in, letters_page):
    queue("mine@example.org", area_id=world.area.pk)
    queue("theirs@example.org", area_id=world.other_area.pk)
    queue("nobodys@example.org")
    assert rows_on(sign_in(world.kaisa).get(letters_page)) == {"mine@example.org"}
    assert rows_on(sign_in(world.kerttu).get(letters_page)) == {"theirs@example.org"}
    assert rows_on(sign_in(world.ulla).get(letters_page)) == {
        "mine@example.org",
        "theirs@example.org",
        "nobodys@example.org",
    }


def test_members_have_no_such_page(world, queue, sign_in, letters_page):
    assert sign_in(world.aino).get(letters_page).status_code in (302, 403, 404)


def test_another_areas_letter_is_not_there(world, queue, sign_in):
    row = queue(area_id=world.other_area.pk)
    response = sign_in(world.kaisa).get(reverse("admin:outbox_delivery_change", args=[row.pk]))
    assert response.status_code == 302
    assert response.url == reverse("admin:index")


def test_a_letter_is_shown_without_its_words_and_cannot_be_changed(world, queue, sign_in):
    row = queue(area_id=world.area.pk, text="https://portal.example.org/henkilokohtainen-linkki", subject="Kutsu")
    url = reverse("admin:outbox_delivery_change", args=[row.pk])
    response = sign_in(world.kaisa).get(url)
    assert response.status_code == 200
    assert "Kutsu" in response.content.decode()
    assert_not_leaked("henkilokohtainen-linkki", response)
    assert sign_in(world.kaisa).post(url, {"subject": "Toinen"}).status_code == 403
    assert sign_in(world.kaisa).get(reverse("admin:outbox_delivery_add")).status_code == 403


def test_letters_are_found_by_state_kind_and_recipient(world, queue, sign_in, letters_page):
    queue("aino@example.org", area_id=world.area.pk)
    queue("eetu@example.org", area_id=world.area.pk, kind="newsletter")
    Delivery.objects.filter(recipient="eetu@example.org").update(sent_at=timezone.now())
    desk = sign_in(world.kaisa)
    assert rows_on(desk.get(letters_page, {"state": "sent"})) == {"eetu@example.org"}
    assert rows_on(desk.get(letters_page, {"kind": "invitation"})) == {"aino@example.org"}
    assert rows_on(desk.get(letters_page, {"q": "eetu@"})) == {"eetu@example.org"}


def test_the_list_tells_why_a_letter_did_not_arrive(world, queue, sign_in, letters_page):
    queue(area_id=world.area.pk)
    Delivery.objects.update(failed_at=timezone.now(), last_error="550 5.1.1 no such user")
    page = sign_in(world.kaisa).get(letters_page)
    [row] = page.context["cl"].result_list
    with translation.override("en"):
        assert page.context["cl"].model_admin.fate(row) == (
            "could not be sent: The address does not exist. (550 5.1.1 no such user)"
        )


def act(client, url, action, rows):
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]})


def test_a_failed_letter_is_tried_again(world, queue, sign_in, letters_page):
    row = queue(area_id=world.area.pk)
    Delivery.objects.update(failed_at=timezone.now(), attempts=1)
    act(sign_in(world.kaisa), letters_page, "try_again", [row])
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.WAITING, 0)


def test_a_waiting_letter_is_stopped(world, queue, sign_in, letters_page):
    row = queue(area_id=world.area.pk)
    act(sign_in(world.kaisa), letters_page, "stop", [row])
    row.refresh_from_db()
    assert row.state is State.CANCELLED


def test_another_areas_letter_is_not_stopped(world, queue, sign_in, letters_page):
    row = queue(area_id=world.other_area.pk)
    act(sign_in(world.kaisa), letters_page, "stop", [row])
    row.refresh_from_db()
    assert row.state is State.WAITING


def test_the_page_asks_as_much_for_many_letters_as_for_one(world, queue, sign_in, letters_page):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert sign_in(world.kaisa).get(letters_page).status_code == 200
        return len(asked)

    queue(area_id=world.area.pk)
    queries()
    one = queries()
    for number in range(24):
        queue(f"person{number}@example.org", area_id=world.area.pk)
    assert queries() == one
