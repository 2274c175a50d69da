"""Reminders on the desk: the timeline of a meeting and of a network is seen and changed by its coordinator alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import ReminderRule
from meetings.models.reminder_rule import USUAL
from tests.meetings.conftest import hand_over

STEPS = ["invitation", "unanswered", "coming", "thanks"]


def page_of(meeting):
    return reverse("admin:meetings_meeting_reminders", args=[meeting.pk])


def page_of_network(network):
    return reverse("admin:meetings_meeting_timeline", args=[network.pk])


def typed(**changes):
    """The form as it stands for the usual timeline, with changes."""
    facts = {f"{step}_days": USUAL[step].days for step in STEPS} | {f"{step}_hour": 9 for step in STEPS}
    return facts | {f"{step}_on": "on" for step in STEPS} | changes


def without(name, **changes):
    return {key: value for key, value in typed(**changes).items() if key != name}


@pytest.fixture
def far(make_meeting):
    made = make_meeting(days=40)
    made.publish(timezone.now())
    return made


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


def rules(**owner):
    found = ReminderRule.objects.filter(**owner).order_by("pk")
    return [(rule.step, rule.is_on, rule.days, rule.hour) for rule in found]


def test_the_meeting_shows_its_four_steps_with_the_people_behind_them(kaisa, far):
    for page in (reverse("admin:meetings_meeting_change", args=[far.pk]), page_of(far)):
        lines = kaisa.get(page).context["lines"]
        assert [(line.plan.step, line.state, len(line.people)) for line in lines] == [
            ("invitation", "waits", 2),
            ("unanswered", "waits", 0),
            ("coming", "waits", 0),
            ("thanks", "waits", 0),
        ]
    assert "aino@example.org" in kaisa.get(page_of(far)).text


def test_an_invitation_that_is_still_held_waits_and_tells_for_whom(noon, kaisa, far):
    far.invite(timezone.now())
    line = kaisa.get(page_of(far)).context["lines"][0]
    assert (line.state, len(line.people)) == ("waits", 2)
    hand_over()
    line = kaisa.get(page_of(far)).context["lines"][0]
    assert (line.state, len(line.people)) == ("left", 2)


def test_a_meeting_gets_a_timeline_of_its_own_and_follows_the_network_again(kaisa, far):
    page = page_of(far)
    assert kaisa.post(page, without("invitation_on", coming_hour=15)).url == page
    assert rules(meeting=far) == [("invitation", False, 21, 9), ("coming", True, 1, 15)]
    assert kaisa.get(page).context["has_own"]
    kaisa.post(page, {"_follow": "1"})
    assert rules(meeting=far) == []


def test_what_is_not_changed_follows_the_network(kaisa, far, world):
    kaisa.post(page_of(far), typed(coming_days=2))
    kaisa.post(page_of_network(world.iso), typed(coming_days=3, unanswered_days=10))
    timeline = ReminderRule.objects.timeline_of(far)
    assert (timeline["coming"].days, timeline["unanswered"].days) == (2, 10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"coming_hour": 6},
        {"coming_hour": 21},
        {"coming_days": 0},
        {"invitation_days": 61},
        {"thanks_days": 14},
        {"unanswered_days": ""},
        {"unanswered_days": 30},
    ],
)
def test_a_wrong_timeline_is_refused_with_words_and_nothing_is_kept(kaisa, far, wrong):
    answer = kaisa.post(page_of(far), typed(**wrong))
    assert answer.status_code == 200 and answer.context["form"].errors
    assert ReminderRule.objects.count() == 0


def test_what_is_turned_off_may_stand_anywhere(kaisa, far):
    kaisa.post(page_of(far), without("unanswered_on", unanswered_days=30))
    assert rules(meeting=far) == [("unanswered", False, 30, 9)]


def test_looking_changes_nothing(kaisa, far, world):
    for page in (page_of(far), page_of_network(world.iso), reverse("admin:meetings_meeting_timelines")):
        assert kaisa.get(page).status_code == 200
    assert ReminderRule.objects.count() == 0


@pytest.mark.parametrize("who", ["kerttu", "aino", None])
def test_nobody_else_sees_or_changes_a_timeline(client, world, far, who):
    if who:
        client.force_login(getattr(world, who))
    for page in (page_of(far), page_of_network(world.iso)):
        codes = {client.get(page).status_code, client.post(page, without("coming_on")).status_code}
        assert codes == ({404} if who == "kerttu" else {302})
    assert ReminderRule.objects.count() == 0


def test_the_list_names_only_the_networks_of_the_own_area(client, world):
    client.force_login(world.kerttu)
    rows = client.get(reverse("admin:meetings_meeting_timelines")).context["rows"]
    assert [row["network"] for row in rows] == [world.elsewhere]


def test_publishing_quietly_says_when_the_invitations_leave_by_themselves(kaisa, make_meeting):
    publish, quiet = "admin:meetings_meeting_publish", {"_quiet": "1"}
    for days, tells in ((40, True), (10, False)):
        draft = make_meeting(days=days)
        page = reverse(publish, args=[draft.pk])
        assert bool(kaisa.get(page).context["notice"]) is tells
        answer = kaisa.post(page, quiet, follow=True)
        assert (len(str(next(iter(answer.context["messages"])))) > 60) is tells


def test_the_page_asks_as_often_for_many_people_as_for_few(kaisa, far, django_assert_max_num_queries):
    kaisa.get(page_of(far))
    with django_assert_max_num_queries(25) as first:
        kaisa.get(page_of(far))
    for number in range(25):
        far.participations.create(
            email=f"vieras{number}@example.org", is_guest=True, asked_at=timezone.now() - timedelta(days=3)
        )
    with django_assert_max_num_queries(len(first)):
        kaisa.get(page_of(far))
