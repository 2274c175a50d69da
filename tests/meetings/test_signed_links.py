"""Links in letters after their reader has left: an account that was closed, a membership that ended."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from lib.tokens import sign
from meetings.models import (
    CalendarKey,
    Certificate,
    CertificateRule,
    Meeting,
    Participation,
    SignUp,
    SignUpRequest,
    sign_up,
)
from meetings.models.attendance import mark_present
from meetings.models.certificate import entitled, issue_all
from meetings.tasks import send_signup_letters
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY, parsed, text_of


def own_url(person):
    return reverse("meetings:signup-own", args=[sign("meetings.signup", person.pk)])


@pytest.fixture
def closed_training(make_training):
    """Sign-up for the members of one network: who is not of it does not see the meeting."""
    return make_training(open_to=SignUp.MEMBERS, visibility=Meeting.NETWORK, mode=Meeting.ONLINE)


@pytest.fixture
def placed(closed_training, world):
    """Aino has a place in it."""
    person = closed_training.meeting.participations.get(user=world.aino)
    sign_up(closed_training, person, timezone.now(), "web", "", {}, [])
    return person


def leave_network(person):
    person.user.memberships.get().leave(timezone.now())


def close_account(person):
    User.objects.filter(pk=person.user_id).update(is_active=False)


LEAVING = [leave_network, close_account]


def again(person):
    """The row as the next request reads it."""
    return Participation.objects.select_related("user", "meeting__signup").get(pk=person.pk)


@pytest.mark.parametrize("depart", LEAVING)
def test_an_old_link_shows_no_link_for_joining_on_either_verb(client, placed, depart):
    """Real use 8: who left the network, or whose account was closed, reads no link, with a place and without."""
    assert CANARY in client.get(own_url(placed)).content.decode()
    depart(placed)
    page = client.get(own_url(placed))
    assert page.status_code == 200
    assert_not_leaked(CANARY, page.content.decode())
    for button in ("join", "accept", "bring"):
        assert_not_leaked(CANARY, client.post(own_url(placed), {button: "1"}, follow=True).content.decode())
    assert not placed.meeting.may_see_link(User.objects.get(pk=placed.user_id))
    assert not Meeting.objects.inside_for(User.objects.get(pk=placed.user_id)).exists()


@pytest.mark.parametrize("depart", LEAVING)
def test_a_place_can_be_given_up_by_who_has_left_and_not_taken_again(client, placed, depart):
    """Real use 8: leaving works for everybody; joining by the old link for nobody who has left."""
    depart(placed)
    answer = client.post(own_url(placed), {"leave": "1"})
    assert (answer.status_code, again(placed).is_signed_up) == (200, False)
    assert "Et ole enää ilmoittautunut" in answer.content.decode()
    answers = [client.get(own_url(placed)), client.post(own_url(placed), {"join": "1"})]
    assert ([each.status_code for each in answers], again(placed).is_signed_up) == ([404, 404], False)


def test_who_left_the_network_takes_no_place_in_a_public_training_for_members(client, make_training, world):
    """Real use 8: the page is shown to everybody, the places are for members: the old link takes none."""
    training = make_training(open_to=SignUp.MEMBERS)
    person = training.meeting.participations.get(user=world.aino)
    leave_network(person)
    assert 'name="join"' not in client.get(own_url(person)).content.decode()
    assert client.post(own_url(person), {"join": "1"}).status_code == 302
    assert not again(person).is_signed_up


def test_an_offer_is_not_taken_by_who_has_left(client, make_training, world, crowd):
    """Real use 8: a turn in line kept from before opens no place."""
    training = make_training(capacity=1, open_to=SignUp.MEMBERS)
    first, person = (training.meeting.participations.get(user=user) for user in (world.matti, world.aino))
    for each in (first, person):
        sign_up(training, each, timezone.now(), "web", "", {}, [])
    training.release_place(first, timezone.now(), "web")
    leave_network(person)
    client.post(own_url(person), {"accept": "1"})
    assert not again(person).has_place


@pytest.mark.parametrize("depart", LEAVING)
def test_letters_hold_no_link_for_who_has_left_in_between(noon, placed, depart):
    """Real use 8: the letter of a place that was given before the membership ended holds no link either."""
    depart(placed)
    send_signup_letters()
    send_queued()
    for message in mail.outbox:
        assert_not_leaked(CANARY, message.message().as_bytes())
    assert len(mail.outbox) == (depart is leave_network)


def test_a_colleague_signed_up_by_a_member_has_the_link_as_long_as_the_member_may(noon, client, placed, world):
    """Real use 8: the one who signed a colleague up answers for the colleague."""
    rules = placed.meeting.signup
    SignUp.objects.update(capacity=None)
    sign_up(rules, placed, timezone.now(), "web", "", {}, [("Kalle", "kalle@example.org")])
    colleague = placed.meeting.participations.get(email="kalle@example.org")
    send_signup_letters()
    send_queued()
    assert CANARY in text_of(parsed(next(each for each in mail.outbox if "kalle" in each.to[0])))
    assert CANARY in client.get(own_url(colleague)).content.decode()
    leave_network(placed)
    assert_not_leaked(CANARY, client.get(own_url(colleague)).content.decode())


def test_a_sign_up_is_not_confirmed_once_the_meeting_is_for_members(client, training):
    """Real use 8: the letter's link stood for an open sign-up; closed since then, it opens nothing."""
    now = timezone.now()
    SignUpRequest.objects.ask(training, "virpi@example.org", now, name="Virpi")
    url = reverse("meetings:signup-confirm", args=[sign("meetings.confirm", SignUpRequest.objects.get().pk)])
    assert client.get(url).status_code == 200
    SignUp.objects.update(open_to=SignUp.MEMBERS)
    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    SignUp.objects.update(open_to=SignUp.ANYBODY)
    Meeting.objects.update(visibility=Meeting.MEMBERS)
    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]


def test_a_closed_account_confirms_no_place_for_itself(client, training, world):
    """Real use 8: the address of a closed account stands for that account, and takes no place by a letter."""
    training.meeting.participations.create(user=world.vaino)
    SignUpRequest.objects.ask(training, world.vaino.email, timezone.now(), name="Väinö")
    url = reverse("meetings:signup-confirm", args=[sign("meetings.confirm", SignUpRequest.objects.get().pk)])
    client.post(url)
    assert not training.meeting.participations.signed_up().exists()


def test_links_of_a_closed_account_open_neither_answer_nor_feedback_nor_certificate(client, meeting, world):
    """Real use 8: every link that speaks for an account asks whether the account is open."""
    person = meeting.participations.get(user=world.aino)
    mark_present(person, timezone.now())
    CertificateRule.objects.create(meeting=meeting)
    issue_all(entitled(), timezone.now())
    urls = [
        reverse("meetings:answer", args=[sign("answer", person.pk)]),
        reverse("meetings:feedback", args=[sign("meetings.feedback", person.pk)]),
        reverse("meetings:certificate-pdf", args=[sign("meetings.certificate", Certificate.objects.get().pk)]),
    ]
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    close_account(person)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    posted = {"answer": "yes", "grade": "5"}
    assert [client.post(url, posted).status_code for url in urls[:2]] == [404, 404]


def test_the_answer_of_a_former_member_is_not_taken(client, meeting, world):
    """Real use 8: by link and by calendar."""
    person = meeting.participations.get(user=world.aino)
    url = reverse("meetings:answer", args=[sign("answer", person.pk)])
    leave_network(person)
    assert [client.get(url).status_code, client.post(url, {"answer": "yes"}).status_code] == [404, 404]


def test_ones_own_calendar_holds_the_link_of_a_training_only_with_a_place(client, closed_training, world):
    """Real use 8: the feed is a link that speaks too."""
    secret = CalendarKey.renew(world.aino, timezone.now())
    url = reverse("meetings:own-feed", args=[secret])
    page = client.get(url)
    assert closed_training.meeting.uid in page.content.decode()
    assert_not_leaked(CANARY, page.content)
    person = closed_training.meeting.participations.get(user=world.aino)
    sign_up(closed_training, person, timezone.now() + timedelta(seconds=1), "web", "", {}, [])
    fresh = client.get(url, headers={"If-None-Match": page["ETag"]})
    assert fresh.status_code == 200
    with pytest.raises(AssertionError):
        assert_not_leaked(CANARY, fresh)
