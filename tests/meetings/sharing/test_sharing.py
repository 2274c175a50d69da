"""Ready words for Teams and Facebook: what everybody may read holds no link for joining and no e-mail, ever."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, SignUp
from meetings.sharing import text as sharing
from networks.models import Network
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY

LANGUAGES = ["fi", "sv", "en"]
COMING = reverse("admin:meetings_meeting_ready_coming")


def texts(client, meeting, language="fi"):
    page = client.get(reverse("admin:meetings_meeting_ready", args=[meeting.pk]), {"language": language})
    return page.context["texts"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_members_get_the_link_and_everybody_the_page_with_the_time_in_words(world, sign_in, make_meeting, language):
    meeting = make_meeting(starts_at=timezone.now().replace(year=2027, month=1, day=20, hour=11, minute=0, second=0))
    meeting.publish(timezone.now())
    words = {"fi": "ke 20.1.2027 klo 13", "sv": "ons 20.1.2027 kl. 13", "en": "Wed 20 January 2027, 13:00"}[language]
    found = texts(sign_in(world.kaisa), meeting, language)
    for text in found.values():
        assert meeting.title in text and words in text and f"/{meeting.slug}/" in text
    assert found["members"].count(CANARY) == 1
    assert_not_leaked(CANARY, found["everybody"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_everybody_never_hold_a_link_or_an_address_whatever_was_written(make_meeting, language):
    secret = "https://teams.example.net/l/meetup-join/abc"
    dirty = f"Liity {secret} tai {CANARY} tai www.zoom.example/j/1, kysy aino.jasen@example.org (mailto:a@b.example)"
    meeting = make_meeting(title=f"Tapaaminen {CANARY}", summary=dirty, place_name=dirty[:120], town="x@example.org")
    meeting.publish(timezone.now())
    written = [sharing.of_meeting(meeting, language, False), sharing.of_coming([meeting], language, False)]
    for text in written:
        assert meeting.get_absolute_url().split("/")[-2] in text
        for bad in ("@", "teams.example.net", "zoom", "kokous.example.org", "meetup-join", "mailto"):
            assert_not_leaked(bad, text)


def test_a_meeting_that_not_everybody_may_see_has_no_words_for_everybody(world, sign_in, make_meeting):
    client = sign_in(world.kaisa)
    for visibility in (Meeting.MEMBERS, Meeting.NETWORK):
        meeting = make_meeting(visibility=visibility)
        meeting.publish(timezone.now())
        found = texts(client, meeting)
        assert found["everybody"] == "" and CANARY in found["members"]
    assert texts(client, make_meeting())["everybody"] == "", "a draft"


def test_with_sign_up_the_link_is_for_those_with_a_place(world, sign_in, make_training):
    rules = make_training(mode=Meeting.ONLINE, open_to=SignUp.MEMBERS)
    found = texts(sign_in(world.kaisa), rules.meeting)
    for text in found.values():
        assert reverse("meetings:signup", args=[rules.meeting.slug]) in text
        assert_not_leaked(CANARY, text)


def test_a_cancelled_meeting_says_so_and_leads_nowhere(make_meeting):
    meeting = make_meeting()
    meeting.publish(timezone.now())
    meeting.cancel(timezone.now(), notify=False)
    assert_not_leaked(CANARY, sharing.of_meeting(meeting, "fi", True))


def test_the_page_warns_works_without_javascript_and_writes_nothing(world, sign_in, meeting):
    page = sign_in(world.kaisa).get(reverse("admin:meetings_meeting_ready", args=[meeting.pk]))
    assert page.text.count('class="desk-banner"') == 1
    assert page.text.count(" readonly ") == 2 and page.text.count("data-copy=") == 2
    change = sign_in(world.kaisa).get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    assert reverse("admin:meetings_meeting_ready", args=[meeting.pk]) in [
        s["url"] for s in change.context["page_links"]
    ]


def test_the_coming_weeks_hold_what_comes_and_for_everybody_only_what_everybody_may_see(world, sign_in, make_meeting):
    Network.objects.filter(pk=world.closed.pk).update(visibility=Network.CLOSED)
    soon = make_meeting(days=10, title="Pian kaikille")
    members = make_meeting(days=12, title="Pian jäsenille", visibility=Meeting.MEMBERS)
    closed = make_meeting(days=14, title="Suljetun oma", visibility=Meeting.NETWORK, networks=[world.closed])
    later = make_meeting(days=40, title="Myöhemmin kaikille")
    for meeting in (soon, members, closed, later):
        meeting.publish(timezone.now())
    make_meeting(days=11, title="Luonnos")
    client = sign_in(world.kaisa)

    def titles(**asked):
        found = client.get(COMING, asked).context["texts"]
        every = ["Pian kaikille", "Pian jäsenille", "Suljetun oma", "Myöhemmin kaikille", "Luonnos"]
        return [[title for title in every if title in found[which]] for which in ("members", "everybody")]

    assert titles() == [["Pian kaikille", "Pian jäsenille"], ["Pian kaikille"]]
    assert titles(weeks="8") == [
        ["Pian kaikille", "Pian jäsenille", "Myöhemmin kaikille"],
        ["Pian kaikille", "Myöhemmin kaikille"],
    ]
    assert titles(network="perus") == [["Suljetun oma"], []]
    assert titles(weeks="900", network="muu", language="xx") == titles()
    found = client.get(COMING).context["texts"]
    assert CANARY in found["members"]
    assert_not_leaked(CANARY, found["everybody"])


def test_when_nothing_comes_the_page_says_so(world, sign_in):
    page = sign_in(world.kaisa).get(COMING)
    assert page.context["texts"] == {"members": "", "everybody": ""}
    assert "<textarea" not in page.text


@pytest.mark.parametrize(("who", "code"), [("aino", 302), ("niilo", 302), ("kerttu", 404)])
def test_others_read_no_ready_text(world, sign_in, meeting, who, code):
    client = sign_in(getattr(world, who))
    assert client.get(reverse("admin:meetings_meeting_ready", args=[meeting.pk])).status_code == code
    page = client.get(COMING)
    assert page.status_code == (302 if code == 302 else 200)
    assert_not_leaked(meeting.title, page)


def test_the_coming_words_ask_as_often_for_many_as_for_one(world, make_meeting, django_assert_max_num_queries):
    for days in range(1, 15):
        make_meeting(days=days).publish(timezone.now())
    with django_assert_max_num_queries(3):
        meetings = sharing.coming(world.kaisa, None, timezone.now(), 8)
        sharing.of_coming(meetings, "fi", True)
    assert meetings[0].starts_at < timezone.now() + timedelta(days=2)
