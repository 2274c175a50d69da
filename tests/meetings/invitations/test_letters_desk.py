"""Letters of a meeting on the desk: the bar that sends or recalls, the log, several meetings invited in one press."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Dispatch, Letter, Meeting
from outbox.models import Delivery
from tests.meetings.conftest import hand_over
from tests.meetings.invitations.test_several import eight, first_of_series, invite  # noqa: F401  fixtures


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


def url(name, meeting):
    return reverse(f"admin:meetings_meeting_{name}", args=[meeting.pk])


# the bar


def test_after_the_press_the_page_says_how_many_hear_and_when_and_offers_the_recall(kaisa, meeting, world):
    page = kaisa.get(url("change", meeting))
    assert page.context["held"] == []
    kaisa.post(url("invite", meeting), {"_tell": "1"})
    page = kaisa.get(url("change", meeting))
    (row,) = page.context["held"]
    assert (len(row["people"]), row["dispatch"].by) == (2, world.kaisa)
    assert 'name="recall" value="invite"' in page.text
    # outside the meeting's form: a press of the enter key in a field must not send letters
    assert page.text.index("desk-held") < page.text.index('id="meeting_form"')


def test_the_bar_changes_nothing_by_being_looked_at(kaisa, meeting):
    meeting.invite(timezone.now())
    before = list(Dispatch.objects.values())
    kaisa.get(url("change", meeting))
    kaisa.get(url("letters", meeting))
    assert list(Dispatch.objects.values()) == before


def test_recall_and_send_now_by_the_buttons(kaisa, meeting, world, send):
    meeting.invite(timezone.now())
    page = kaisa.post(url("letters", meeting), {"recall": "invite"}, follow=True)
    assert page.context["held"] == []
    dispatch = Dispatch.objects.get()
    assert (dispatch.recalled_by, dispatch.left_at) == (world.kaisa, None)
    assert send() == []
    meeting.invite(timezone.now())
    kaisa.post(url("letters", meeting), {"send": "1"})
    assert Dispatch.objects.open().get().leaves_at <= timezone.now()


def test_too_late_is_said_in_words(kaisa, meeting, send):
    meeting.invite(timezone.now())
    assert len(send()) == 2
    page = kaisa.post(url("letters", meeting), {"recall": "invite"}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    page = kaisa.post(url("letters", meeting), {"send": "1"}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_recalled_cancellation_is_taken_back_on_the_desk(kaisa, meeting, send):
    meeting.invite(timezone.now())
    send()
    kaisa.post(url("cancel", meeting), {"_tell": "1", "reason": "Väärä nappi"})
    kaisa.post(url("letters", meeting), {"recall": "cancel"})
    meeting.refresh_from_db()
    assert not meeting.is_cancelled
    assert send() == []


def test_a_foreign_coordinator_neither_sees_nor_recalls(client, world, meeting):
    meeting.invite(timezone.now())
    client.force_login(world.kerttu)
    assert client.get(url("letters", meeting)).status_code == 404
    assert client.post(url("letters", meeting), {"recall": "invite"}).status_code == 404
    assert Dispatch.objects.open().count() == 1


# the log


def test_the_log_lists_each_letter_with_its_fate_and_leads_to_it(kaisa, meeting, world, send):
    assert kaisa.get(url("letters", meeting)).status_code == 200
    meeting.invite(timezone.now(), by=world.kaisa)
    send()
    Delivery.objects.filter(recipient="matti@example.org").update(bounced_at=timezone.now())
    meeting.notify(timezone.now())
    hand_over()
    page = kaisa.get(url("letters", meeting))
    rows = {(str(row.participation), row.kind, str(row.delivery.state), row.tone) for row in page.context["page"]}
    assert rows == {
        ("Aino Jäsen", "meeting-invitation", "sent", "good"),
        ("Matti Yhteyshenkilö", "meeting-invitation", "bounced", "bad"),
        ("Aino Jäsen", "meeting-update", "waiting", "wait"),
        ("Matti Yhteyshenkilö", "meeting-update", "waiting", "wait"),
    }
    letter = Delivery.objects.first()
    assert reverse("admin:outbox_delivery_change", args=[letter.pk]) in page.text
    assert [dispatch.by for dispatch in page.context["dispatches"]] == [None, world.kaisa]


def test_the_log_of_one_person(kaisa, meeting, world, send, make_meeting):
    meeting.invite(timezone.now())
    send()
    own = meeting.participations.get(user=world.aino)
    page = kaisa.get(url("letters", meeting), {"person": own.pk})
    assert [row.participation for row in page.context["page"]] == [own]
    for wrong in ("x", "0", "9" * 30):
        assert kaisa.get(url("letters", meeting), {"person": wrong}).status_code == 404
    other = make_meeting()
    assert kaisa.get(url("letters", other), {"person": own.pk}).status_code == 404


def test_the_log_asks_the_same_number_of_questions_for_one_and_for_many(
    kaisa, meeting, send, django_assert_max_num_queries
):
    for n in range(25):
        meeting.participations.create(email=f"vieras{n}@example.org", is_guest=True)
    meeting.invite(timezone.now())
    send()
    with django_assert_max_num_queries(14):
        kaisa.get(url("letters", meeting))


# several at once


def together(**query):
    return reverse("admin:meetings_meeting_together") + "?" + "&".join(f"{key}={value}" for key, value in query.items())


def test_chosen_meetings_are_published_and_their_people_invited_in_one_press(kaisa, make_meeting, world, send):
    made = [make_meeting(days=days) for days in (7, 14, 21)]
    made[2].publish(timezone.now())
    made[2].invite(timezone.now())
    send()
    past = make_meeting(days=-7)
    pks = [meeting.pk for meeting in [*made, past]]
    answer = kaisa.post(
        reverse("admin:meetings_meeting_changelist"), {"action": "publish_and_invite", "_selected_action": pks}
    )
    page = kaisa.get(answer.url)
    assert (page.context["meetings"], page.context["left_out"]) == (made, [past])
    assert [(str(each["person"]), each["meetings"]) for each in page.context["people"]] == [
        ("Aino Jäsen", made[:2]),
        ("Matti Yhteyshenkilö", made[:2]),
    ]
    assert Meeting.objects.filter(published_at=None).count() == 3  # nothing has happened yet
    kaisa.post(answer.url, {"_tell": "1"})
    assert list(Meeting.objects.filter(published_at=None)) == [past]
    assert len(send()) == 2
    assert Letter.objects.filter(delivery__kind="meeting-several").count() == 4


def test_a_series_is_published_quietly_or_with_invitations_and_recalled_as_a_whole(
    kaisa,
    first_of_series,  # noqa: F811
    send,
):
    series, meetings = first_of_series
    page = kaisa.get(reverse("admin:meetings_meetingseries_change", args=[series.pk]))
    assert together(series=series.pk) in page.text
    kaisa.post(together(series=series.pk), {"_quiet": "1"})
    assert Dispatch.objects.count() == 0
    kaisa.post(together(series=series.pk), {"_tell": "1"})
    page = kaisa.get(reverse("admin:meetings_meetingseries_change", args=[series.pk]))
    (row,) = page.context["held"]
    assert (row["meetings"], len(row["people"])) == (8, 2)
    assert kaisa.get(url("change", meetings[0])).context["series_waits"]
    buttons = reverse("admin:meetings_meetingseries_letters", args=[series.pk])
    assert kaisa.get(buttons).status_code == 405
    kaisa.post(buttons, {"recall": "invite"})
    assert Dispatch.objects.open().count() == 0
    assert send() == []
    page = kaisa.post(buttons, {"recall": "invite"}, follow=True)
    assert [message.level_tag for message in page.context["messages"]][-1] == "error"


def test_only_own_meetings_are_chosen_and_nonsense_is_not_there(client, world, eight):  # noqa: F811
    client.force_login(world.kerttu)
    assert client.get(together(meetings=eight[0].pk)).status_code == 404
    client.force_login(world.kaisa)
    for query in ({}, {"meetings": "x"}, {"series": "9" * 30}, {"meetings": "9" * 30}):
        assert client.get(together(**query)).status_code == 404
