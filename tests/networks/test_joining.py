"""Asking to join, the coordinator's answer, leaving; and the letters that tell of it."""

import pytest
from django.urls import reverse

from networks.models import AlreadyAsked, InvitationOnly, Membership, Network
from outbox.models import Delivery


def url(verb, network):
    return reverse(f"networks:network-{verb}", args=[network.slug])


def decide(verb, membership):
    return reverse(f"networks:request-{verb}", args=[membership.pk])


def letters():
    """Kind and recipient of each letter in the ledger."""
    return [(row.kind, row.recipient) for row in Delivery.objects.order_by("pk")]


@pytest.fixture
def request_of_niilo(world, now):
    return world.iso.receive_request(world.niilo, now=now, message="Teen nuorisotilan iltoja.")


# asking


def test_a_visitor_is_asked_to_sign_in_first(client, world):
    answer = client.get(url("join", world.iso))
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{reverse('account_login')}?next={url('join', world.iso)}",
    )
    assert client.post(url("join", world.iso)).status_code == 302
    assert Membership.objects.filter(joined_at=None).count() == 0


def test_a_newcomer_asks_and_the_coordinator_gets_a_letter(sign_in, world):
    answer = sign_in(world.niilo).post(url("join", world.iso), {"message": "Teen nuorisotilan iltoja."})
    assert (answer.status_code, answer["Location"]) == (302, world.iso.get_absolute_url())
    membership = world.niilo.memberships.get()
    assert (membership.is_waiting, membership.message) == (True, "Teen nuorisotilan iltoja.")
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient, letter.reply_to) == (
        "networks.asked",
        "kaisa@example.org",
        ["niilo@example.org"],
    )
    assert letter.area_id == world.area.pk
    for part in [letter.text, letter.html]:
        assert "Niilo Uusi" in part
        assert "Teen nuorisotilan iltoja." in part
        assert reverse("networks:request-list") in part


def test_a_member_of_the_portal_enters_an_open_network_at_once(sign_in, world):
    other = Network.objects.create(
        area=world.area, slug="koulu", name_fi="Koulunuorisotyö", kind=world.iso.kind, joining=Network.OPEN
    )
    sign_in(world.aino).post(url("join", other))
    assert other.membership_of(world.aino).is_active is True
    assert letters() == []


def test_a_member_waits_where_the_coordinator_approves(sign_in, world):
    other = Network.objects.create(area=world.area, slug="koulu", name_fi="Koulunuorisotyö", kind=world.iso.kind)
    sign_in(world.aino).post(url("join", other))
    assert other.membership_of(world.aino).is_waiting is True
    assert letters() == [("networks.asked", "kaisa@example.org")]


def test_a_network_by_invitation_takes_no_requests(sign_in, world, now):
    Network.objects.filter(pk=world.iso.pk).update(joining=Network.INVITATION)
    answer = sign_in(world.niilo).post(url("join", world.iso), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [str(InvitationOnly())]
    assert world.niilo.memberships.count() == 0


def test_nobody_asks_twice(sign_in, world, request_of_niilo):
    answer = sign_in(world.niilo).post(url("join", world.iso), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [str(AlreadyAsked())]
    assert world.niilo.memberships.count() == 1


def test_a_network_one_cannot_see_cannot_be_joined(sign_in, world):
    client = sign_in(world.niilo)
    assert client.get(url("join", world.closed)).status_code == 404
    assert client.post(url("join", world.closed)).status_code == 404
    assert world.niilo.memberships.count() == 0


def test_a_network_that_has_ended_takes_nobody(sign_in, world, now):
    Network.objects.filter(pk=world.iso.pk).update(ended_on=now.date())
    assert sign_in(world.niilo).post(url("join", world.iso)).status_code == 404


def test_looking_at_the_form_asks_for_nothing(sign_in, world):
    assert sign_in(world.niilo).get(url("join", world.iso)).status_code == 200
    assert world.niilo.memberships.count() == 0


def test_a_message_too_long_is_kept_and_explained(sign_in, world):
    answer = sign_in(world.niilo).post(url("join", world.iso), {"message": "x" * 1001})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["message"])
    assert "x" * 1001 in answer.content.decode()
    assert world.niilo.memberships.count() == 0


# the coordinator's answer


def test_a_coordinator_sees_the_requests_of_the_own_area_and_nobody_elses(sign_in, world, request_of_niilo, now):
    elsewhere = world.elsewhere.receive_request(world.niilo, now=now)
    page = reverse("networks:request-list")
    assert list(sign_in(world.kaisa).get(page).context["waiting"]) == [request_of_niilo]
    assert list(sign_in(world.kerttu).get(page).context["waiting"]) == [elsewhere]
    assert list(sign_in(world.ulla).get(page).context["waiting"]) == [request_of_niilo, elsewhere]


@pytest.mark.parametrize("name", ["aino", "matti", "niilo", "eetu"])
def test_the_requests_do_not_exist_for_others(sign_in, world, request_of_niilo, name):
    client = sign_in(getattr(world, name))
    assert client.get(reverse("networks:request-list")).status_code == 404
    for verb in ["approve", "refuse"]:
        assert client.post(decide(verb, request_of_niilo)).status_code == 404
    assert world.iso.membership_of(world.niilo).is_waiting is True


def test_a_coordinator_lets_the_person_in_and_the_person_is_told(sign_in, world, request_of_niilo):
    answer = sign_in(world.kaisa).post(decide("approve", request_of_niilo))
    assert (answer.status_code, answer["Location"]) == (302, reverse("networks:request-list"))
    membership = world.iso.membership_of(world.niilo)
    assert (membership.is_active, membership.decided_by) == (True, world.kaisa)
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient) == ("networks.approved", "niilo@example.org")
    assert letter.reply_to == ["kaisa@example.org"]
    assert world.iso.get_absolute_url() in letter.text


def test_a_refusal_carries_its_reason(sign_in, world, request_of_niilo):
    sign_in(world.kaisa).post(decide("refuse", request_of_niilo), {"reason": "Verkosto on täynnä & odottaa."})
    assert world.iso.membership_of(world.niilo) is None
    request_of_niilo.refresh_from_db()
    assert (request_of_niilo.refusal, request_of_niilo.decided_by) == ("Verkosto on täynnä & odottaa.", world.kaisa)
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient) == ("networks.refused", "niilo@example.org")
    assert "Verkosto on täynnä & odottaa." in letter.text
    assert "Verkosto on täynnä &amp; odottaa." in letter.html


def test_a_reason_too_long_decides_nothing(sign_in, world, request_of_niilo):
    sign_in(world.kaisa).post(decide("refuse", request_of_niilo), {"reason": "x" * 1001})
    assert world.iso.membership_of(world.niilo).is_waiting is True
    assert letters() == []


@pytest.mark.parametrize("again", ["approve", "refuse"])
def test_a_second_press_changes_nothing_and_mails_nobody(sign_in, world, request_of_niilo, again):
    client = sign_in(world.kaisa)
    client.post(decide("approve", request_of_niilo))
    client.post(decide(again, request_of_niilo))
    assert world.iso.membership_of(world.niilo).is_active is True
    assert letters() == [("networks.approved", "niilo@example.org")]


def test_the_coordinator_of_another_area_decides_nothing_here(sign_in, world, request_of_niilo):
    for verb in ["approve", "refuse"]:
        assert sign_in(world.kerttu).post(decide(verb, request_of_niilo)).status_code == 404
    assert world.iso.membership_of(world.niilo).is_waiting is True
    assert letters() == []


def test_a_link_in_a_letter_decides_nothing(sign_in, world, request_of_niilo):
    client = sign_in(world.kaisa)
    for verb in ["approve", "refuse"]:
        assert client.get(decide(verb, request_of_niilo)).status_code == 405
    assert world.iso.membership_of(world.niilo).is_waiting is True


def test_the_answer_comes_in_the_persons_own_language(sign_in, world, request_of_niilo):
    world.niilo.introduce(language="sv")
    sign_in(world.kaisa).post(decide("approve", request_of_niilo))
    letter = Delivery.objects.get()
    assert letter.language == "sv"
    assert "/sv/" in letter.text


def test_whoever_was_refused_may_ask_again(sign_in, world, request_of_niilo, now):
    request_of_niilo.refuse(now, by=world.kaisa)
    sign_in(world.niilo).post(url("join", world.iso))
    assert world.iso.membership_of(world.niilo).is_waiting is True
    assert world.niilo.memberships.count() == 2


# leaving


def test_a_member_leaves(sign_in, world):
    answer = sign_in(world.aino).post(url("leave", world.iso))
    assert (answer.status_code, answer["Location"]) == (302, reverse("contacts:me"))
    assert world.iso.membership_of(world.aino) is None
    assert world.aino.memberships.get().left_at is not None


def test_a_request_is_taken_back(sign_in, world, request_of_niilo):
    sign_in(world.niilo).post(url("leave", world.iso))
    assert world.iso.membership_of(world.niilo) is None


def test_one_leaves_only_for_oneself(sign_in, client, world):
    assert sign_in(world.niilo).post(url("leave", world.iso)).status_code == 404
    client.logout()
    assert client.post(url("leave", world.iso)).status_code == 302
    assert world.iso.membership_of(world.aino).is_active is True


def test_nobody_leaves_by_looking(sign_in, world):
    assert sign_in(world.aino).get(url("leave", world.iso)).status_code == 405
    assert world.iso.membership_of(world.aino).is_active is True


def test_many_requests_ask_no_more_than_one(sign_in, world, queries, request_of_niilo, now):
    from contacts.models import User

    sign_in(world.kaisa)
    one = queries(reverse("networks:request-list"))
    for number in range(24):
        person = User.objects.create_user(f"p{number}@example.org", organisation=world.employer)
        world.iso.receive_request(person, now=now)
    assert queries(reverse("networks:request-list")) == one


def test_a_member_of_another_area_waits_for_the_coordinator_of_an_open_network(sign_in, world):
    sign_in(world.eetu).post(reverse("networks:network-join", args=[world.iso.slug]))
    assert world.iso.membership_of(world.eetu).is_waiting is True


def test_a_reason_that_is_too_long_comes_back_as_it_was_written(sign_in, world, request_of_niilo):
    reason = "Perustelu. " * 100
    answer = sign_in(world.kaisa).post(decide("refuse", request_of_niilo), {"reason": reason})
    request_of_niilo.refresh_from_db()
    assert (answer.status_code, answer.context["reason"], request_of_niilo.is_waiting) == (422, reason, True)
    assert reason in answer.content.decode()
