"""A reader's own page, by the link of a letter or signed in: choose, pause, another address, leave, come back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from newsletters.models import AddressChange, MailingList, Subscription
from newsletters.models.subscription import COME_BACK_WITHIN
from newsletters.subscriptions import consent_texts, signed_links
from newsletters.subscriptions.emails import ask_new_address
from newsletters.subscriptions.preference_forms import LeaveForm
from newsletters.tasks import forget_unconfirmed, send_confirmations
from outbox.message.builder import raw
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


@pytest.fixture
def anyone():
    """A browser without cookies, and the protection against forged forms switched on."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def training(world):
    return MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")


def path(url):
    return url.removeprefix("http://127.0.0.1:8000")


def settings_of(subscription):
    return path(signed_links.settings_url(subscription.pk, "fi"))


def rows():
    return list(Subscription.objects.order_by("pk").values()), list(AddressChange.objects.order_by("pk").values())


# --- a pause ---


@pytest.mark.parametrize("weeks, again", [(1, date(2027, 1, 17)), (12, date(2027, 4, 4))])
def test_a_pause_keeps_letters_away_for_some_weeks_and_ends_by_itself(anyone, reads, issue, send, weeks, again):
    with time_machine.travel("2027-01-10T12:00+02:00", tick=False) as clock:
        paused = reads("virpi@example.org")
        reads("aino@example.org")
        anyone.post(settings_of(paused), {"pause": "1", "weeks": weeks})
        assert anyone.get(settings_of(paused)).context["paused_until"] == again
        paused.refresh_from_db()
        assert paused.resumes_on == again
        assert [row.email for row in Subscription.objects.receiving(timezone.now())] == ["aino@example.org"]
        assert Subscription.objects.paused(timezone.now()).get() == paused
        assert Subscription.objects.active().count() == 2
        clock.shift(timedelta(weeks=weeks, hours=-14))
        assert Subscription.objects.receiving(timezone.now()).count() == 1
        clock.shift(timedelta(hours=3))
        assert Subscription.objects.receiving(timezone.now()).count() == 2
        assert anyone.get(settings_of(paused)).context["paused_until"] is None


def test_an_issue_is_not_addressed_to_whoever_has_a_pause(anyone, reads, issue, send):
    anyone.post(settings_of(reads("virpi@example.org")), {"pause": "1", "weeks": "2"})
    reads("aino@example.org")
    assert [reader.email for reader in issue.recipients(timezone.now())] == ["aino@example.org"]
    send(issue)
    assert [letter.recipient for letter in Delivery.objects.all()] == ["aino@example.org"]


@pytest.mark.parametrize("weeks", ["0", "13", "-1", "x", ""])
def test_a_pause_of_another_length_is_refused_in_words(anyone, reads, weeks):
    subscription = reads("virpi@example.org")
    answer = anyone.post(settings_of(subscription), {"pause": "1", "weeks": weeks})
    assert list(answer.context["forms"]["pause"].errors) == ["weeks"]
    subscription.refresh_from_db()
    assert subscription.resumes_on is None


def test_a_pause_holds_for_all_lists_also_for_those_joined_meanwhile_until_it_is_ended(
    anyone, reads, training, letters
):
    subscription = reads("virpi@example.org")
    anyone.post(settings_of(subscription), {"pause": "1", "weeks": "3"})
    anyone.post(settings_of(subscription), {"lists": [letters.pk, training.pk], "language": "fi"})
    assert Subscription.objects.paused(timezone.now()).count() == 2
    anyone.post(settings_of(subscription), {"resume": "1"})
    assert Subscription.objects.receiving(timezone.now()).count() == 2


# --- another address ---


@pytest.fixture
def ask_to_move(anyone):
    """ask_to_move(subscription, "uusi@example.org") gives the path of the link in the letter to the new address."""

    def ask(subscription, email):
        anyone.post(settings_of(subscription), {"new_address": "1", "email": email})
        send_confirmations()
        letter = Delivery.objects.get(kind="newsletter-address", recipient=email.lower())
        with translation.override(letter.language):
            start = reverse("newsletters:new-address", args=["X"]).split("X")[0]
        (link,) = [word for word in letter.text.split() if start in word]
        return link[link.index(start) :]

    return ask


def test_moving_takes_every_list_along_with_its_proof_and_tells_the_old_address(anyone, reads, training, ask_to_move):
    old, second = reads("virpi@example.org", "sv"), reads("virpi@example.org", "sv", mailing_list=training)
    link = ask_to_move(old, "Uusi@example.org")
    before = rows()
    for _look in range(2):
        page = anyone.get(link)
        anyone.head(link)
    assert rows() == before
    assert (page.status_code, "virpi" in page.content.decode()) == (200, False)
    assert consent_texts.text("sv") in page.content.decode()

    answer = anyone.post(link, follow=True)
    assert answer.status_code == 200
    moved = Subscription.objects.active().order_by("list__code")
    assert [(row.email, row.language, row.source, row.previous) for row in moved] == [
        ("uusi@example.org", "sv", "moved", old),
        ("uusi@example.org", "sv", "moved", second),
    ]
    assert {(row.consent_text_version, row.consent_language) for row in moved} == {(consent_texts.VERSION, "sv")}
    told = Delivery.objects.get(kind="newsletter-moved")
    assert told.recipient == "virpi@example.org"
    assert_not_leaked("uusi@", raw(told.as_letter()))

    after = rows()
    anyone.post(link)
    assert rows() == after
    assert Delivery.objects.filter(kind="newsletter-moved").count() == 1


def test_two_rounds_with_the_same_wish_in_hand_send_one_letter(db, now):
    wish = AddressChange.objects.request("virpi@example.org", "uusi@example.org", "fi", now)
    in_two_hands = wish, AddressChange.objects.get()
    assert [ask_new_address(each, now) is None for each in in_two_hands] == [False, True]
    assert AddressChange.objects.get().letter_sent_at == now  # the link in the letter stays good


def test_the_letter_to_a_new_address_tells_a_stranger_nothing(reads, ask_to_move, letters):
    ask_to_move(reads("virpi@example.org"), "stranger@example.org")
    letter = Delivery.objects.get(kind="newsletter-address")
    assert [word for word in ("virpi", letters.name) if word in letter.subject + letter.text + letter.html] == []


def test_a_pause_and_lists_that_the_new_address_reads_already_stay_as_they_are(
    anyone, reads, training, ask_to_move, now
):
    old = reads("virpi@example.org")
    reads("virpi@example.org", mailing_list=training)
    own = reads("uusi@example.org")
    Subscription.objects.of("virpi@example.org").pause(4, now)
    anyone.post(ask_to_move(old, "uusi@example.org"))
    own.refresh_from_db()
    assert (own.ended_at, own.previous, own.resumes_on) == (None, None, None)
    came = Subscription.objects.active().get(list=training)
    assert (came.email, came.resumes_on) == ("uusi@example.org", timezone.localdate(now) + timedelta(weeks=4))
    assert Subscription.objects.active().count() == 2


def test_the_leaving_link_of_a_letter_to_the_old_address_still_leaves_the_list(anyone, reads, ask_to_move):
    old = reads("virpi@example.org")
    link = path(signed_links.leave_url(old.pk, "fi"))
    anyone.post(ask_to_move(old, "uusi@example.org"))
    anyone.post(ask_to_move(Subscription.objects.active().get(), "kolmas@example.org"))
    anyone.post(link, {"List-Unsubscribe": "One-Click"})
    assert Subscription.objects.active().count() == 0


def test_letters_on_their_way_still_go_to_the_old_address(anyone, reads, issue, send, ask_to_move):
    old = reads("virpi@example.org")
    send(issue)
    anyone.post(ask_to_move(old, "uusi@example.org"))
    assert Delivery.objects.get(kind="newsletter").state == "waiting"


def test_a_member_keeps_no_rights_at_an_address_that_is_not_proved(anyone, reads, world, ask_to_move):
    anyone.post(ask_to_move(reads("aino@example.org"), "muu@example.org"))
    assert Subscription.objects.active().with_people().get().person_id is None


@pytest.mark.parametrize("email", ["virpi@example.org", "VIRPI@example.org ", "x", ""])
def test_the_same_address_or_none_is_refused_in_words(anyone, reads, email):
    answer = anyone.post(settings_of(reads("virpi@example.org")), {"new_address": "1", "email": email})
    assert list(answer.context["forms"]["new_address"].errors) == ["email"]
    assert AddressChange.objects.count() == 0


@pytest.mark.parametrize("age, status", [(timedelta(days=6, hours=23), 302), (timedelta(days=7, seconds=1), 404)])
def test_the_link_to_a_new_address_is_good_for_seven_days_and_then_forgotten(anyone, reads, ask_to_move, age, status):
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        link = ask_to_move(reads("virpi@example.org"), "uusi@example.org")
        clock.shift(age)
        assert anyone.post(link).status_code == status
        clock.shift(timedelta(days=8))
        forget_unconfirmed()
    assert AddressChange.objects.count() == 0
    assert Subscription.objects.active().get().email == ("uusi@example.org" if status == 302 else "virpi@example.org")


def test_a_cut_foreign_or_forgotten_link_to_a_new_address_is_refused_in_words(anyone, reads, ask_to_move):
    subscription = reads("virpi@example.org")
    link = ask_to_move(subscription, "uusi@example.org")
    token = link.rstrip("/").rsplit("/", 1)[1]
    others = [token[:-1], token + "A", settings_of(subscription).rstrip("/").rsplit("/", 1)[1], "x"]
    AddressChange.objects.all().delete()
    for each in [*others, token]:
        answer = anyone.post(reverse("newsletters:new-address", args=[each]))
        assert (answer.status_code, answer.templates[0].name) == (404, "newsletters/subscriptions/refused.html")
    assert Subscription.objects.active().get() == subscription


# --- leaving and coming back ---


def test_leaving_all_may_say_why_and_the_coordinator_reads_it(anyone, sign_in, reads, world):
    subscription = reads("virpi@example.org")
    answer = anyone.post(settings_of(subscription), {"leave_all": "1", "reason": "Vaihdoin työtä"}, follow=True)
    assert answer.context["may_come_back"] is True
    subscription.refresh_from_db()
    assert subscription.ended_reason == "Vaihdoin työtä"
    page = sign_in(world.kaisa).get(reverse("admin:newsletters_subscription_change", args=[subscription.pk]))
    assert "Vaihdoin työtä" in page.content.decode()


def test_choosing_no_list_says_that_no_letters_come(anyone, reads):
    subscription = reads("virpi@example.org")
    answer = anyone.post(settings_of(subscription), {"language": "fi"}, follow=True)
    assert answer.context["saved"] == LeaveForm.done


def test_leaving_by_mistake_is_undone_by_one_button_with_a_proof_of_its_own(anyone, reads, training):
    subscription, other = reads("virpi@example.org"), reads("virpi@example.org", mailing_list=training)
    anyone.post(settings_of(subscription), {"leave_all": "1"})
    answer = anyone.post(settings_of(subscription), {"come_back": "1"}, follow=True)
    assert answer.context["may_come_back"] is False
    back = Subscription.objects.active()
    assert {(row.list_id, row.source, row.email) for row in back} == {
        (row.list_id, "returned", "virpi@example.org") for row in (subscription, other)
    }
    assert Delivery.objects.count() == 0


def test_coming_back_undoes_the_last_act_only(anyone, reads, training, letters):
    with time_machine.travel("2027-01-10T12:00+02:00", tick=False) as clock:
        subscription, other = reads("virpi@example.org"), reads("virpi@example.org", mailing_list=training)
        anyone.post(path(signed_links.leave_url(other.pk, "fi")))
        clock.shift(timedelta(minutes=5))
        anyone.post(settings_of(subscription), {"leave_all": "1"})
        anyone.post(settings_of(subscription), {"come_back": "1"})
    assert [row.list for row in Subscription.objects.active()] == [letters]


def test_the_page_after_one_click_brings_back_for_an_hour_and_then_says_that_it_is_too_late(anyone, reads):
    with time_machine.travel("2027-01-10T12:00+02:00", tick=False) as clock:
        subscription = reads("virpi@example.org")
        link = path(signed_links.leave_url(subscription.pk, "fi"))
        page = anyone.post(link, {"List-Unsubscribe": "One-Click", "reason": "Liikaa viestejä"})
        assert 'name="come_back"' in page.content.decode()
        assert Subscription.objects.get().ended_reason == "Liikaa viestejä"
        assert anyone.post(link, {"come_back": "1"}).context["came_back"] is True
        assert Subscription.objects.active().get().source == "returned"
        anyone.post(link)
        clock.shift(COME_BACK_WITHIN + timedelta(seconds=1))
        assert 'name="come_back"' not in anyone.post(link).content.decode()
        assert anyone.post(link, {"come_back": "1"}).context["came_back"] is False
    assert Subscription.objects.active().count() == 0


def test_who_never_confirmed_cannot_come_back_in(anyone, letters, now):
    Subscription.objects.request([letters], "virpi@example.org", "fi", now)
    asked = Subscription.objects.get()
    link = path(signed_links.leave_url(asked.pk, "fi"))
    anyone.post(link)
    assert anyone.post(link, {"come_back": "1"}).context["came_back"] is False
    assert Subscription.objects.active().count() == 0


def test_rejoining_on_the_page_after_leaving_needs_a_new_confirmation(client, reads, letters, now):
    reads("virpi@example.org").leave(now)
    asked = {"email": "virpi@example.org", "lists": [letters.pk], "language": "fi"}
    client.post(reverse("newsletters:subscribe"), asked)
    send_confirmations()
    assert Subscription.objects.active().count() == 0
    assert Delivery.objects.get().kind == "newsletter-confirm"


# --- signed in ---


def join(mailing_list):
    return reverse("newsletters:list-join", args=[mailing_list.pk])


def test_a_member_joins_in_one_press_without_a_letter(sign_in, world, letters):
    client = sign_in(world.aino)
    page = client.get(reverse("newsletters:subscribe")).content.decode()
    assert f'action="{join(letters)}"' in page
    answer = client.post(join(letters), follow=True)
    joined = Subscription.objects.active().get()
    assert (joined.email, joined.source, joined.user) == ("aino@example.org", "member", world.aino)
    assert (joined.consent_text_version, joined.consent_language) == (consent_texts.VERSION, "fi")
    assert answer.redirect_chain == [(reverse("newsletters:mine"), 302)]
    client.post(join(letters))
    assert Subscription.objects.count() == 1
    send_confirmations()
    assert Delivery.objects.count() == 0


def test_a_member_who_had_asked_on_the_page_needs_no_letter_any_more(sign_in, world, letters, now):
    Subscription.objects.request([letters], "aino@example.org", "fi", now)
    sign_in(world.aino).post(join(letters))
    send_confirmations()
    assert (Subscription.objects.active().count(), Delivery.objects.count()) == (1, 0)


@pytest.mark.parametrize("who, status", [("aino", 302), ("niilo", 404), ("eetu", 404), ("kerttu", 404), ("vaino", 302)])
def test_the_list_of_a_network_is_joined_by_its_members_only(sign_in, world, who, status):
    own = MailingList.objects.create(
        area=world.area, code="iso", name_fi="ISO-verkoston lista", network=world.iso, is_public=False
    )
    person = getattr(world, who)
    client = sign_in(person)
    assert client.post(join(own)).status_code == status
    assert Subscription.objects.active().count() == (1 if who == "aino" else 0)
    assert ("ISO-verkoston lista" in client.get(reverse("newsletters:mine")).content.decode()) is (who == "aino")
    chosen = client.post(reverse("newsletters:mine"), {"lists": [own.pk], "language": "fi"})
    assert Subscription.objects.active().count() == (1 if who == "aino" else 0), chosen


def test_without_signing_in_nobody_joins_in_one_press(client, letters):
    for answer in [client.post(join(letters)), client.get(reverse("newsletters:mine"))]:
        assert answer["Location"].startswith(reverse("account_login"))
    assert Subscription.objects.count() == 0


def test_joining_for_somebody_signed_in_cannot_be_forged(world, letters):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.aino)
    assert client.post(join(letters)).status_code == 403
    assert client.post(reverse("newsletters:mine"), {"lists": [letters.pk], "language": "fi"}).status_code == 403
    assert Subscription.objects.count() == 0


def test_an_account_whose_address_is_not_proved_uses_the_form_for_everybody(sign_in, world, letters):
    world.niilo.emailaddress_set.update(verified=False)
    client = sign_in(world.niilo)
    for answer in [client.post(join(letters)), client.get(reverse("newsletters:mine"))]:
        assert (answer.status_code, answer.templates[0].name) == (403, "newsletters/subscriptions/unproved.html")
    assert "list-join" not in client.get(reverse("newsletters:subscribe")).content.decode()
    assert Subscription.objects.count() == 0


def test_the_own_page_of_somebody_signed_in_does_what_the_link_does(sign_in, world, letters, training):
    client, mine = sign_in(world.aino), reverse("newsletters:mine")
    client.post(mine, {"lists": [letters.pk, training.pk], "language": "sv"})
    assert {(row.language, row.source) for row in Subscription.objects.active()} == {("sv", "member")}
    client.post(mine, {"pause": "1", "weeks": "1"})
    assert Subscription.objects.paused(timezone.now()).count() == 2
    more = MailingList.objects.create(area=world.area, code="lisaa", name_fi="Lisää")
    client.post(join(more))
    assert Subscription.objects.paused(timezone.now()).count() == 3
    client.post(mine, {"leave_all": "1"})
    client.post(mine, {"come_back": "1"})
    assert Subscription.objects.receiving(timezone.now()).count() == 3


@pytest.mark.parametrize("lists", [1, 8])
def test_the_page_asks_as_much_for_one_list_as_for_many(anyone, world, reads, lists, django_assert_max_num_queries):
    subscription = reads("virpi@example.org")
    for number in range(lists):
        more = MailingList.objects.create(area=world.area, code=f"lista-{number}", name_fi=f"Lista {number}")
        reads("virpi@example.org", mailing_list=more)
    anyone.get(settings_of(subscription))
    with django_assert_max_num_queries(14):
        anyone.get(settings_of(subscription))
