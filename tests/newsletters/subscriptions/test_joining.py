"""Joining a list: equal answers, one button to confirm, and nobody buried in letters."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation

from lib.counters import rate_limit
from newsletters.models import ConfirmationLimit, MailingList, Subscription
from newsletters.subscriptions import signed_links
from newsletters.tasks import forget_unconfirmed, send_confirmations
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


@pytest.fixture
def ask(client, letters):
    """ask("virpi@example.org") sends the form of the page and runs the round."""

    def ask(email, **more):
        asked = {"email": email, "lists": [letters.pk], "language": "fi"} | more
        answer = client.post(reverse("newsletters:subscribe"), asked)
        send_confirmations()
        return answer

    return ask


def letters_to(email):
    return Delivery.objects.filter(recipient=email)


def link_in(delivery, name):
    """The path of the link of one kind in a letter."""
    start = reverse(f"newsletters:{name}", args=["X"]).split("X")[0]
    (line,) = [line for line in delivery.text.split() if start in line]
    return line[line.index(start) :]


def test_the_page_offers_public_lists_and_tells_what_happens_to_the_address(client, world, letters):
    MailingList.objects.create(area=world.area, code="ministerio", name_fi="Ministeriö", is_public=False)
    page = client.get(reverse("newsletters:subscribe"))
    assert list(page.context["form"].offered) == [letters]
    assert str(page.context["form"].consent) in page.content.decode()
    assert page.cookies == {}


def test_a_page_without_lists_says_so(client, db):
    page = client.get(reverse("newsletters:subscribe"))
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_asking_stores_the_consent_and_sends_one_letter(ask, letters):
    answer = ask("Virpi@Example.org", language="sv")
    asked = Subscription.objects.get()
    assert answer["Location"] == reverse("newsletters:subscribe-done")
    assert (asked.email, asked.language, asked.source, asked.confirmed_at) == ("virpi@example.org", "sv", "page", None)
    assert asked.consent_text_version == "2026-11"
    (letter,) = letters_to("virpi@example.org")
    assert (letter.kind, letter.language) == ("newsletter-confirm", "sv")
    assert "List-Unsubscribe" not in letter.headers


def test_the_link_shows_a_button_and_only_pressing_it_confirms(ask, client):
    ask("virpi@example.org")
    link = link_in(letters_to("virpi@example.org").get(), "confirm")
    before = Subscription.objects.values().get()
    for _look in range(2):
        page = client.get(link)
        client.head(link)
    assert page["Referrer-Policy"] == "no-referrer"
    assert Subscription.objects.values().get() == before
    answer = client.post(link, follow=True)
    assert answer.status_code == 200
    assert Subscription.objects.active().count() == 1
    assert client.get(link, follow=True).templates[0].name == "newsletters/subscriptions/confirmed.html"
    confirmed_at = Subscription.objects.get().confirmed_at
    client.post(link)
    assert Subscription.objects.get().confirmed_at == confirmed_at


def test_confirming_joins_a_member_to_the_account_whose_address_it_is(ask, client, world):
    ask("aino@example.org")
    client.post(link_in(letters_to("aino@example.org").get(), "confirm"))
    assert Subscription.objects.get().user == world.aino


def test_an_address_that_a_member_has_not_proved_belongs_to_nobody(ask, client, world):
    world.aino.emailaddress_set.update(verified=False)
    ask("aino@example.org")
    client.post(link_in(letters_to("aino@example.org").get(), "confirm"))
    assert Subscription.objects.get().user is None


def test_known_and_unknown_addresses_get_the_same_answer(ask, client, reads):
    reads("virpi@example.org")
    known, unknown = ask("virpi@example.org"), ask("nobody@example.org")
    assert (known.status_code, known.content, dict(known.items())) == (
        unknown.status_code,
        unknown.content,
        dict(unknown.items()),
    )


def test_known_and_unknown_addresses_cost_the_same_work(letters, reads, now, django_assert_num_queries):
    reads("virpi@example.org")
    for email in ["virpi@example.org", "nobody@example.org"]:
        with django_assert_num_queries(2):
            Subscription.objects.request([letters], email, "fi", now)


def test_a_reader_who_asks_again_is_left_in_peace(ask, reads):
    before = Subscription.objects.filter(pk=reads("virpi@example.org").pk).values().get()
    ask("virpi@example.org")
    assert Subscription.objects.values().get() == before
    assert letters_to("virpi@example.org").count() == 0


def test_asking_for_several_lists_brings_one_letter(client, world, letters):
    other = MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")
    asked = {"email": "virpi@example.org", "lists": [letters.pk, other.pk], "language": "fi"}
    client.post(reverse("newsletters:subscribe"), asked)
    send_confirmations()
    client.post(link_in(letters_to("virpi@example.org").get(), "confirm"))
    assert Subscription.objects.active().count() == 2


def test_a_stranger_gets_one_letter_a_day_and_three_ever(ask):
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        counts = []
        for _day in range(5):
            for _click in range(4):
                ask("victim@example.org")
            counts.append(letters_to("victim@example.org").count())
            clock.shift(timedelta(hours=25))
        assert counts == [1, 2, 3, 3, 3]
        clock.shift(timedelta(days=8))
        forget_unconfirmed()
        assert Subscription.objects.count() == 0
        ask("victim@example.org")
        assert letters_to("victim@example.org").count() == 3


def test_the_count_does_not_keep_the_address(ask):
    ask("victim@example.org")
    assert_not_leaked("victim", ConfirmationLimit.objects.get().address_hmac)


def test_whoever_confirms_may_come_back_later(ask, client):
    ask("virpi@example.org")
    client.post(link_in(letters_to("virpi@example.org").get(), "confirm"))
    assert ConfirmationLimit.objects.count() == 0


def test_a_private_list_cannot_be_joined_on_the_page(ask, world, letters):
    hidden = MailingList.objects.create(area=world.area, code="ministerio", name_fi="Ministeriö", is_public=False)
    answer = ask("virpi@example.org", lists=[hidden.pk])
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["lists"]
    assert Subscription.objects.count() == 0


def test_a_wrong_address_keeps_what_was_typed(ask):
    answer = ask("virpi(at)example.org")
    assert list(answer.context["form"].errors) == ["email"]
    assert 'value="virpi(at)example.org"' in answer.content.decode()


def test_the_trap_answers_like_the_page_and_stores_nothing(ask):
    assert ask("robot@example.org", website="https://spam.example")["Location"] == reverse("newsletters:subscribe-done")
    assert (Subscription.objects.count(), Delivery.objects.count()) == (0, 0)


def test_one_visitor_cannot_press_for_ever_whatever_headers_say(client, letters):
    def submit(number):
        asked = {"email": f"victim{number}@example.org", "lists": [letters.pk], "language": "fi"}
        forged = {"X-Forwarded-For": f"10.0.0.{number}"}
        return client.post(reverse("newsletters:subscribe"), asked, headers=forged).status_code

    answers = [submit(number) for number in range(rate_limit.PER_VISITOR + 2)]
    assert answers == [302] * rate_limit.PER_VISITOR + [429] * 2
    assert Subscription.objects.count() == rate_limit.PER_VISITOR


def test_all_visitors_together_are_counted_too(client, letters, caplog):
    cache.set("newsletters.flood.all", rate_limit.ALTOGETHER)
    asked = {"email": "victim@example.org", "lists": [letters.pk], "language": "fi"}
    assert client.post(reverse("newsletters:subscribe"), asked, REMOTE_ADDR="10.1.1.1").status_code == 429
    counted = [record.message for record in caplog.records if record.name == "lib.counters.rate_limit"]
    assert ["sign-ups" in message for message in counted] == [True]


def test_unconfirmed_addresses_are_forgotten_after_seven_days(ask, reads):
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        ask("virpi@example.org")
        link = link_in(letters_to("virpi@example.org").get(), "confirm")
        clock.shift(timedelta(days=7, seconds=1))
        forget_unconfirmed()
        assert Subscription.objects.count() == 0
        assert link


def test_the_seven_days_begin_with_the_letter_when_it_was_late(letters):
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        Subscription.objects.request([letters], "virpi@example.org", "fi", timezone.now())
        clock.shift(timedelta(days=2))
        send_confirmations()
        clock.shift(timedelta(days=7))
        forget_unconfirmed()
        assert Subscription.objects.count() == 1
        clock.shift(timedelta(seconds=1))
        forget_unconfirmed()
        assert Subscription.objects.count() == 0


@pytest.mark.parametrize("age, status", [(timedelta(days=6, hours=23), 302), (timedelta(days=7, seconds=1), 404)])
def test_a_link_to_confirm_is_good_for_seven_days(ask, client, age, status):
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        ask("virpi@example.org")
        link = link_in(letters_to("virpi@example.org").get(), "confirm")
        clock.shift(age)
        assert client.post(link).status_code == status
    assert Subscription.objects.active().count() == (1 if status == 302 else 0)


def test_a_link_for_something_else_confirms_nothing(ask, client):
    ask("virpi@example.org")
    asked = Subscription.objects.get()
    for made in [signed_links.settings_url(asked.pk, "fi"), signed_links.leave_url(asked.pk, "fi")]:
        token = made.rstrip("/").rsplit("/", 1)[1]
        assert client.post(reverse("newsletters:confirm", args=[token])).status_code == 404
    good = signed_links.confirm_url([asked], "fi").rstrip("/").rsplit("/", 1)[1]
    assert client.post(reverse("newsletters:confirm", args=[good[:-3]])).status_code == 404
    assert Subscription.objects.active().count() == 0


def test_an_old_link_to_confirm_does_not_bring_back_who_has_left(ask, client, now):
    ask("virpi@example.org")
    link = link_in(letters_to("virpi@example.org").get(), "confirm")
    client.post(link)
    Subscription.objects.all().end(now)
    assert client.post(link, follow=True).status_code == 404
    assert Subscription.objects.active().count() == 0


def test_running_the_round_twice_sends_one_letter(ask):
    ask("virpi@example.org")
    send_confirmations()
    assert letters_to("virpi@example.org").count() == 1


def test_the_front_page_carries_the_form_and_it_works_from_there_without_a_cookie(client, world, letters):
    elsewhere = MailingList.objects.create(area=world.other_area, code="infokirje", name_fi="Toinen kirje")
    page = client.get(world.area.get_absolute_url())
    words = page.content.decode()
    assert elsewhere.name_fi not in words
    assert f'action="{reverse("newsletters:subscribe")}"' in words
    assert f'name="lists" value="{letters.pk}"' in words
    assert page.cookies == {}


def test_the_form_works_in_swedish_too(client, letters):
    with translation.override("sv"):
        url = reverse("newsletters:subscribe")
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["form"].initial["language"] == "sv"
