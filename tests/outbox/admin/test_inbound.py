"""The desk's page of incoming mail, and the news on a letter's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.models import InboundMessage, MailEvent, Suppression
from outbox.tasks import read_inbound
from tests.leaks import assert_not_leaked
from tests.outbox.samples import sample


@pytest.fixture
def post(queue):
    """post(area, number) is a person's answer to a letter of that area."""

    def answer(area, number=0):
        letter = queue(f"person{number}@example.org", area_id=area.pk if area else None)
        who = "aino@example.org" if area else "vieras@example.net"
        raw = sample("person", RECIPIENT=who, MESSAGE_ID=letter.message_id if area else "<none@example.org>")
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


def url_of(message):
    return reverse("admin:outbox_inboundmessage_change", args=[message.pk])


def test_a_letter_is_read_on_its_page_and_its_words_stand_nowhere_else(world, post, sign_in, page):
    """Real use 5."""
    message = post(world.area)
    desk = sign_in(world.kaisa)
    for address in (page, url_of(message)):
        shown = desk.get(address)
        assert "Re: Kutsu" in shown.text
        assert "aino@example.org" in shown.text
    assert "Hei, voisinko tulla junalla?" in shown.text
    assert_not_leaked("junalla", desk.get(page), desk.get(reverse("admin:index")))
    desk.post(url_of(message), {"subject": "Toinen"})
    message.refresh_from_db()
    assert (message.subject, message.handled_at) == ("Re: Kutsu", None)


def test_letters_that_wait_stand_on_the_first_page_until_somebody_has_seen_to_them(world, post, sign_in):
    """Real use 5: also a member's letter that answers none of ours finds its coordinator."""
    answer = post(world.area)
    InboundMessage.objects.receive(sample("person", MESSAGE_ID="<none@example.org>"), "test", timezone.now())
    read_inbound()
    unasked = InboundMessage.objects.latest("pk")
    desk = sign_in(world.kaisa)
    shown = desk.get(reverse("admin:index"))
    assert [each.pk for each in shown.context["inbound"]] == [answer.pk, unasked.pk]
    assert shown.context["inbound_count"] == 2
    desk.post(url_of(answer), {"handled": "1"})
    assert desk.get(reverse("admin:index")).context["inbound_count"] == 1
    desk.post(url_of(answer), {"reopen": "1"})
    assert desk.get(reverse("admin:index")).context["inbound_count"] == 2
    listed = reverse("admin:outbox_inboundmessage_changelist")
    desk.post(listed, {"action": "mark_handled", "_selected_action": [answer.pk, unasked.pk]})
    assert desk.get(reverse("admin:index")).context["inbound_count"] == 0
    assert sign_in(world.kerttu).get(url_of(unasked)).status_code == 302


def test_a_letter_to_a_networks_own_address_is_its_coordinators(world, sign_in, page):
    """Real use 5: from a stranger, to nobody's letter."""
    world.iso.sender_email = "iso@example.org"
    world.iso.save()
    raw = sample("person", RECIPIENT="vieras@example.net").replace(b"portal@example.org", b"iso@example.org")
    InboundMessage.objects.receive(raw, "test", timezone.now())
    read_inbound()
    assert len(rows_on(sign_in(world.kaisa).get(page))) == 1
    assert rows_on(sign_in(world.kerttu).get(page)) == set()


def test_a_mailbox_whose_owner_has_left_is_a_question_with_whoever_follows(world, queue, sign_in):
    """Real use 19."""
    letter = queue("aino@example.org", area_id=world.area.pk)
    raw = sample("away", MESSAGE_ID=letter.message_id, RETURN_TO="portal@example.org").replace(
        "olen lomalla enkä voi vastata. Palaan 1.2.2027.".encode(),
        "en työskentele enää täällä, uusi@example.org".encode(),
    )
    InboundMessage.objects.receive(raw, "test", timezone.now())
    read_inbound()
    message = InboundMessage.objects.get()
    desk = sign_in(world.kaisa)
    assert (message.kind, message.delivery) == ("gone", letter)
    assert "uusi@example.org" in desk.get(url_of(message)).text
    assert Suppression.objects.count() == 0
    desk.post(url_of(message), {"gone": "1"})
    [bounced] = desk.get(reverse("admin:index")).context["bounced_addresses"]
    assert bounced.bounced.address == "aino@example.org"
    assert desk.get(bounced.url).context["form"].initial["email"] == "uusi@example.org"
    message.refresh_from_db()
    assert message.handled_at


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
