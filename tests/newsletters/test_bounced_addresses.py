"""Addresses whose letters come back become questions on the desk, with four answers; nobody is silenced unasked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from newsletters.models import BouncedAddress, Subscription
from outbox.models import Delivery, MailEvent, Suppression

LIST = "admin:newsletters_bouncedaddress_changelist"


@pytest.fixture
def comes_back(now):
    """comes_back(address) puts it on the stop list as the reader of bounces does."""

    def make(email, reason="dead"):
        Delivery.objects.queue([Delivery(kind="newsletter", recipient=email, subject="Kirje", text="x")], now)
        letter = Delivery.objects.latest("pk")
        event = MailEvent.objects.create(
            delivery=letter, type="bounce_hard", at=now, source="test", external_id=str(letter.pk), detail="550 5.1.1"
        )
        stop = Suppression.objects.add(email, reason, now, event=event)
        return BouncedAddress.objects.filter(pk=stop.pk).first()

    return make


def page(bounced):
    return reverse("admin:newsletters_bouncedaddress_change", args=[bounced.pk])


def asked(person, now=None):
    person.forget_answers()
    return {row.address for row in BouncedAddress.objects.asked(person, now or timezone.now())}


def suppressed(email):
    return Suppression.objects.of(email).current(timezone.now()).exists()


def test_a_dead_address_of_a_member_is_asked_of_the_own_coordinator_only(comes_back, world):
    comes_back("Aino@example.org")
    comes_back(world.eetu.email, reason="full")
    assert asked(world.kaisa) == {"aino@example.org"}
    assert asked(world.kerttu) == {"eetu@example.org"}
    assert asked(world.ulla) == {"aino@example.org", "eetu@example.org"}


def test_a_reader_without_an_account_is_asked_about_too(comes_back, reads, world):
    reads("virpi@example.org")
    comes_back("virpi@example.org")
    assert asked(world.kaisa) == {"virpi@example.org"}
    assert asked(world.kerttu) == set()


@pytest.mark.parametrize("reason", ["complaint", "manual", "erased"])
def test_what_the_owner_or_the_coordinator_wished_is_no_question(comes_back, world, reason):
    comes_back(world.aino.email, reason=reason)
    assert asked(world.kaisa) == set()


def test_an_address_that_nobody_has_any_more_is_no_question(comes_back, world):
    comes_back("poissa@example.org")
    comes_back(world.vaino.email)
    assert asked(world.kaisa) == set()


def test_the_desk_tells_who_it_is_and_the_list_shows_the_same(sign_in, comes_back, world):
    User.objects.filter(pk=world.aino.pk).update(title="nuorisotyöntekijä")
    comes_back(world.aino.email)
    client = sign_in(world.kaisa)
    desk = client.get(reverse("admin:index"))
    question = desk.context["bounced_addresses"][0]
    for words in ("Jyväskylä", "Aino Jäsen", "nuorisotyöntekijä", "nuorisopalvelut"):
        assert words in str(question)
    assert "nuorisotyöntekijä" in question.who
    assert desk.context["bounced_addresses_count"] == 1
    assert str(question) in client.get(reverse(LIST)).content.decode()
    answer = client.get(page(question.bounced))
    assert answer.status_code == 200
    assert "Osoitetta ei ole olemassa. (550 5.1.1)" in answer.content.decode()


def test_works_again_lifts_the_stop(sign_in, comes_back, world):
    bounced = comes_back(world.aino.email)
    answer = sign_in(world.kaisa).post(page(bounced), {"works": "1"})
    assert answer.status_code == 302
    assert not suppressed(world.aino.email)
    assert asked(world.kaisa) == set()


def test_nobody_there_ends_what_is_of_the_own_area_and_no_more(sign_in, comes_back, reads, world, now):
    world.elsewhere.take_in(world.aino, now=now)
    reads(world.aino.email)
    bounced = comes_back(world.aino.email)
    sign_in(world.kaisa).post(page(bounced), {"left": "1"})
    assert list(world.aino.memberships.active().values_list("network", flat=True)) == [world.elsewhere.pk]
    assert Subscription.objects.active().count() == 0
    assert asked(world.kaisa) == set()
    assert asked(world.kerttu) == {"aino@example.org"}
    assert suppressed(world.aino.email)


def test_not_now_asks_again_in_thirty_days(sign_in, comes_back, world, now):
    bounced = comes_back(world.aino.email)
    sign_in(world.kaisa).post(page(bounced), {"later": "1"})
    assert asked(world.kaisa) == set()
    assert asked(world.kaisa, now + timedelta(days=31)) == {"aino@example.org"}
    assert sign_in(world.kaisa).get(reverse(LIST)).context["cl"].result_count == 1


def test_a_successor_takes_over_memberships_and_is_asked_for_the_lists(sign_in, comes_back, reads, world, letters):
    User.objects.filter(pk=world.matti.pk).update(title="nuorisotyöntekijä")
    reads(world.matti.email)
    bounced = comes_back(world.matti.email)
    given = {"follower": "1", "email": "Maija@example.org", "name": "Maija Meikäläinen"}
    sign_in(world.kaisa).post(page(bounced), given)
    maija = User.objects.get(email="maija@example.org")
    assert (maija.name, maija.title, maija.organisation) == ("Maija Meikäläinen", "nuorisotyöntekijä", world.employer)
    membership = maija.memberships.active().get()
    assert (membership.network, membership.role.code) == (world.iso, "yhteyshenkilo")
    assert not world.matti.memberships.active().exists()
    asked_for = Subscription.objects.of("maija@example.org").get()
    assert (asked_for.confirmed_at, asked_for.list) == (None, letters)
    assert asked_for.letter_wanted_at is not None
    assert not Subscription.objects.of(world.matti.email).active().exists()
    assert [letter.kind for letter in Delivery.objects.filter(recipient=maija.email)] == ["networks.approved"]
    assert User.objects.get(pk=world.matti.pk).email == "matti@example.org"


def test_an_account_that_is_there_already_takes_over_and_keeps_its_own_words(sign_in, comes_back, world):
    bounced = comes_back(world.aino.email)
    sign_in(world.kaisa).post(page(bounced), {"follower": "1", "email": "niilo@example.org", "name": "Joku Muu"})
    assert world.niilo.memberships.active().get().network == world.iso
    assert User.objects.get(pk=world.niilo.pk).name == "Niilo Uusi"


@pytest.mark.parametrize("email", ["aino@example.org", "matti@example.org", "vaino@example.org", "nonsense", ""])
def test_an_address_that_does_not_work_either_is_refused_in_words(sign_in, comes_back, world, email):
    comes_back(world.matti.email)
    bounced = comes_back(world.aino.email)
    answer = sign_in(world.kaisa).post(page(bounced), {"follower": "1", "email": email, "name": "A"})
    assert list(answer.context["form"].errors) == ["email"]
    assert world.aino.memberships.active().exists()


def test_a_foreign_question_is_not_there_to_look_at_or_to_answer(sign_in, comes_back, world):
    bounced = comes_back(world.eetu.email)
    client = sign_in(world.kaisa)
    for answer in [client.get(page(bounced)), client.post(page(bounced), {"works": "1"})]:
        assert answer.status_code == 302
    assert suppressed(world.eetu.email)


def test_the_list_takes_the_same_questions_for_one_and_for_many(
    sign_in, comes_back, world, now, django_assert_max_num_queries
):
    for number in range(20):
        person = User.objects.create_user(f"n{number}@example.org", name=f"N {number}")
        world.iso.take_in(person, now=now)
        comes_back(person.email)
    client = sign_in(world.kaisa)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(LIST)).context["cl"].result_count == 20


def test_whoever_signs_in_with_a_stopped_address_reads_it_and_may_say_that_it_works(sign_in, comes_back, world):
    client = sign_in(world.aino)
    assert client.get(reverse("contacts:me")).context["stopped"] is None
    comes_back(world.aino.email)
    comes_back(world.matti.email)
    answer = client.get(reverse("contacts:me"))
    assert answer.context["stopped"] is not None
    assert reverse("contacts:me-address-works") in answer.content.decode()
    client.post(reverse("contacts:me-address-works"))
    assert not suppressed(world.aino.email)
    assert suppressed(world.matti.email)


def test_a_complaint_is_not_lifted_by_the_button(sign_in, world, now):
    Suppression.objects.add(world.aino.email, "complaint", now, scope="bulk")
    sign_in(world.aino).post(reverse("contacts:me-address-works"))
    assert suppressed(world.aino.email)
