"""Answering: from the letter without signing in, and on the page; a look changes nothing, the button answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign
from meetings.models import MeetingCancelled, MeetingOver, NotInvited, Participation
from tests.leaks import assert_not_leaked


@pytest.fixture
def aino(meeting, world):
    return meeting.participations.get(user=world.aino)


@pytest.fixture
def link(aino):
    return reverse("meetings:answer", args=[sign("answer", aino.pk)])


def answer_of(participation):
    return Participation.objects.filter(pk=participation.pk).values().get()


# by the link of the letter


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("query", [{}, {"answer": "yes"}, {"answer": "no"}, {"answer": "<script>"}])
def test_looking_changes_nothing(client, aino, link, method, query):
    before = answer_of(aino)
    assert getattr(client, method)(link, query).status_code == 200
    assert answer_of(aino) == before


def test_the_button_answers_and_a_later_answer_takes_its_place(client, aino, link):
    for answer in ("yes", "no", "maybe"):
        assert client.post(link, {"answer": answer}).status_code == 302
        kept = Participation.objects.get(pk=aino.pk)
        assert (kept.answer, kept.answered_via) == (answer, "link")


def test_the_page_of_a_link_is_neither_kept_nor_told_to_others(client, link):
    page = client.get(link)
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("answer", ["", "kyllä", "YES"])
def test_an_unknown_answer_is_refused_in_words_and_what_was_typed_stays(client, aino, link, answer):
    before = answer_of(aino)
    page = client.post(link, {"answer": answer, "comment": "Tulen myöhässä"})
    assert page.status_code == 422
    assert page.context["form"].errors["answer"]
    assert "Tulen myöhässä" in page.text
    assert answer_of(aino) == before


def test_a_cut_altered_or_foreign_link_says_so_and_gives_nothing(client, aino, meeting):
    good = sign("answer", aino.pk)
    for bad in (good[:-3], "x" + good, sign("unsubscribe", aino.pk), sign("answer", 999_999), "x"):
        page = client.get(reverse("meetings:answer", args=[bad]))
        assert page.status_code == 404
        assert_not_leaked(meeting.title, page)
        assert client.post(reverse("meetings:answer", args=[bad]), {"answer": "yes"}).status_code == 404
    assert answer_of(aino)["answer"] == ""


def test_the_link_dies_with_the_membership(client, world, aino, link):
    world.aino.memberships.get(network=world.iso).leave(now=timezone.now())
    assert client.get(link).status_code == 404
    assert client.post(link, {"answer": "yes"}).status_code == 404
    assert answer_of(aino)["answer"] == ""


def test_the_link_dies_with_the_account(client, world, aino, link):
    world.aino.is_active = False
    world.aino.save()
    assert client.post(link, {"answer": "yes"}).status_code == 404


def test_a_guest_without_an_account_answers_by_the_link(client, meeting):
    guest = Participation(meeting=meeting, name="Vieras", email="vieras@example.org")
    guest.list_as_guest(timezone.now())
    link = reverse("meetings:answer", args=[sign("answer", guest.pk)])
    assert client.post(link, {"answer": "maybe"}).status_code == 302
    assert answer_of(guest)["answer"] == "maybe"


def test_a_cancelled_meeting_takes_no_answers_and_says_why(client, meeting, aino, link):
    meeting.cancel(timezone.now(), "Kouluttaja on sairastunut.")
    page = client.get(link, {"answer": "yes"})
    assert "Kouluttaja on sairastunut." in page.text
    assert 'name="answer"' not in page.text
    client.post(link, {"answer": "yes"})
    assert answer_of(aino)["answer"] == ""


def test_a_past_meeting_takes_no_answers(client, meeting, aino, link):
    meeting.move(timezone.now() - timedelta(hours=3), timezone.now() - timedelta(hours=1), timezone.now())
    assert client.get(link).context["is_closed"] is True
    page = client.post(link, {"answer": "yes"}, follow=True)
    assert answer_of(aino)["answer"] == ""
    assert str(MeetingOver()) in page.text


def test_after_a_move_the_page_asks_again(client, meeting, aino, link):
    client.post(link, {"answer": "yes"})
    meeting.move(meeting.starts_at + timedelta(hours=1), meeting.ends_at + timedelta(hours=1), timezone.now())
    assert client.get(link).context["participation"].is_answer_current is False


# on the meeting's page


def test_a_member_answers_on_the_page(client, world, meeting):
    client.force_login(world.aino)
    address = reverse("meetings:meeting-answer", args=[meeting.slug])
    page = client.post(address, {"answer": "yes", "comment": ""}, follow=True)
    assert page.redirect_chain[-1][0] == meeting.get_absolute_url()
    kept = meeting.participations.get(user=world.aino)
    assert (kept.answer, kept.answered_via, kept.answered_sequence) == ("yes", "web", 0)


def test_a_member_who_joined_after_publishing_answers_too(client, world, meeting):
    world.iso.take_in(world.niilo, now=timezone.now())
    client.force_login(world.niilo)
    client.post(reverse("meetings:meeting-answer", args=[meeting.slug]), {"answer": "no"})
    assert meeting.participations.get(user=world.niilo).answer == "no"


@pytest.mark.parametrize("who", ["niilo", "eetu", "kerttu", "kaisa"])
def test_nobody_answers_to_a_meeting_that_is_for_others(client, world, meeting, who):
    client.force_login(getattr(world, who))
    address = reverse("meetings:meeting-answer", args=[meeting.slug])
    assert client.post(address, {"answer": "yes"}).status_code == 404
    assert "form" not in client.get(meeting.get_absolute_url()).context
    with pytest.raises(NotInvited):
        meeting.take_answer(getattr(world, who), "yes", now=timezone.now())
    assert not meeting.participations.exclude(answer="").exists()


def test_a_visitor_is_asked_to_sign_in_and_answering_is_never_a_get(client, world, meeting):
    address = reverse("meetings:meeting-answer", args=[meeting.slug])
    assert client.post(address, {"answer": "yes"}).status_code == 302
    client.force_login(world.aino)
    assert client.get(address).status_code == 405


def test_an_invalid_answer_on_the_page_keeps_what_was_typed(client, world, meeting):
    client.force_login(world.aino)
    page = client.post(reverse("meetings:meeting-answer", args=[meeting.slug]), {"answer": "", "comment": "Ehkä"})
    assert (page.status_code, page.context["form"]["comment"].value()) == (422, "Ehkä")


def test_the_page_refuses_an_answer_to_a_cancelled_meeting_in_words(client, world, meeting):
    meeting.cancel(timezone.now())
    client.force_login(world.aino)
    page = client.post(reverse("meetings:meeting-answer", args=[meeting.slug]), {"answer": "yes"}, follow=True)
    assert str(MeetingCancelled()) in page.text
    assert meeting.participations.get(user=world.aino).answer == ""
