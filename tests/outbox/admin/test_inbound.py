"""The desk's page of incoming mail, and the news on a letter's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.models import InboundMessage, MailEvent
from outbox.tasks import read_inbound
from tests.leaks import assert_not_leaked
from tests.outbox.samples import sample


@pytest.fixture
def post(queue):
    """post(area, number) is a person's answer to a letter of that area."""

    def answer(area, number=0):
        letter = queue(f"person{number}@example.org", area_id=area.pk if area else None)
        raw = sample("person", MESSAGE_ID=letter.message_id if area else "<none@example.org>")
        InboundMessage.objects.receive(raw + str(number).encode(), "test", timezone.now())
        read_inbound()
        return InboundMessage.objects.order_by("-pk").first()

    return answer


@pytest.fixture
def page():
    return reverse("admin:outbox_inboundmessage_changelist")


def rows_on(response):
    return set(response.context["cl"].result_list)


def test_each_coordinator_sees_answers_to_letters_of_the_own_area(world, post, sign_in, page):
    mine, theirs, nobodys = post(world.area, 1), post(world.other_area, 2), post(None, 3)
    assert rows_on(sign_in(world.kaisa).get(page)) == {mine}
    assert rows_on(sign_in(world.kerttu).get(page)) == {theirs}
    assert rows_on(sign_in(world.ulla).get(page)) == {mine, theirs, nobodys}


def test_sender_and_subject_are_shown_and_the_words_are_not(world, post, sign_in, page):
    message = post(world.area)
    desk = sign_in(world.kaisa)
    url = reverse("admin:outbox_inboundmessage_change", args=[message.pk])
    for address in (page, url):
        shown = desk.get(address)
        assert "Re: Kutsu" in shown.text
        assert "aino@example.org" in shown.text
        assert_not_leaked("junalla", shown)
    assert desk.post(url, {"subject": "Toinen"}).status_code == 403


def test_the_page_asks_as_much_for_many_messages_as_for_one(world, post, sign_in, page):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert sign_in(world.kaisa).get(page).status_code == 200
        return len(asked)

    post(world.area, 0)
    queries()
    one = queries()
    for number in range(1, 25):
        post(world.area, number)
    assert queries() == one


def test_the_news_of_a_letter_stands_on_its_page(world, queue, sign_in):
    letter = queue(area_id=world.area.pk)
    MailEvent.objects.record_refusal(letter, "550 5.1.1 no such user", timezone.now())
    text = sign_in(world.kaisa).get(reverse("admin:outbox_delivery_change", args=[letter.pk])).content.decode()
    assert "550 5.1.1 no such user" in text
